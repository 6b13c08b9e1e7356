"""The templates Penstock makes, launched as they are: the emulator knows every type and property in them."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from generator.rehearsal.cloudformation.parser import parse
from generator.rehearsal.emulator.handle import Emulator
from tests.golden.templates import CASES, template
from tests.rehearsal.emulator.stacks import CAPABILITIES, settled

Shape = tuple[str, ...]


def test_templates_with_all_that_ours_may_have_launch_and_go(emulator: Emulator) -> None:
    s3 = emulator.client("s3")
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket="templates")
    failures = {case.name: launched_and_gone(emulator, case) for case in covering()}
    assert len(failures) > 15
    assert {name: reasons for name, reasons in failures.items() if reasons} == {}


def test_no_shape_of_a_template_is_left_out() -> None:
    every, covered = (set[Shape]().union(*map(shapes_of, cases)) for cases in (CASES, covering()))
    assert covered == every
    assert ("AWS::CodePipeline::Pipeline", "Properties", "Stages", "Actions", "ActionTypeId", "Lambda") in every


def launched_and_gone(emulator: Emulator, case: Path) -> list[str]:
    """Create the stack of a case and delete it; what failed."""
    cloudformation = emulator.client("cloudformation")
    emulator.client("s3").put_object(Bucket="templates", Key=case.name, Body=template(case).encode())
    stack = cloudformation.create_stack(
        StackName=f"{case.name}-pipeline",
        TemplateURL=f"https://s3.us-east-1.amazonaws.com/templates/{case.name}",
        Capabilities=CAPABILITIES,
    )["StackId"]
    created = settled(cloudformation, stack)
    failures = [
        f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}"
        for event in cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
        if event["ResourceStatus"].endswith("_FAILED")
    ]
    cloudformation.delete_stack(StackName=stack)
    deleted = settled(cloudformation, stack)
    # It stays when its stack goes.
    emulator.client("codecommit").delete_repository(repositoryName="time-service")
    return failures if (created, deleted) == ("CREATE_COMPLETE", "DELETE_COMPLETE") else [created, deleted, *failures]


def covering() -> list[Path]:
    """Cases that together have every shape that all have: each time the one that adds most."""
    missing = set[Shape]().union(*map(shapes_of, CASES))
    chosen = []
    while missing:
        chosen.append(max(CASES, key=lambda case: len(shapes_of(case) & missing)))
        missing -= shapes_of(chosen[-1])
    return chosen


@functools.cache
def shapes_of(case: Path) -> frozenset[Shape]:
    """The shapes of a case's template."""
    return frozenset(shapes(parse(template(case))))


def shapes(document: Mapping[str, Any]) -> Iterator[Shape]:
    """The paths of all properties, by the type of their resource, with what a list holds as if it stood alone."""
    for resource in document["Resources"].values():
        yield from _paths(resource, (resource["Type"],))
    for section in sorted(set(document) - {"Resources"}):
        yield from _paths(document[section], (section,))


def _paths(node: Any, path: Shape) -> Iterator[Shape]:
    if isinstance(node, Mapping) and node:
        for key, value in node.items():
            # An action's provider decides what all the rest means.
            yield from _paths(value, (*path, str(value) if key == "Provider" else key))
    elif isinstance(node, list):
        for item in node:
            yield from _paths(item, path)
    else:
        yield path
