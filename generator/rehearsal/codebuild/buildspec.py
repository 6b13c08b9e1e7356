"""What a buildspec says: frozen values, as the build specification reference describes them.

https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

PHASES = ("install", "pre_build", "build", "post_build")


@dataclass(frozen=True, slots=True)
class OnFailure:
    """What follows a failed phase.

    RETRY runs the whole build again, `count` times at most, when the message of the failure matches
    `pattern`.
    """

    action: Literal["ABORT", "CONTINUE", "RETRY"]
    count: int = 0
    pattern: str = ".*"


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase: its commands, the commands that run whatever became of those, and what a failure means."""

    commands: tuple[str, ...] = ()
    finally_: tuple[str, ...] = ()
    on_failure: OnFailure | None = None


@dataclass(frozen=True, slots=True)
class Artifact:
    """Which files make an artifact; paths are relative to the folder the build started in."""

    files: tuple[str, ...]
    base_directory: str = ""
    discard_paths: bool = False
    exclude_paths: tuple[str, ...] = ()
    enable_symlinks: bool = False
    name: str = ""
    s3_prefix: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Files of test results or of coverage, and their format (upper case)."""

    files: tuple[str, ...]
    base_directory: str = ""
    file_format: str = "JUNITXML"


@dataclass(frozen=True, slots=True)
class Buildspec:
    """A whole buildspec.

    `shell` is "" where the image's default shell runs the commands. `parameter_store` and `secrets` map
    variables to references. `left_out` says in words what stands in the buildspec and has no effect here.
    """

    version: Literal["0.1", "0.2"]
    phases: Mapping[str, Phase]
    shell: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    parameter_store: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    exported: tuple[str, ...] = ()
    runtimes: Mapping[str, str] = field(default_factory=dict)
    artifact: Artifact | None = None
    secondary_artifacts: Mapping[str, Artifact] = field(default_factory=dict)
    reports: Mapping[str, Report] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    def phase(self, name: str) -> Phase:
        """The phase of that name; one that is not written down has nothing to do."""
        return self.phases.get(name, Phase())

    def commands(self) -> tuple[str, ...]:
        """Every command of the buildspec, in the order in which they would run."""
        phases = [self.phase(name) for name in PHASES]
        return tuple(command for phase in phases for command in phase.commands + phase.finally_)
