"""The messages of `penstock launch`: the changes, their consequences, the outcome, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator.aws.changes import Change, ChangeSet
from generator.aws.launch_state import Ended
from generator.aws.next_steps import SourceAction
from generator.aws.stacks import Stack, StackEvent

PIPELINE = "AWS::CodePipeline::Pipeline"
_MARKS = {"Add": "+", "Remove": "-"}
_REPLACED = {"True": "replaced", "Conditional": "replaced if it cannot be changed in place"}


def changes(change_set: ChangeSet, stack: str, region: str) -> Iterator[str]:
    """The changes as a person reads them, the weighty ones marked."""
    yield f"{stack} in {region}: {'to be created' if change_set.first else 'to be updated'}"
    for change in change_set.changes:
        yield _change(change)


def _change(change: Change) -> str:
    mark = "!" if change.replaces else _MARKS.get(change.action, "~")
    given_up = "leaves the stack" if change.replaces and change.action == "Remove" else ""
    notes = [", ".join(change.properties), _REPLACED.get(change.replacement, ""), given_up]
    details = "; ".join(text for text in notes if text)
    return f"  {mark} {change.logical_id} ({change.type}){f': {details}' if details else ''}"


def as_data(change_set: ChangeSet) -> list[dict[str, Any]]:
    """The same as data."""
    return [
        {
            "action": change.action,
            "logical_id": change.logical_id,
            "physical_id": change.physical_id,
            "type": change.type,
            "replacement": change.replacement,
            "properties": list(change.properties),
            "weighty": bool(change.replaces),
        }
        for change in change_set.changes
    ]


def lost(change_set: ChangeSet) -> str:
    """What the stack gives up that is hard to replace, in a sentence; empty when nothing."""
    losses = [
        f"the {change.replaces} {change.logical_id} is {'replaced' if change.action != 'Remove' else 'given up'}"
        for change in change_set.changes
        if change.replaces
    ]
    sentence = ", ".join(losses)
    return sentence[:1].upper() + sentence[1:]


def stopped(executions: Sequence[str]) -> str:
    """That executions that run do not survive the update."""
    ids = ", ".join(executions)
    return f"warning: an update of the pipeline stops what runs in it: execution {ids}. Start it again afterwards."


def failed_create(stack: Stack) -> str:
    """What a dry run says about the rest of a failed first create."""
    return (
        f"{stack.name} is in {stack.status}, the rest of a first launch that failed: it would be deleted and "
        "everything created again; nothing was changed (--dry-run)"
    )


def event(step: StackEvent | Ended) -> str:
    """A line for what happened to a resource; empty for what is reported elsewhere."""
    if isinstance(step, Ended):
        return ""
    reason = f": {step.reason}" if step.reason and step.status.endswith("_FAILED") else ""
    return f"  {step.status:<20} {step.logical_id}{reason}"


def left_while_changing(stack: str) -> str:
    """How things stand when the following of a change is left."""
    return (
        f"{stack} is still being changed: CloudFormation goes on without you. `penstock launch` follows it again and "
        f"does what is left; `aws cloudformation cancel-update-stack --stack-name {stack}` takes an update back"
    )


def left_while_deleting(stack: str) -> str:
    """How things stand when the deletion of a failed first create is left."""
    return f"{stack} is still there, or still being deleted; nothing is launched. `penstock launch` goes on from there"


def left_while_pending() -> str:
    """How things stand when the waiting for a connection is left."""
    return (
        "the stack is launched, but the connection is still PENDING and no commit is delivered. Once it is finished, "
        "`penstock launch` starts the first execution"
    )


def failures(ended: Ended) -> list[dict[str, str]]:
    """Why a change failed, as data."""
    return [
        {"logical_id": failure.logical_id, "type": failure.type, "reason": failure.reason} for failure in ended.failed
    ]


def rolled_back(stack: str, status: str, why: str) -> str:
    """Why a launch failed and what to do."""
    again = (
        "`penstock launch` deletes it and tries again" if status.startswith("ROLLBACK") else "the pipeline is as before"
    )
    if status == "UPDATE_ROLLBACK_FAILED":
        again = "`penstock doctor` shows what blocks it"
    return f"{stack} ended in {status}\n{why}\n  hint: fix what failed; {again}"


def pending(name: str, console: str) -> str:
    """What has to be done in the console."""
    return (
        f"the connection {name} is PENDING: open {console}/codesuite/settings/connections, choose {name} and press "
        "'Update pending connection'. Only a person can authorize it"
    )


def next_steps(sources: Sequence[SourceAction], data: Mapping[str, Any], addresses: Sequence[str]) -> list[str]:
    """What the user does next: push, finish what is pending, expect mails."""
    steps = [
        f"finish the connection {connection['name']} in the console"
        for connection in data["connections"]
        if connection["status"] != "AVAILABLE"
    ]
    for source in sources:
        steps += _first_commit(source, data["outputs"])
    steps += [
        f"{address}: click the link in the mail from AWS Notifications, or you get no mail" for address in addresses
    ]
    return steps


def _first_commit(source: SourceAction, outputs: Mapping[str, str]) -> list[str]:
    configuration = source.configuration
    if source.provider == "CodeCommit":
        url = outputs.get("RepositoryCloneUrl", "")
        return [f"git remote add aws {url}", f"git push aws HEAD:{configuration['BranchName']}"] if url else []
    if source.provider == "S3":
        return [f"aws s3 cp source.zip s3://{configuration['S3Bucket']}/{configuration['S3ObjectKey']}"]
    return (
        [f"push to {configuration['BranchName']} of {configuration['FullRepositoryId']}"]
        if "FullRepositoryId" in configuration
        else []
    )


def ending(data: Mapping[str, Any]) -> Iterator[str]:
    """The last lines: where the pipeline is, and what comes next."""
    if data["started"]:
        yield f"started the first execution: {data['started']}"
    if url := data["outputs"].get("PipelineUrl"):
        yield f"the pipeline: {url}"
    if data["next"]:
        yield "next:"
        yield from (f"  {step}" for step in data["next"])
