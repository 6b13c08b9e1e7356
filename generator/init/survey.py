"""Everything `init` detects in a repository."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.errors import Problem
from generator.frameworks import Framework
from generator.init import packages, stages, templates
from generator.init.application_template import Choice
from generator.init.names import service_name
from generator.init.remotes import Hosts, Remote, repository_name, source_of
from generator.init.stages import Stages
from generator.init.templates import Templates
from generator.repository import git
from generator.repository.files import Repository

# Git guarantees the rest of what a branch name must be.
_BRANCH = re.compile(r"[A-Za-z0-9._/@+#=-]{1,255}")
# Frameworks by the file that shows them: their words in a pipeline file, and their names.
_CDK = "cdk"
_FRAMEWORKS: Mapping[str, tuple[str, str]] = {
    "cdk.json": (_CDK, "the AWS CDK"),
    "serverless.json": ("serverless", "the Serverless Framework"),
    "serverless.ts": ("serverless", "the Serverless Framework"),
    "serverless.yaml": ("serverless", "the Serverless Framework"),
    "serverless.yml": ("serverless", "the Serverless Framework"),
}
_CHALICE = ".chalice/config.json"
# More of them say nothing new.
_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Source:
    """The source to write: its kind, its settings, and in words the reason."""

    kind: str
    settings: Mapping[str, Any]
    because: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What a repository says; `problems` are what somebody should know before going on.

    `buildspec` is one of the repository's own, which the pipeline does not use unless its file says so; empty: none.
    """

    service: str
    source: Source
    templates: Templates
    stages: Stages
    configuration: str
    expected_tests: str
    installs: tuple[str, ...]
    buildspec: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Git:
    """What git told: `top` is the repository's root (None: there is no repository)."""

    top: Path | None = None
    remote: str = ""
    branch: str = ""
    source: Remote | None = None
    trouble: str = ""


def look(
    repository: Repository, hosts: Hosts, choice: Choice, framework: Framework, services: Sequence[str] = ()
) -> Findings:
    """Look around in a repository; nothing is written and nothing is sent.

    `hosts` are those of the sources, `choice` the application's template, `framework` what it is written with;
    `services` the folders of a project that has several, which has no template then.
    """
    facts = _git(repository.root, hosts)
    named = repository_name(facts.remote) or repository.root.resolve().name
    service = service_name(named) or "service"
    app_templates = templates.find(repository, choice, framework)
    configuration = framework.own_configuration(repository)
    deployed = stages.find(configuration, service, app_templates.proposed)
    return Findings(
        service=service,
        source=_source(facts, service),
        templates=app_templates,
        stages=deployed,
        configuration=configuration.file,
        expected_tests=framework.TESTS_NAMES[0],
        installs=packages.installs(repository, {**app_templates.code, **dict.fromkeys(services, frozenset({""}))}),
        buildspec=_buildspec(repository, choice.app),
        problems=(
            *_about_git(facts, repository.root),
            *_left_aside(repository, choice.app, framework, services),
            *_left_out(repository),
            *app_templates.problems,
            *deployed.problems,
            *packages.unread(repository),
        ),
    )


def _buildspec(repository: Repository, app: str) -> str:
    folders = dict.fromkeys(("", posixpath.dirname(app)))
    names = (posixpath.join(folder, f"buildspec.{ending}") for folder in folders for ending in ("yml", "yaml"))
    return repository.first(*names) or ""


def _git(root: Path, hosts: Hosts) -> _Git:
    try:
        remote = git.remote(root)
        return _Git(git.top(root), remote, git.branch(root), source_of(remote, hosts))
    except git.NoGitError as error:
        return _Git(trouble=str(error))


def _source(facts: _Git, service: str) -> Source:
    remote = facts.source
    settings = dict(remote.settings) if remote else {"repository": service}
    if _BRANCH.fullmatch(facts.branch) and facts.branch != git.BRANCH:
        settings["branch"] = facts.branch
    if not remote:
        because = "created with the pipeline: there is no remote" if not facts.remote else "created with the pipeline"
        return Source("codecommit", settings, because)
    region = f" in {remote.region}" if remote.region else ""
    return Source(remote.kind, settings, f"the remote{region}")


def _about_git(facts: _Git, root: Path) -> Iterator[Problem]:
    if facts.trouble:
        yield Problem(f"the remote is not known: {facts.trouble}", hint="look at source:", level="warning")
    elif facts.top is None and (root / ".git").exists():
        yield Problem("git does not take this for a repository", hint="git status says why", level="warning")
    if facts.top and facts.top.resolve() != root.resolve():
        yield Problem(
            f"{root} is a folder of the repository {facts.top}, and a pipeline builds at a repository's root",
            hint=f"penstock init {facts.top}",
            level="warning",
        )
    if facts.remote and not facts.source:
        yield Problem(
            f"no source of Penstock's is behind the remote {_without_password(facts.remote)}",
            hint="the source is a new CodeCommit repository now; choose: codecommit, github, gitlab, bitbucket, s3",
            level="warning",
        )
    if facts.branch and not _BRANCH.fullmatch(facts.branch):
        yield Problem(f"branch {facts.branch} has characters that a pipeline does not take", level="warning")


def _without_password(address: str) -> str:
    return re.sub(r"(://)[^/@]*@", r"\1", address)


def _left_aside(repository: Repository, app: str, framework: Framework, services: Sequence[str]) -> Iterator[Problem]:
    """Other frameworks that the repository has files of."""
    shown = {path: _FRAMEWORKS[path.rpartition("/")[2]] for path in repository.files(*_FRAMEWORKS)}
    if repository.has(_CHALICE):
        shown[_CHALICE] = ("chalice", "Chalice")
    alone = (
        f"the pipeline delivers {app or 'the services'} alone"
        if app or services
        else f"a pipeline needs a {framework.TEMPLATE}"
    )
    inside = tuple(f"{folder}/" for folder in services)
    others = [(path, *shown[path]) for path in shown if path != app and not path.startswith(inside)]
    for path, word, name in others[:_MOST_SHOWN]:
        if word == _CDK:
            hint = f'{alone}; build: {{framework: commands, commands: ["npx cdk synth --quiet"]}} delivers this instead'
        else:
            hint = f"{alone}; build: {{framework: {word}}}, app: {{template: {path}}} delivers this instead"
        yield Problem(f"{path}: {name} is not delivered", hint=hint, level="warning")


def _left_out(repository: Repository) -> Iterator[Problem]:
    """What lies here and was not looked at, or will not be there when the pipeline builds."""
    if repository.is_vast():
        message = f"only {repository.most:,} files and folders were looked at, those nearest to the root"
        yield Problem(message, hint="name what lies deeper: penstock init --template <path>", level="warning")
    for path in repository.submodules():
        # https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
        yield Problem(
            f"{path} is a submodule, and CodePipeline does not fetch submodules",
            hint="commit what the application needs",
            level="warning",
        )
