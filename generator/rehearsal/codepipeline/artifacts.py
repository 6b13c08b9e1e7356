"""Artifacts: the zips in the artifact bucket that are all one action gets from another.

https://docs.aws.amazon.com/codepipeline/latest/userguide/welcome-introducing-artifacts.html
"""

from __future__ import annotations

import secrets
import string
import zipfile
from pathlib import Path
from typing import Any

from generator.rehearsal.codepipeline.declaration import ArtifactStore
from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.rehearsal.codepipeline.state import Artifact

PIPELINE_PART = 20
ARTIFACT_PART = 10
RANDOM_PART = 7
Client = Any  # botocore makes its clients' methods at run time


def new_key(pipeline: str, artifact: str) -> str:
    """A key no artifact has yet: both names cut to AWS's lengths, and a random part."""
    letters = string.ascii_letters + string.digits
    unique = "".join(secrets.choice(letters) for _ in range(RANDOM_PART))
    return f"{pipeline[:PIPELINE_PART]}/{artifact[:ARTIFACT_PART]}/{unique}"


def put(s3: Client, store: ArtifactStore, artifact: Artifact, file: Path) -> None:
    """Lay a zip into the store, encrypted with its key or, without one, with the account's key for S3."""
    with file.open("rb") as body:
        s3.put_object(
            Bucket=artifact.bucket,
            Key=artifact.key,
            Body=body,
            ServerSideEncryption="aws:kms",
            # S3 takes this key by itself when none is named; the emulator wants its name.
            SSEKMSKeyId=store.key or "alias/aws/s3",
        )


def fetch(s3: Client, artifact: Artifact, file: Path) -> None:
    """Download an artifact's zip into a file."""
    answer = s3.get_object(Bucket=artifact.bucket, Key=artifact.key)
    with file.open("wb") as target:
        for chunk in answer["Body"].iter_chunks():
            target.write(chunk)


def member(file: Path, artifact: str, path: str) -> bytes:
    """One file of an artifact's zip. Raises ActionFailedError naming the files there are."""
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.read(path)
    except KeyError:
        with zipfile.ZipFile(file) as archive:
            there = ", ".join(sorted(archive.namelist())[:20])
        raise ActionFailedError(
            "ConfigurationError",
            f"File [{path}] does not exist in artifact [{artifact}]. There are: {there or 'no files'}.",
        ) from None
    except zipfile.BadZipFile:
        raise ActionFailedError("ConfigurationError", f"Artifact [{artifact}] is not a zip file.") from None


def unpacked_size(file: Path) -> int:
    """Bytes of all files in a zip together. Raises ActionFailedError for a file that is no zip."""
    try:
        with zipfile.ZipFile(file) as archive:
            return sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        raise ActionFailedError("ConfigurationError", "The artifact is not a zip file.") from None
