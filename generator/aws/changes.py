"""What a launch would change: CloudFormation's change sets as values."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from generator.aws.door import Door
from generator.aws.stacks import Stack, find, pauses
from generator.aws.template_upload import TEMPORARY, Upload, handed_over
from generator.errors import AwsRefusedError, Problem

CAPABILITIES = ("CAPABILITY_IAM",)
"""All a pipeline's template needs: it makes roles and policies, and names none of them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
"""
NAMED_CAPABILITIES = ("CAPABILITY_NAMED_IAM",)
"""What an environment's template needs: the pipeline knows its roles by their names."""
_WEIGHTY = {
    "AWS::S3::Bucket": "bucket",
    "AWS::KMS::Key": "key",
    "AWS::CodeCommit::Repository": "repository",
    "AWS::IAM::Role": "role",
    "AWS::CodePipeline::Pipeline": "pipeline",
}
_UNFINISHED = frozenset({"CREATE_PENDING", "CREATE_IN_PROGRESS"})
# How CloudFormation words that there is nothing to do, which it counts as a failure.
_NOTHING = ("didn't contain changes", "No updates are to be performed")


@dataclass(frozen=True, slots=True)
class Change:
    """What would happen to a resource: AWS's ChangeAction, whether it is replaced (True, Conditional, False)."""

    action: str
    logical_id: str
    type: str
    physical_id: str = ""
    replacement: str = ""
    properties: tuple[str, ...] = ()

    @property
    def replaces(self) -> str:
        """What is lost to the stack and hard to replace: bucket, key, repository, role, pipeline; else empty.

        A role that is no longer needed goes with whatever used it, and is no loss.
        """
        removed = self.action == "Remove" and self.type != "AWS::IAM::Role"
        return _WEIGHTY.get(self.type, "") if removed or self.replacement == "True" else ""


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """A change set that waits to be executed. `first`: the stack exists for its sake only."""

    id: str
    stack: str
    first: bool
    changes: tuple[Change, ...]


def propose(
    door: Door, name: str, template: str, standing: Stack | None, upload: Upload = TEMPORARY, pipeline_account: str = ""
) -> ChangeSet | None:
    """A change set that would bring a stack to a template; None when nothing would change.

    `standing` is the stack as it is, if it is there: a large template goes through its own bucket, unless `upload`
    names one. `pipeline_account` is whose pipeline an environment's stack is for; empty: it is a pipeline's. Raises
    AwsRefusedError with CloudFormation's reason when it cannot be made; nothing of it is left then.
    """
    client = door.client("cloudformation")
    own = standing.outputs.get("ArtifactBucketName", "") if standing else ""
    with handed_over(door, template, upload if upload.bucket else replace(upload, bucket=own, named=False)) as where:
        answer = client.create_change_set(
            StackName=standing.id if standing else name,
            ChangeSetName=f"penstock-{secrets.token_hex(6)}",
            ChangeSetType="UPDATE" if standing else "CREATE",
            Capabilities=list(NAMED_CAPABILITIES if pipeline_account else CAPABILITIES),
            **({"Parameters": [_account(pipeline_account)]} if pipeline_account else {}),
            **where,
        )
        change_set = ChangeSet(answer["Id"], answer["StackId"], standing is None, ())
        try:
            finished = _finished(door, change_set.id)
        except BaseException:
            # AWS deletes none that is still being made; the next launch clears away what then stays.
            with suppress(client.exceptions.ClientError):
                discard(door, change_set)
            raise
    return _judged(door, change_set, finished)


def _account(pipeline_account: str) -> Mapping[str, str]:
    return {"ParameterKey": "PipelineAccount", "ParameterValue": pipeline_account}


def _finished(door: Door, change_set: str) -> Mapping[str, Any]:
    for pause in pauses():
        answer: Mapping[str, Any] = door.client("cloudformation").describe_change_set(ChangeSetName=change_set)
        if answer["Status"] not in _UNFINISHED:
            return answer
        door.sleep(pause)
    raise AssertionError("the pauses never end")


def _judged(door: Door, change_set: ChangeSet, answer: Mapping[str, Any]) -> ChangeSet | None:
    if answer["Status"] != "FAILED":
        return ChangeSet(change_set.id, change_set.stack, change_set.first, _changes(door, change_set.id))
    discard(door, change_set)
    reason = answer.get("StatusReason", "no reason was given")
    if any(words in reason for words in _NOTHING):
        return None
    hint = "`penstock check` looks at the template; nothing was changed"
    raise AwsRefusedError(str(Problem(f"CloudFormation cannot make this change: {reason}", hint=hint)))


def _changes(door: Door, change_set: str) -> tuple[Change, ...]:
    pages = door.client("cloudformation").get_paginator("describe_change_set").paginate(ChangeSetName=change_set)
    answers = (entry["ResourceChange"] for page in pages for entry in page["Changes"] if "ResourceChange" in entry)
    return tuple(sorted(map(_change, answers), key=lambda entry: (entry.action, entry.logical_id)))


def _change(answer: Mapping[str, Any]) -> Change:
    targets = [detail.get("Target", {}) for detail in answer.get("Details", ())]
    names = {target.get("Name") or target.get("Attribute", "") for target in targets}
    return Change(
        answer["Action"],
        answer["LogicalResourceId"],
        answer["ResourceType"],
        answer.get("PhysicalResourceId", ""),
        answer.get("Replacement", ""),
        tuple(sorted(names - {""})),
    )


def execute(door: Door, change_set: ChangeSet) -> None:
    """Let CloudFormation begin."""
    door.client("cloudformation").execute_change_set(ChangeSetName=change_set.id)


def discard(door: Door, change_set: ChangeSet) -> None:
    """Leave no trace of a change set that was not executed, nor of a stack that was only there for it."""
    client = door.client("cloudformation")
    client.delete_change_set(ChangeSetName=change_set.id)
    stack = find(door, change_set.stack) if change_set.first else None
    if stack is not None and stack.status == "REVIEW_IN_PROGRESS":
        client.delete_stack(StackName=stack.id)
