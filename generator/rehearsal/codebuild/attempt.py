"""One attempt at a build, from its sources to its artifacts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from generator.rehearsal.assumptions import ABSOLUTE_ARTIFACT, CONTINUED_PHASE, Assumption
from generator.rehearsal.codebuild.artifacts import gather, pack
from generator.rehearsal.codebuild.buildspec import PHASES, Artifact, OnFailure, Phase
from generator.rehearsal.codebuild.commands import Commands
from generator.rehearsal.codebuild.failure import PhaseFailedError
from generator.rehearsal.codebuild.job import PRIMARY, Host, Job
from generator.rehearsal.codebuild.key_server import KeyServer
from generator.rehearsal.codebuild.log import BuildLog, is_of_container
from generator.rehearsal.codebuild.output import OutputPipe
from generator.rehearsal.codebuild.phases import PhaseBook
from generator.rehearsal.codebuild.preparation import Preparation, Prepared
from generator.rehearsal.codebuild.processes import InterruptedBuildError, Processes
from generator.rehearsal.codebuild.record import Ended, Status
from generator.rehearsal.codebuild.reports import TestCounts, count
from generator.rehearsal.codebuild.workspace import Workspace

# After these the standard transitions lead on although the phase failed; after the others, to the end.
_GO_ON = frozenset({"build", "post_build"})


class RetryBuild(Exception):  # noqa: N818 - not an error: a buildspec asks for it
    """A phase failed whose `on-failure` asks for the whole build to be run again."""

    def __init__(self, rule: OnFailure, phase: str) -> None:
        super().__init__(phase)
        self.rule = rule
        self.phase = phase


@dataclass
class Products:
    """What an attempt has produced so far."""

    exported: dict[str, str] = field(default_factory=dict)
    artifacts: dict[str, Path] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    reports: list[TestCounts] = field(default_factory=list)


class Attempt:
    """Runs a job once. `attempts` counts those before it, for `on-failure: RETRY`."""

    def __init__(self, job: Job, host: Host, log: BuildLog, workspace: Workspace, *, attempts: int) -> None:
        self._job = job
        self._host = host
        self._log = log
        self._workspace = workspace
        self._attempts = attempts
        self._products = Products()
        self._prepared: Prepared | None = None
        self._continued = False
        self._relied: list[Assumption] = []
        self._failed = False
        self._key_server: KeyServer | None = None
        self.book = PhaseBook(log, host.clocks.now)

    def run(self, processes: Processes) -> Ended:
        """Run it to its end; raises RetryBuild when the whole build is to be run again."""
        output = OutputPipe(self._log.write, self._log.masker)
        status: Status | None = None
        try:
            self._run(processes, output)
        except InterruptedBuildError as interruption:
            status = interruption.ending
        finally:
            processes.close()
            if self._prepared:
                self._prepared.tools.close()
            output.close()
            if self._key_server:
                self._key_server.close()
        self.book.note("FINALIZING")
        self.book.note("COMPLETED")
        return self._ended(status)

    def _ended(self, interrupted: Status | None) -> Ended:
        failed = self._failed or (self._continued and not self._assume(CONTINUED_PHASE))
        status = interrupted or ("FAILED" if failed else "SUCCEEDED")
        return Ended(
            status=status,
            phases=self.book.records,
            exported=self._products.exported,
            artifacts=self._products.artifacts,
            artifact_names=self._products.names,
            reports=tuple(self._products.reports),
            failure=None if status == "SUCCEEDED" else self.book.failure,
            log=self._log.lines(),
            not_rehearsed=self.book.not_rehearsed,
            assumptions=tuple(self._relied),
        )

    def _run(self, processes: Processes, output: OutputPipe) -> None:
        self.book.note("SUBMITTED")
        self.book.note("QUEUED")
        if not self.book.run("PROVISIONING", self._job.provision):
            self._failed = True
            return
        prepared = self._prepare(processes)
        if prepared is None:
            return
        commands = Commands(prepared, processes, output, self._log)
        if self._phases(commands):
            self._export(commands)
            self._failed |= not self.book.run("UPLOAD_ARTIFACTS", lambda: self._upload(commands))

    def _prepare(self, processes: Processes) -> Prepared | None:
        preparation = Preparation(self._job, self._host, self._workspace, self._log, self._lend)

        def work() -> None:
            processes.check()
            self._workspace.make()
            self._prepared = preparation.prepare()

        self._failed = not self.book.run("DOWNLOAD_SOURCE", work)
        return None if self._failed else self._prepared

    def _lend(self, keys: Mapping[str, str]) -> Mapping[str, str]:
        self._key_server = KeyServer(keys)
        return self._key_server.variables

    def _phases(self, commands: Commands) -> bool:
        """Run the phases of the buildspec; whether the build goes on to its artifacts.

        https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html
        """
        for name in PHASES:
            phase = commands.prepared.buildspec.phase(name)
            succeeding = not (self._failed or self._continued)
            before = len(self._log)
            work = partial(commands.run, phase, succeeding=succeeding)
            if not self.book.run(name.upper(), work) and not self._goes_on(name, phase, before):
                self._export(commands)
                return False
        return True

    def _goes_on(self, name: str, phase: Phase, before: int) -> bool:
        rule = phase.on_failure
        if rule and rule.action == "CONTINUE":
            self._continued = True
            return True
        self._failed = True
        if rule and rule.action == "RETRY" and self._attempts < rule.count and self._matches(rule, before):
            raise RetryBuild(rule, name)
        return name in _GO_ON and not (rule and rule.action == "ABORT")

    def _matches(self, rule: OnFailure, before: int) -> bool:
        """Whether what the commands of the phase wrote, or the message of its failure, matches the rule."""
        written = [line for line in self._log.lines()[before:] if not is_of_container(line)]
        text = "\n".join([*written, self.book.records[-1].message])
        return re.search(rule.pattern, text) is not None

    def _export(self, commands: Commands) -> None:
        """Take the exported variables as they are after the last phase."""
        prepared = commands.prepared
        names = [name for name in prepared.buildspec.exported if name not in prepared.secret]
        self._products.exported = commands.values(names)
        for name in prepared.buildspec.exported:
            if name in prepared.secret:
                self._log.say(f"{name} is not exported: it is a secret")
            elif name not in self._products.exported:
                self._log.say(f"{name} is not exported: it is not set")

    def _upload(self, commands: Commands) -> None:
        problem: PhaseFailedError | None = None
        try:
            for identifier in self._job.outputs:
                self._make_artifact(identifier, commands)
        except PhaseFailedError as error:
            problem = error  # the reports tell the more when there is one
        for name, declared in commands.prepared.buildspec.reports.items():
            group, report = commands.expanded_report(name, declared)
            counts = count(group, report, self._workspace.source, self._log.say)
            self._products.reports += [counts] if counts else []
        if problem:
            raise problem
        for counted in self._products.reports:
            self._job.report(counted.group)

    def _make_artifact(self, identifier: str, commands: Commands) -> None:
        artifact = commands.expanded(self._artifact(identifier, commands.prepared))
        members = gather(artifact, self._workspace.source, self._log.say, self._name_outside)
        self._job.artifact_folder.mkdir(parents=True, exist_ok=True)
        target = self._job.artifact_folder / f"{identifier or 'artifact'}.zip"
        pack(members, target, keep_links=artifact.enable_symlinks)
        self._job.deliver(identifier, target, artifact.name)
        self._products.artifacts[identifier] = target
        self._products.names[identifier] = artifact.name

    def _name_outside(self, file: Path) -> str:
        return str(file).lstrip("/") if self._assume(ABSOLUTE_ARTIFACT) else file.name

    def _assume(self, assumption: Assumption) -> bool:
        """Whether it is as it is by default; the log says once that the build relied on it."""
        if assumption not in self._relied:
            self._relied.append(assumption)
            self._log.say(f"Assumption {assumption.name}: {assumption.relied_on(self._host.assumptions).meaning}")
        return assumption.holds(self._host.assumptions)

    @staticmethod
    def _artifact(identifier: str, prepared: Prepared) -> Artifact:
        secondary: Mapping[str, Artifact] = prepared.buildspec.secondary_artifacts
        artifact = prepared.buildspec.artifact if identifier == PRIMARY else secondary.get(identifier)
        if artifact is not None:
            return artifact
        if identifier == PRIMARY:
            raise PhaseFailedError("CLIENT_ERROR", "an artifact is expected, and the buildspec has no artifacts")
        there = ", ".join(sorted(secondary)) or "none"
        words = f"the buildspec has no secondary artifact '{identifier}'; there are: {there}"
        raise PhaseFailedError("CLIENT_ERROR", words)
