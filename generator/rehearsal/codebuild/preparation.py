"""The work of DOWNLOAD_SOURCE: files in place, buildspec read, variables looked up, runtimes chosen."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import ClientError

from generator.errors import InvalidInputError, NotRehearsedError
from generator.rehearsal.codebuild.buildspec import Buildspec
from generator.rehearsal.codebuild.buildspec_reader import read
from generator.rehearsal.codebuild.environment import codebuild_variables, inherit
from generator.rehearsal.codebuild.failure import PhaseFailedError
from generator.rehearsal.codebuild.job import Host, Job
from generator.rehearsal.codebuild.log import BuildLog
from generator.rehearsal.codebuild.runtimes import provide_runtimes
from generator.rehearsal.codebuild.shell import Session, choose_shell
from generator.rehearsal.codebuild.tools import StandIns
from generator.rehearsal.codebuild.variables import merged, of_buildspec, resolve
from generator.rehearsal.codebuild.workspace import Workspace

_DEFAULT_NAME = "buildspec.yml"


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that the phases of the buildspec need. `secret` names the variables that are never exported."""

    buildspec: Buildspec
    session: Session
    secret: frozenset[str]
    tools: StandIns


@dataclass(frozen=True, slots=True)
class Preparation:
    """Prepares one attempt at a build. What it finds to be secret, the log learns before it is used.

    `lend` makes of the role's keys the variables by which programs get them.
    """

    job: Job
    host: Host
    workspace: Workspace
    log: BuildLog
    lend: Callable[[Mapping[str, str]], Mapping[str, str]]

    def prepare(self) -> Prepared:
        """Do it; raises PhaseFailedError."""
        for words in self.job.stand_ins:
            self.log.say(words)
        self.log.say("Phase is DOWNLOAD_SOURCE")
        folders = self._place_sources()
        buildspec = self._read_buildspec()
        self.log.say("Processing environment variables")
        variables = merged(of_buildspec(buildspec), self.job.variables, self.job.overrides)
        resolved = resolve(variables, self.host.client)
        self.log.masker.add(resolved.secrets())
        own = codebuild_variables(self.job.identity, self.workspace.source, folders)
        environment = self._environment(buildspec, resolved.values, own)
        session = self._session(buildspec, environment)
        inherited = inherit(self.host.variables, self.workspace.home, self.host.cache)
        endpoint = self.host.variables.get("AWS_ENDPOINT_URL", "")
        tools = StandIns(self.workspace.tools, self.host.cache, inherited.variables, self.log.say, endpoint=endpoint)
        return Prepared(buildspec, session, resolved.secret, tools)

    def _place_sources(self) -> dict[str, Path]:
        self.job.primary.place(self.workspace.source)
        self.log.say(f"CODEBUILD_SRC_DIR={self.workspace.source}")
        folders = {name: self.workspace.secondary(name) for name in self.job.secondary}
        for name, folder in folders.items():
            folder.mkdir(parents=True)
            self.job.secondary[name].place(folder)
            self.log.say(f"CODEBUILD_SRC_DIR_{name}={folder}")
        return folders

    def _read_buildspec(self) -> Buildspec:
        name, text = self._find_buildspec()
        try:
            buildspec = read(text, name)
        except InvalidInputError as error:
            raise PhaseFailedError("YAML_FILE_ERROR", str(error)) from error
        except NotRehearsedError as error:
            raise PhaseFailedError("YAML_FILE_ERROR", str(error), not_rehearsed=True) from error
        if self.job.lambda_compute and any(phase.on_failure for phase in buildspec.phases.values()):
            raise PhaseFailedError("YAML_FILE_ERROR", "on-failure is not supported on Lambda compute")
        for words in buildspec.left_out:
            self.log.say(words)
        return buildspec

    def _find_buildspec(self) -> tuple[str, str]:
        """What the buildspec is called, and its text."""
        location = self.job.buildspec or _DEFAULT_NAME
        if "\n" in location or location.lstrip().startswith(("version:", "{")):
            return "the project's buildspec", location
        self.log.say(f"YAML location is {location}")
        if location.startswith("arn:"):
            return location, self._from_s3(location)
        file = self.workspace.source / location
        try:
            return location, file.read_text()
        except (OSError, UnicodeDecodeError) as error:
            words = f"YAML file does not exist: {location}" if not file.exists() else f"{location}: {error}"
            raise PhaseFailedError("YAML_FILE_ERROR", words) from error

    def _from_s3(self, arn: str) -> str:
        bucket, _, key = arn.rpartition(":::")[2].partition("/")
        try:
            answer = self.host.client("s3").get_object(Bucket=bucket, Key=key)
            return str(answer["Body"].read().decode("utf-8", "replace"))
        except ClientError as error:
            raise PhaseFailedError("YAML_FILE_ERROR", f"{arn}: {error}") from error

    def _environment(
        self, buildspec: Buildspec, values: Mapping[str, str], identity: Mapping[str, str]
    ) -> dict[str, str]:
        inherited = inherit(self.host.variables, self.workspace.home, self.host.cache)
        self.log.masker.add(inherited.secrets)
        # A runtime's version may stand in a variable of the buildspec's; its program is found in the user's HOME.
        all_variables = {**values, **self.host.variables, "PATH": inherited.variables["PATH"]}
        say: Callable[[str], None] = self.log.say
        runtimes = provide_runtimes(
            buildspec.runtimes,
            all_variables,
            self.workspace.python,
            user=self.workspace.home,
            cache=self.host.cache,
            say=say,
        )
        npm = Path(inherited.variables["NPM_CONFIG_PREFIX"]) / "bin"
        in_front = os.pathsep.join(map(str, [*runtimes, npm, self.workspace.tools]))
        own = {
            "PATH": f"{in_front}{os.pathsep}{inherited.variables['PATH']}",
            "TMPDIR": str(self.workspace.temporary),
            "VIRTUAL_ENV": str(self.workspace.python),
        }
        keys = self.host.keys()
        self.log.masker.add(keys.values())
        return {**inherited.variables, **own, **self.lend(keys), **values, **identity}

    def _session(self, buildspec: Buildspec, environment: Mapping[str, str]) -> Session:
        shell = choose_shell(buildspec.shell, self.job.identity.image, environment.get("PATH", ""))
        self.log.say(f"Commands run in {shell}")
        return Session(
            shell,
            self.workspace.state,
            self.workspace.source,
            environment=environment,
            keeps=buildspec.version == "0.2",
        )
