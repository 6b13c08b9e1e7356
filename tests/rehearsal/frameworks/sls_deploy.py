"""What `sls deploy` leaves of a service: a stack of the template that osls packages, and its code in a bucket of it.

The templates are osls's own: tests/buildspecs/test_packaged_twice.py makes them anew with --rewrite.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from generator.rehearsal.emulator.handle import Emulator

FOLDER = Path(__file__).with_name("deployed_by_sls")
# What the services were packaged with.
TABLE, ARN = "TABLE", "arn:aws:dynamodb:us-east-1:000000000000:table/TABLE"
_BUCKET = "ServerlessDeploymentBucket"


def deploy(emulator: Emulator, folder: str, stack: str, code: Path | None = None, table: str = "") -> None:
    """Deploy a service of the blueprint to a stack of this name, as the tool does: first its bucket, then the rest."""
    template = json.loads(_text(folder, stack, table))
    resources: dict[str, Any] = template["Resources"]
    cloudformation = emulator.client("cloudformation")
    first = {**template, "Resources": {name: each for name, each in resources.items() if name.startswith(_BUCKET)}}
    first["Outputs"] = {name: each for name, each in template["Outputs"].items() if name.startswith(_BUCKET)}
    cloudformation.create_stack(StackName=stack, TemplateBody=json.dumps(first))
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack)
    _upload(emulator, physical_ids(emulator, stack)[_BUCKET], resources, code)
    cloudformation.update_stack(
        StackName=stack,
        TemplateBody=json.dumps(template),
        Capabilities=["CAPABILITY_NAMED_IAM"],
        Tags=[{"Key": "STAGE", "Value": stack.rpartition("-")[2]}],
    )
    cloudformation.get_waiter("stack_update_complete").wait(StackName=stack)


def physical_ids(emulator: Emulator, stack: str) -> dict[str, str]:
    """The physical id of each resource of a stack by its logical one."""
    pages = emulator.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
    summaries = (each for page in pages for each in page["StackResourceSummaries"])
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in summaries}


def _text(folder: str, stack: str, table: str) -> str:
    """The template under another service's name, with the table that it was deployed with."""
    text = (FOLDER / f"{folder}.json").read_text()
    packaged = f"todo-{folder.rpartition('-')[2]}"
    arn = ARN.replace(TABLE, table).replace("000000000000", "${AWS::AccountId}")
    text = text.replace(json.dumps(ARN), json.dumps({"Fn::Sub": arn}))
    return text.replace(packaged, stack.rpartition("-")[0]).replace(json.dumps(TABLE), json.dumps(table))


def _upload(emulator: Emulator, bucket: str, resources: dict[str, Any], code: Path | None) -> None:
    """Put a zip of the code where the functions' resources say, and their versions the hash of it."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for path in sorted(code.rglob("*")) if code else ():
            archive.write(path, path.relative_to(code.parent) if code else "")
    digest = base64.b64encode(hashlib.sha256(written.getvalue()).digest()).decode()
    for resource in resources.values():
        properties = resource.get("Properties", {})
        if "Code" in properties:
            emulator.client("s3").put_object(Bucket=bucket, Key=properties["Code"]["S3Key"], Body=written.getvalue())
        if "CodeSha256" in properties:
            properties["CodeSha256"] = digest
    emulator.client("s3").put_object(Bucket=bucket, Key="serverless/compiled-template.json", Body=b"{}")
