"""Uploads the files that a template deploys, each under the hash of its content, and never over what is there.

Whoever approves a commit approves these bytes: no later build can put others in their place. `aws cloudformation
package` cannot ask S3 for that.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import templates

UPLOADED: dict[str, str] = {}
"""The keys of what this build has uploaded, and where each file lies here."""
# Another build that creates the same object at this moment may win.
_ATTEMPTS = 3


def package(path: str, output: str) -> None:
    """Upload all that a template deploys, nested stacks first, and write the template that names the objects."""
    template = templates.Template(path)
    for nested in template.nested():
        package(nested, nested)
    region = os.environ["AWS_REGION"]
    domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    bucket = os.environ["BUILD_OUTPUT_BUCKET"]
    for file in template.files():
        template.put(file, file.form.format(bucket=bucket, key=uploaded(file.path), region=region, domain=domain))
    template.write()
    Path(output).write_text(templates.Template(path).normalized(), encoding="utf-8")


@functools.cache
def uploaded(path: str) -> str:
    """The key of the object with a file's content, which is created unless it is there."""
    digest = hashlib.sha256(Path(path).read_bytes())
    key = f"{os.environ['BUILD_OUTPUT_PREFIX']}/{digest.hexdigest()}"
    checksum = base64.b64encode(digest.digest()).decode()
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    create = ["s3api", "put-object", "--bucket", os.environ["BUILD_OUTPUT_BUCKET"], "--key", key, "--body", path]
    for _ in range(_ATTEMPTS):
        error = _aws(*create, "--if-none-match", "*", "--checksum-sha256", checksum)
        if "(ConditionalRequestConflict)" not in error:
            break
    UPLOADED[key] = path
    if error and "(PreconditionFailed)" not in error:
        sys.exit(f"{path}: {error}")
    return key


def _aws(*arguments: str) -> str:
    """What the AWS CLI says when it fails; empty when it does not."""
    done = subprocess.run(["aws", *arguments], capture_output=True, text=True, check=False)
    return done.stderr.strip() or f"aws ended with {done.returncode}" if done.returncode else ""


if __name__ == "__main__":
    package(*sys.argv[1:])
