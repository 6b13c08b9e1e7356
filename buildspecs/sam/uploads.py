"""Uploads the files that a template deploys, each under the hash of its content, and never over what is there.

Whoever approves a commit approves these bytes: no later build can put others in their place. `aws cloudformation
package` cannot ask S3 for that. `TEMPLATE OUTPUT ...`, for each template and what is written of it; a template with a
name that the launched deploy role does not reach ends the build before anything is uploaded.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import names
import templates

UPLOADED: dict[str, str] = {}
"""The keys of what this build has uploaded, and where each file lies here."""
# Another build that creates the same object at this moment may win.
_ATTEMPTS = 3


def package(path: str, output: str) -> list[str]:
    """Upload all that a template deploys, nested stacks first, and write the template that names the objects.

    Returns what was written: it, and the templates of the stacks within it.
    """
    template = templates.Template(path)
    inner = [file for nested in template.nested() for file in package(nested, nested)]
    region = os.environ["AWS_REGION"]
    domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    bucket = os.environ["BUILD_OUTPUT_BUCKET"]
    for file in template.files():
        template.put(file, file.form.format(bucket=bucket, key=uploaded(file.path), region=region, domain=domain))
    template.write()
    Path(output).write_text(templates.Template(path).normalized(), encoding="utf-8")
    return [output, *inner]


@functools.cache
def uploaded(path: str) -> str:
    """The key of the object with a file's content, which is created unless it is there."""
    digest = hashlib.sha256(Path(path).read_bytes())
    key = f"{os.environ['BUILD_OUTPUT_PREFIX']}/{digest.hexdigest()}"
    checksum = base64.b64encode(digest.digest()).decode()
    for _ in range(_ATTEMPTS):
        error = _create(key, path, checksum)
        if "(ConditionalRequestConflict)" not in error:
            break
    UPLOADED[key] = path
    if error and "(PreconditionFailed)" not in error:
        sys.exit(f"{path}: {error}")
    return key


@functools.cache
def client() -> Any:
    """S3 by boto3, which AWS's images bring for every Python: one process for all files.

    None where there is none, or where the tests want one that is older than conditional writes.
    """
    try:
        import boto3  # noqa: PLC0415 - see above
    except ImportError:
        return None
    s3 = boto3.client("s3", region_name=os.environ["AWS_REGION"])
    accepted = s3.meta.service_model.operation_model("PutObject").input_shape.members
    return s3 if "IfNoneMatch" in accepted else None


def _create(key: str, path: str, checksum: str) -> str:
    """What S3 says when it creates no object; empty when it does.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    """
    bucket, s3 = os.environ["BUILD_OUTPUT_BUCKET"], client()
    if s3 is None:
        create = ["s3api", "put-object", "--bucket", bucket, "--key", key, "--body", path]
        return _aws(*create, "--if-none-match", "*", "--checksum-sha256", checksum)
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - boto3 brings it

    try:
        with open(path, "rb") as body:
            s3.put_object(Bucket=bucket, Key=key, Body=body, IfNoneMatch="*", ChecksumSHA256=checksum)
    except (BotoCoreError, ClientError) as error:
        return str(error)
    return ""


def _aws(*arguments: str) -> str:
    """What the AWS CLI says when it fails; empty when it does not."""
    done = subprocess.run(["aws", *arguments], capture_output=True, text=True, check=False)
    return done.stderr.strip() or f"aws ended with {done.returncode}" if done.returncode else ""


def main(arguments: list[str]) -> int:
    """Package each template into the file that follows it; the status of the build's command.

    Beside the programs a file of that name has the templates within it, too: they are compared with the launched roles.
    """
    pairs = list(zip(arguments[::2], arguments[1::2], strict=True))
    if not all(names.all_reached(path) for path, _ in pairs):
        return 1
    for path, output in pairs:
        texts = [Path(file).read_text(encoding="utf-8") for file in package(path, output)]
        Path(os.environ["BUILD_TOOLS"], output).write_text("---\n".join(texts), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
