"""Deploy action of provider S3: the files of an artifact, or its zip, become objects of a bucket.

https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3Deploy.html
"""

from __future__ import annotations

import mimetypes
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generator.rehearsal.codepipeline.context import ActionContext
from generator.rehearsal.codepipeline.failure import ActionFailedError, not_rehearsed
from generator.rehearsal.codepipeline.state import Outcome


def deploy(context: ActionContext) -> Outcome:
    """Upload all of it with the action's role. Raises ActionFailedError."""
    settings, (artifact,) = context.configuration, context.action.inputs
    key, file = settings.get("ObjectKey", ""), context.fetch(artifact)
    if "{" in key:
        raise not_rehearsed(f"A placeholder in the key of an S3 deploy action ({key})")
    is_extracted = settings["Extract"].lower() == "true"
    if not is_extracted and not key:
        raise ActionFailedError("ConfigurationError", "ObjectKey is required when Extract is false.")
    s3, options, count = context.client("s3"), _options(context), 0
    for name, body in _extracted(file, key) if is_extracted else [(key, file.read_bytes())]:
        kind = mimetypes.guess_type(name)[0] or "binary/octet-stream"
        s3.put_object(Bucket=settings["BucketName"], Key=name, Body=body, ContentType=kind, **options)
        count += 1
    return Outcome(summary=f"Deployed {count} object{'s' * (count != 1)} to {settings['BucketName']}")


def _extracted(file: Path, path: str) -> Iterator[tuple[str, bytes]]:
    """Each file of the zip with its key: below the path, where there is one."""
    prefix = f"{path.strip('/')}/" if path.strip("/") else ""
    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            if not entry.is_dir():
                yield f"{prefix}{entry.filename}", archive.read(entry)


def _options(context: ActionContext) -> dict[str, Any]:
    """What the action says about every object."""
    names = {"CannedACL": "ACL", "CacheControl": "CacheControl", "KMSEncryptionKeyARN": "SSEKMSKeyId"}
    options = {api: context.configuration[name] for name, api in names.items() if name in context.configuration}
    return {**options, "ServerSideEncryption": "aws:kms"} if "SSEKMSKeyId" in options else options
