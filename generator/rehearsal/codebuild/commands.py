"""The commands of a build: run in order until one fails, then those of the finally block."""

from __future__ import annotations

from dataclasses import dataclass, replace

from generator.rehearsal.codebuild.buildspec import Artifact, Phase, Report
from generator.rehearsal.codebuild.failure import PhaseFailedError
from generator.rehearsal.codebuild.log import BuildLog
from generator.rehearsal.codebuild.missing_programs import missing_program
from generator.rehearsal.codebuild.output import OutputPipe
from generator.rehearsal.codebuild.preparation import Prepared
from generator.rehearsal.codebuild.processes import Processes


@dataclass(frozen=True, slots=True)
class Commands:
    """Runs commands in the session of a prepared attempt, and tells the log."""

    prepared: Prepared
    processes: Processes
    output: OutputPipe
    log: BuildLog

    def run(self, phase: Phase, *, succeeding: bool) -> None:
        """Run the commands of a phase, then those of its finally block, whatever became of the first ones."""
        failure = self._run_all(phase.commands, succeeding=succeeding)
        after = self._run_all(phase.finally_, succeeding=succeeding and failure is None)
        first = failure or after
        if first:
            raise first

    def _run_all(self, commands: tuple[str, ...], *, succeeding: bool) -> PhaseFailedError | None:
        """Run commands until one fails; that failure."""
        for command in filter(str.strip, commands):
            self.log.say(f"Running command {command}")
            before = len(self.log)
            status = self.prepared.session.run(command, self.processes, self.output, succeeding=succeeding)
            if status:
                quoted = _first_line(command)
                self.log.say(f"Command did not exit successfully {quoted} exit status {status}")
                words = f"Error while executing command: {quoted}. Reason: exit status {status}"
                lacks = missing_program(self.log.lines()[before:], self.prepared.session.path)
                if lacks:
                    words = f"this machine has no '{lacks}', which CodeBuild's images have; install it, and try again"
                return PhaseFailedError(
                    "COMMAND_EXECUTION_ERROR", words, command=command, exit_code=status, not_rehearsed=bool(lacks)
                )
        return None

    def values(self, names: list[str]) -> dict[str, str]:
        """The values of variables after the last command."""
        return self.prepared.session.values(names, self.processes, self.output)

    def expanded(self, artifact: Artifact) -> Artifact:
        """The artifact with the variables in its paths and its name replaced by their values."""
        name, base, *files = self.expanded_texts((artifact.name, artifact.base_directory, *artifact.files))
        return replace(artifact, name=name, base_directory=base, files=tuple(files))

    def expanded_report(self, group: str, report: Report) -> tuple[str, Report]:
        """A report's group and files with the variables in them replaced: a group may be `$PROJECT-tests`."""
        group, base, *files = self.expanded_texts((group, report.base_directory, *report.files))
        return group, replace(report, base_directory=base, files=tuple(files))

    def expanded_texts(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        """Texts with variables in them, replaced by their values."""
        if not any(mark in text for text in texts for mark in "$`"):
            return texts
        values = self.prepared.session.texts(texts, self.processes, self.output)
        if len(values) != len(texts):
            raise PhaseFailedError("CLIENT_ERROR", f"the shell cannot expand {' '.join(filter(None, texts))}")
        return values


def _first_line(command: str) -> str:
    """A command to name a failure by; told twice in whole, a long script would hide what it wrote."""
    first, *more = command.strip().splitlines()
    return f"{first} [and {len(more)} more lines]" if more else first
