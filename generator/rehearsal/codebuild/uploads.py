"""Where the artifacts of a build that no pipeline asked for go: S3, as its project says."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from generator.rehearsal.codebuild.failure import PhaseFailedError
from generator.rehearsal.codebuild.job import PRIMARY, Deliver

Shape = Mapping[str, Any]
GetClient = Callable[[str], Any]


def identifiers(artifacts: list[Shape]) -> tuple[str, ...]:
    """The identifiers of the artifacts that are to be made; the primary one has none."""
    uploaded = (artifact for artifact in artifacts if artifact["type"] != "NO_ARTIFACTS")
    return tuple(str(artifact.get("artifactIdentifier") or PRIMARY) for artifact in uploaded)


def into_s3(artifacts: list[Shape], project: str, uuid: str, client: GetClient) -> Deliver:
    """What delivers each artifact to S3, with the build role's rights."""
    places = dict(zip(identifiers(artifacts), artifacts, strict=False))

    def deliver(identifier: str, archive: Path, name: str) -> None:
        place = places[identifier]
        key = _key(place, project, uuid, name)
        try:
            _put(client("s3"), str(place["location"]), key, archive, zipped=place.get("packaging") == "ZIP")
        except ClientError as error:
            raise PhaseFailedError("CLIENT_ERROR", f"Failed to upload artifacts: {error}") from error

    return deliver


def _key(place: Shape, project: str, uuid: str, name: str) -> str:
    """The key of an artifact; the buildspec's name for it counts where the project lets it."""
    by_id = uuid if place.get("namespaceType") == "BUILD_ID" else ""
    last = name if place.get("overrideArtifactName") and name else place.get("name") or project
    parts = (str(place.get("path") or "").strip("/"), by_id, str(last).strip("/"))
    return "/".join(filter(None, parts))


def _put(s3: Any, bucket: str, key: str, archive: Path, *, zipped: bool) -> None:
    if zipped:
        with archive.open("rb") as body:
            s3.put_object(Bucket=bucket, Key=key, Body=body)
        return
    with zipfile.ZipFile(archive) as members:
        for member in members.namelist():
            with members.open(member) as body:
                s3.put_object(Bucket=bucket, Key="/".join(filter(None, (key, member))), Body=body)
