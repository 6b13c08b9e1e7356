"""Builds of a few lines: a buildspec, some files, and a machine with nothing of the user's on it."""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from generator.rehearsal.codebuild.environment import Identity
from generator.rehearsal.codebuild.job import Host, Job
from generator.rehearsal.codebuild.log import LogLine
from generator.rehearsal.codebuild.record import Ended
from generator.rehearsal.codebuild.runner import Build
from generator.rehearsal.codebuild.sources import FolderSource

UBUNTU = "aws/codebuild/standard:7.0"
AMAZON_LINUX = "aws/codebuild/amazonlinux-x86_64-standard:5.0"

IDENTITY = Identity(
    build_id="time-service:0000",
    build_arn="arn:aws:codebuild:eu-west-1:123456789012:build/time-service:0000",
    project_arn="arn:aws:codebuild:eu-west-1:123456789012:project/time-service",
    number=7,
    image=UBUNTU,
    initiator="codepipeline/time-service",
    kms_key="alias/aws/s3",
    log_stream="0000",
    start_time=1_700_000_000_000,
    resolved_source_version="abc123",
)


def identity(**changes: Any) -> Identity:
    """A build of its own: what is left of a build is known by the build's id, and ended, whoever runs it."""
    return replace(IDENTITY, **{"build_id": f"time-service:{os.urandom(6).hex()}", **changes})


def no_client(service: str) -> Any:
    """A machine without AWS: no test that uses it may ask for a client."""
    raise AssertionError(f"nobody should need {service}")


@dataclass
class BuildRunner:
    """Where tests run builds: `folder` is empty, `host` a machine, `lines` what the last build logged."""

    folder: Path
    host: Host
    lines: list[str] = field(default_factory=list)
    count: int = 0

    @functools.cached_property
    def shared(self) -> Path:
        """A folder that builds may write to, and that outlives them; it goes with the runner."""
        downloads = self.host.cache / "downloads"
        downloads.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(dir=downloads))

    def close(self) -> None:
        """Remove what lies outside of its own folder."""
        if "shared" in vars(self):
            shutil.rmtree(self.shared)

    def source(self, files: Mapping[str, str]) -> Path:
        """A folder with these files."""
        self.count += 1
        folder = self.folder / f"source{self.count}"
        folder.mkdir()
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        return folder

    def job(self, buildspec: str, /, files: Mapping[str, str] | None = None, **changes: Any) -> Job:
        """A job over these files, with the buildspec among them."""
        source = self.source({"buildspec.yml": buildspec, **(files or {})})
        where = self.folder / f"build{self.count}"
        job = Job(identity(), where, self.folder / f"made{self.count}", FolderSource(source))
        return replace(job, **changes)

    def build(self, buildspec: str, /, files: Mapping[str, str] | None = None, **changes: Any) -> Ended:
        """Run a build to its end."""
        return self.run(self.job(buildspec, files, **changes))

    def run(self, job: Job) -> Ended:
        """Run a job to its end."""
        self.lines.clear()
        return Build(job, self.host, self.hear).run()

    def hear(self, line: LogLine) -> None:
        """Remember a line of the log."""
        self.lines.append(line.text)

    def output(self) -> list[str]:
        """What the commands of the last build wrote."""
        return [line for line in self.lines if not line.startswith("[Container]")]

    def log_text(self) -> str:
        """What the container of the last build said, without its times."""
        result = (line.split(" ", 3) for line in self.lines if line.startswith("[Container]"))
        return "\n".join(parts[3] if len(parts) > 3 else "" for parts in result)
