"""How a commit is built: the framework's buildspec, the languages' versions, the unit tests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from generator.application.template import Template
from generator.compiler import kinds, lambda_compute
from generator.compiler import machine as machines
from generator.compiler.environment import plain, secrets
from generator.document import Document
from generator.errors import Problem
from generator.model.artifact import PACKAGED_PREFIX
from generator.model.build import Build, Machine
from generator.model.pipeline import App
from generator.model.tests import Tests
from generator.model.text import Text, literal
from generator.repository import assets
from generator.repository.files import Repository

FRAMEWORK = "sam"
# What a function is written in when no template says so.
LANGUAGE = "python"
_RUNTIME_LINE = re.compile(r"^([ ]*)runtime-versions: .*\n", re.MULTILINE)
_COMMANDS = "  commands:\n"
# Lambda compute lets a build write below /tmp alone; pip and npm keep theirs in HOME.
_WRITABLE_HOME = """  - export HOME="$(mktemp -d)"
  - export PATH="$HOME/.local/bin:$PATH"
"""


class Languages(NamedTuple):
    """The languages of a build with their versions; the first one decides which buildspec runs."""

    versions: Mapping[str, str]
    first: str


def languages(settings: Mapping[str, Any], app: Template | None, tests: Template | None) -> Languages:
    """The file's versions, else those of the application's functions, each with its newest; Python when none says."""
    found: dict[str, str] = {}
    for template in (tests, app):
        found |= {name: versions[-1] for name, versions in (template.languages() if template else {}).items()}
    written: Mapping[str, str] = settings.get("runtime", {})
    spoken = tuple(app.languages()) if app else ()
    buildable = kinds.frameworks()[settings.get("framework", FRAMEWORK)].LANGUAGES
    first = next((name for name in (*spoken, *written, *found) if name in buildable), LANGUAGE)
    newest = {LANGUAGE: kinds.frameworks()[FRAMEWORK].RUNTIMES[LANGUAGE][-2]}
    return Languages({**(found or newest), **written}, first)


def build(document: Document, spoken: Languages, repository: Repository, app: App, tests: Tests | None) -> Build:
    """The build the file asks for. An own buildspec gets the same environment as Penstock's."""
    settings: Mapping[str, Any] = document.data.get("build", {})
    framework = settings.get("framework", FRAMEWORK)
    kind = kinds.frameworks()[framework]
    own = settings.get("buildspec", "")
    environment: dict[str, Text] = {
        "APP_TEMPLATE": literal(app.template),
        "BUILD_OUTPUT_BUCKET": "${ArtifactBucket}",
        "BUILD_OUTPUT_PREFIX": PACKAGED_PREFIX,
        "TESTS_TEMPLATE": literal(tests.template) if tests else "",
        "UNIT_TEST_COMMAND": literal(settings.get("test") or kind.unit_test_command(spoken.first, repository)),
    }
    version = spoken.versions.get(spoken.first, kind.RUNTIMES[spoken.first][-1])
    machine = machines.machine(settings, kind.IMAGE, spoken.first, version)
    return Build(
        framework=framework,
        buildspec=own or _fitting(assets.text("buildspecs", kind.LANGUAGES[spoken.first]), spoken, machine),
        own=bool(own),
        machine=machine,
        # CodeBuild takes no empty value.
        environment={name: value for name, value in environment.items() if value} | plain(document),
        secrets=secrets(document),
    )


def problems(document: Document, spoken: Languages, app: Template | None, repository: Repository) -> Iterator[Problem]:
    """What the repository lacks for this build, or has and the build does not use."""
    settings: Mapping[str, Any] = document.data.get("build", {})
    own = settings.get("buildspec")
    kind = kinds.frameworks()[settings.get("framework", FRAMEWORK)]
    on_lambda = machines.on_lambda(settings)
    if own and not repository.has(own):
        yield document.problem(
            ("build", "buildspec"), f"there is no {own} in the repository", "write it, or leave it out"
        )
    elif own and on_lambda:
        yield from lambda_compute.buildspec(own, repository)
    if on_lambda and "image" not in settings:
        yield from lambda_compute.languages(document, settings.get("runtime") or spoken.versions)
    if own or app is None:
        return
    for language in app.languages():
        if language not in kind.LANGUAGES:
            yield app.problem(
                (),
                f"no buildspec of ours builds {language}",
                "write one and name it in the pipeline file: build: {buildspec: buildspec.yml}",
            )
    if on_lambda or "image" in settings:
        return
    for language, version in spoken.versions.items():
        offered = kind.RUNTIMES.get(language, ())
        if language in kind.LANGUAGES and version not in offered:
            yield app.problem(
                (),
                f"CodeBuild's {kind.IMAGE} has no {language} {version}",
                f'say which to build with: build: {{runtime: {{{language}: "{offered[-1]}"}}}}',
            )


def runtimes(settings: Mapping[str, Any], spoken: Languages) -> dict[str, str]:
    """The versions to choose of those an image has; none where the image has but one."""
    kind = kinds.frameworks()[settings.get("framework", FRAMEWORK)]
    version = spoken.versions.get(spoken.first, kind.RUNTIMES[spoken.first][-1])
    machine = machines.machine(settings, kind.IMAGE, spoken.first, version)
    return _chosen(spoken) if machine.chooses_runtimes else {}


def _chosen(spoken: Languages) -> dict[str, str]:
    buildable = kinds.frameworks()[FRAMEWORK].LANGUAGES
    return {name: version for name, version in sorted(spoken.versions.items()) if name in buildable}


def _fitting(buildspec: str, spoken: Languages, machine: Machine) -> str:
    """A buildspec of ours, for the languages' versions and for what the machine allows."""
    versions = ", ".join(f'{name}: "{version}"' for name, version in _chosen(spoken).items())
    # Comments stay in the repository, and so does half of every indentation: the whole template has 51,200 bytes.
    lines = (line for line in buildspec.splitlines(keepends=True) if not line.lstrip().startswith("#"))
    commands = "".join(f"{' ' * ((len(line) - len(line.lstrip(' '))) // 2)}{line.lstrip(' ')}" for line in lines)
    if machine.on_lambda:
        commands = commands.replace(_COMMANDS, _COMMANDS + _WRITABLE_HOME, 1)
    line = rf"\1runtime-versions: {{{versions}}}\n" if machine.chooses_runtimes else ""
    return _RUNTIME_LINE.sub(line, commands)
