"""What one emulator gets at its start: where it may write, whose account it plays, what it mounts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from generator.rehearsal.assumptions import Chosen
from generator.rehearsal.sandbox.record import Record
from generator.rehearsal.sandbox.status import Limits

MOUNTS: Mapping[str, str] = {
    "codebuild": "generator.rehearsal.emulator.builds:Builds",
    "codecommit": "generator.rehearsal.emulator.codecommit.service:CodeCommit",
    "codeconnections": "generator.rehearsal.emulator.connections:Connections",
    "codedeploy": "generator.rehearsal.emulator.deployments:Deployments",
    "codepipeline": "generator.rehearsal.emulator.pipelines:Pipelines",
    "codestar-connections": "generator.rehearsal.emulator.connections:Connections",
    "codestar-notifications": "generator.rehearsal.emulator.notifications:Notifications",
}
"""Service name, as botocore knows it -> the factory that makes it ("module:name")."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every path lies on this machine; `account` has 12 digits; `cache` keeps what is made once per machine.

    `assumptions` gives named assumptions about AWS other values than their defaults, `limits` say what programs
    may reach; `faults`, if any, has the "seed" and the "kinds" of what is to go wrong (see the faults room).
    `stubs` says of action providers how their actions end without being run (see the stubs of CodePipeline).
    `attempts` are the refused ones to leave the machine (see the sandbox room), `news` what happened in executions
    (see generator.execution.heard); a child process inherits both.
    """

    folder: Path
    cache: Path
    account: str = "123456789012"
    region: str = "us-east-1"
    mounts: Mapping[str, str] = field(default_factory=lambda: dict(MOUNTS))
    assumptions: Chosen = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    faults: Mapping[str, Any] = field(default_factory=dict)
    stubs: Mapping[str, str] = field(default_factory=dict)
    attempts: Record = field(default_factory=Record)
    news: Record = field(default_factory=Record)

    def to_json(self) -> str:
        """The form in which the child process gets it."""
        plain = {setting.name: getattr(self, setting.name) for setting in fields(self)}
        records = {"attempts": self.attempts.descriptor, "news": self.news.descriptor}
        return json.dumps(plain | records | {"limits": asdict(self.limits)}, default=str)

    @staticmethod
    def from_json(text: str) -> Settings:
        """The settings `to_json` wrote."""
        plain = json.loads(text)
        paths = {"folder": Path(plain["folder"]), "cache": Path(plain["cache"])}
        plain_limits = plain["limits"]
        paths_of = {name: tuple(map(Path, plain_limits[name])) for name in ("keys", "writable", "users")}
        limits = Limits(tuple(plain_limits["allowed"]), plain_limits["hooks_only"], **paths_of)
        records = {name: Record(plain[name]) for name in ("attempts", "news")}
        return Settings(**{**plain, **paths, **records, "limits": limits})

    @property
    def descriptors(self) -> tuple[int, ...]:
        """Those that a child process inherits."""
        return self.attempts.descriptor, self.news.descriptor

    @property
    def log_file(self) -> Path:
        """What the emulator and its services log."""
        return self.folder / "emulator.log"

    @property
    def temporary(self) -> Path:
        """TMPDIR of the emulator and all it starts."""
        return self.folder / "tmp"

    @property
    def certificates(self) -> Path:
        """Where the certificate authority writes."""
        return self.folder / "certificates"

    def service_folder(self, service: str, account: str = "", region: str = "") -> Path:
        """The folder of one mounted service; in another account or region than the rehearsal's it has its own."""
        place = account or self.account, region or self.region
        below = () if place == (self.account, self.region) else ("elsewhere", *place)
        return self.folder.joinpath("services", *below, service)
