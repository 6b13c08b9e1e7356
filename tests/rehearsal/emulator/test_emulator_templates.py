"""The templates Penstock makes, launched as they are: the emulator knows every type in them."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from generator.rehearsal.emulator.handle import Emulator
from tests.golden.templates import CASES, template
from tests.rehearsal.emulator.stacks import CAPABILITIES, settled


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_template_of_ours_launches_and_goes(emulator: Emulator, case: Path) -> None:
    cloudformation, s3 = emulator.client("cloudformation"), emulator.client("s3")
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket="templates")
    s3.put_object(Bucket="templates", Key=case.name, Body=template(case).encode())
    stack = cloudformation.create_stack(
        StackName=f"{case.name}-pipeline",
        TemplateURL=f"https://s3.us-east-1.amazonaws.com/templates/{case.name}",
        Capabilities=CAPABILITIES,
    )["StackId"]
    events = cloudformation.describe_stack_events
    assert settled(cloudformation, stack) == "CREATE_COMPLETE", [
        (event["LogicalResourceId"], event.get("ResourceStatusReason"))
        for event in events(StackName=stack)["StackEvents"]
        if event["ResourceStatus"].endswith("_FAILED")
    ]
    cloudformation.delete_stack(StackName=stack)
    assert settled(cloudformation, stack) == "DELETE_COMPLETE"
    # It stays when its stack goes.
    emulator.client("codecommit").delete_repository(repositoryName="time-service")
