"""Launches a template in the emulator, as somebody would launch it on AWS."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from generator.aws_rules import limits
from generator.errors import PenstockError
from generator.rehearsal.cloudformation.errors import CANNOT
from generator.rehearsal.driver.waits import SILENCE_SECONDS, Waits
from generator.rehearsal.emulator.handle import Emulator

CAPABILITIES = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")
NO_PARAMETERS: Mapping[str, str] = MappingProxyType({})
_POLL_SECONDS = 0.03
_BUCKET = "cf-templates-rehearsal"
# The user's account may well have what a template of the user's looks for and nothing here has made.
_ELSEWHERE = ("Failed to fetch nested-stack template", "S3 Error Code: NoSuchBucket")


class LaunchFailedError(PenstockError):
    """The stack was refused or rolled back; `events` are those of the resources that failed, one line each."""

    def __init__(self, message: str, events: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.events = events

    @property
    def not_rehearsed(self) -> bool:
        """Whether it failed only because of what cannot be rehearsed."""
        return all(map(is_not_rehearsed, self.events or [str(self)]))


class Stack(NamedTuple):
    """A stack to launch: its name, its template's text and parameters; `account`: another one than the rehearsal's.

    `places` says where in the user's file a resource stands, by its logical id.
    """

    name: str
    template: str
    account: str | None = None
    parameters: Mapping[str, str] = NO_PARAMETERS
    places: Mapping[str, str] = NO_PARAMETERS


def is_not_rehearsed(reason: str) -> bool:
    """Whether a stack failed for this reason because something in it cannot be rehearsed, where AWS would go on."""
    return CANNOT in reason


def launch(emulator: Emulator, stack: Stack, tell: Callable[[str], None] = lambda _words: None) -> str:
    """Create a stack, other parameters at their defaults; its id.

    `tell` hears what a launch that takes its time is waiting for. Raises LaunchFailedError.
    """
    cloudformation = emulator.client("cloudformation", account=stack.account)
    parameters = [{"ParameterKey": name, "ParameterValue": value} for name, value in stack.parameters.items()]
    try:
        identity: str = cloudformation.create_stack(
            StackName=stack.name,
            Parameters=parameters,
            Capabilities=list(CAPABILITIES),
            **_template(emulator, stack),
        )["StackId"]
    except ClientError as refused:
        raise LaunchFailedError(f"stack {stack.name} was refused: {refused.response['Error']['Message']}") from None
    waits = Waits(partial(emulator.client, account=stack.account), tell)
    status, reason = settled(cloudformation, identity, lambda: waits.of_stack(stack.name))
    if status != "CREATE_COMPLETE":
        why = f": {reason}" if reason else ""
        raise LaunchFailedError(
            f"stack {stack.name} is {status}{why}", tuple(_failures(cloudformation, identity, stack.places))
        )
    return identity


def _template(emulator: Emulator, stack: Stack) -> Mapping[str, str]:
    if len(stack.template.encode()) <= limits.TEMPLATE_INLINE_BYTES:
        return {"TemplateBody": stack.template}
    # A name of a bucket is nobody else's, whatever the account.
    bucket = f"{_BUCKET}-{stack.account}" if stack.account else _BUCKET
    s3, key = emulator.client("s3", account=stack.account), f"{stack.name}.yaml"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key=key, Body=stack.template.encode())
    return {"TemplateURL": f"{emulator.endpoint}/{bucket}/{key}"}


def settled(cloudformation: Any, stack: str, silent: Callable[[], None]) -> tuple[str, str]:
    """Status and reason of the stack, once nothing is under way; `silent` is called while that takes long."""
    since = time.monotonic()
    while True:
        current = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
        if not current["StackStatus"].endswith("_IN_PROGRESS"):
            return current["StackStatus"], current.get("StackStatusReason", "")
        if time.monotonic() - since > SILENCE_SECONDS:
            silent()
            since = time.monotonic()
        time.sleep(_POLL_SECONDS)


def _failures(cloudformation: Any, stack: str, places: Mapping[str, str]) -> Iterator[str]:
    pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack)
    events = [event for page in pages for event in page["StackEvents"]]
    for event in reversed(events):
        if event["ResourceStatus"].endswith("_FAILED") and event["PhysicalResourceId"] != stack:
            reason = event.get("ResourceStatusReason", "no reason given")
            name = event["LogicalResourceId"]
            if name in places and any(words in reason for words in _ELSEWHERE):
                reason = f"{reason} ({CANNOT}: what lies in another account, or was not made by this template)"
            place = f"{places[name]}: " if name in places else ""
            yield f"{place}{event['ResourceStatus']} {name} ({event['ResourceType']}): {reason}"
