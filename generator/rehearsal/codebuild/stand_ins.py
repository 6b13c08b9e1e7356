"""What of a project's machine this machine stands in for, said at the head of a build's log."""

from __future__ import annotations

import platform
from collections.abc import Iterator

from generator.rehearsal.codebuild.project import Project

_STANDARD = ("-standard:", "/standard:")
_ARM = ("aarch64", "arm64")


def stand_ins(project: Project) -> Iterator[str]:
    """A sentence for each thing a build would find on AWS and does not find here."""
    environment = project.environment
    kind, image = str(environment.get("type")), str(environment.get("image"))
    if not (image.startswith("aws/codebuild/") and any(part in image for part in _STANDARD)):
        yield f"The image {image} is not pulled: this machine's programs stand in for what it brings"
    if kind.startswith("ARM") != (platform.machine() in _ARM):
        yield f"{kind} is rehearsed on {platform.machine()}: compiled packages are made for this processor"
    if project.on_lambda:
        yield "Lambda compute's limits are not rehearsed: 15 minutes, no root, no Docker, nothing written outside /tmp"
    if vpc := (project.shape.get("vpcConfig") or {}).get("vpcId"):
        yield f"{vpc} is not rehearsed: this build reaches what this machine reaches"
