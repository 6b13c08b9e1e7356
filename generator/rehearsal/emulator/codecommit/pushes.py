"""What a push makes known: CodeCommit's event, and the hook that tells of a `git push` to the repository's folder.

https://docs.aws.amazon.com/codecommit/latest/userguide/monitoring-events.html
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.rehearsal.service import Caller

ZERO = "0" * 40
"""What git calls the commit before a branch was made, or after it was removed."""

_POST_RECEIVE = Path(__file__).with_name("post_receive.py")


def state_change(metadata: Mapping[str, Any], branch: str, way: tuple[str, str], caller: Caller) -> dict[str, Any]:
    """The detail of a "CodeCommit Repository State Change" for a branch on its way from one commit to another."""
    before, after = way
    kind = "referenceCreated" if before == ZERO else "referenceDeleted" if after == ZERO else "referenceUpdated"
    return {
        "callerUserArn": caller.arn or f"arn:aws:iam::{caller.account}:root",
        "event": kind,
        "repositoryName": metadata["repositoryName"],
        "repositoryId": metadata["repositoryId"],
        "referenceType": "branch",
        "referenceName": branch,
        "referenceFullName": f"refs/heads/{branch}",
        **({"commitId": after} if after != ZERO else {}),
        **({"oldCommitId": before} if before != ZERO else {}),
    }


def hook(repository: Path, endpoint: str, token: str, name: str) -> None:
    """Let git tell the emulator of every push to this repository, with the token that is good for that."""
    command = shlex.join([sys.executable, "-I", str(_POST_RECEIVE), endpoint, name])
    file = repository / "hooks" / "post-receive"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\nPENSTOCK_TOKEN={shlex.quote(token)} exec {command}\n")
    file.chmod(0o700)
