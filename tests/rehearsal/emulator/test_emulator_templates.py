"""The templates Penstock makes, launched as they are: the emulator knows every type in them."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.emulator.stacks import CAPABILITIES, settled

CASES = Path(__file__).parents[2] / "golden" / "cases"


@pytest.mark.parametrize("case", sorted(path.parent.name for path in CASES.glob("*/template.yaml")))
def test_a_template_of_ours_launches_and_goes(emulator: Emulator, case: str) -> None:
    cloudformation, s3 = emulator.client("cloudformation"), emulator.client("s3")
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket="templates")
    s3.put_object(Bucket="templates", Key=case, Body=(CASES / case / "template.yaml").read_bytes())
    stack = cloudformation.create_stack(
        StackName=f"{case}-pipeline",
        TemplateURL=f"https://s3.us-east-1.amazonaws.com/templates/{case}",
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
