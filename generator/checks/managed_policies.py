"""Managed policies that AWS does not have: nothing attaches them, and the stack fails when it is deployed.

https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.application.template import Resource, Template
from generator.application.values import text_of
from generator.aws_rules.iam import managed_policies
from generator.checks.phrases import nearest
from generator.document import Path, quote
from generator.errors import Problem

_ATTACHED = {
    **dict.fromkeys(("AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::User"), "ManagedPolicyArns"),
    **dict.fromkeys(("AWS::Serverless::Function", "AWS::Serverless::StateMachine"), "Policies"),
}
"""Type to the property that lists policies; SAM's takes names beside ARNs."""
_ARN = re.compile(r"arn:aws:iam::aws:policy/(?P<path>.+)")
_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]+")


def check_managed_policies(template: Template) -> Iterator[Problem]:
    """A warning for each policy that the dated list lacks: AWS may have made it since."""
    values = {**template.defaults(), "AWS::Partition": "aws"}
    for resource in template.resources.values():
        for path, named in _unknown(template, resource, values):
            message = f"AWS had no managed policy {quote(named)} on {managed_policies.as_of()}"
            yield template.problem(path, message, _closest(named), level="warning")


def _unknown(template: Template, resource: Resource, values: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    """Where a resource names policies of AWS's own that it has not, and these: by name, or as its ARN ends."""
    attached = _ATTACHED.get(resource.type, "")
    is_sam = attached == "Policies"
    arn = resource.properties.get(attached)
    place = template.place_of(resource.logical_id, attached)
    for index, value in enumerate(arn if isinstance(arn, list) else ()):
        yield from _if_unknown((*place, index), value, values, is_sam=is_sam)
    if is_sam:
        yield from _if_unknown(place, arn, values, is_sam=True)
    boundary = resource.properties.get("PermissionsBoundary") if attached else None
    yield from _if_unknown(
        template.place_of(resource.logical_id, "PermissionsBoundary"), boundary, values, is_sam=False
    )


def _if_unknown(path: Path, value: Any, values: Mapping[str, str], *, is_sam: bool) -> Iterator[tuple[Path, str]]:
    text = text_of(value, values) or ""
    arn = _ARN.fullmatch(text)
    if arn and arn["path"] not in managed_policies.documents():
        yield path, arn["path"]
    if is_sam and isinstance(value, str) and _NAME.fullmatch(text) and text not in managed_policies.by_name():
        yield path, text


def _closest(named: str) -> str:
    if named in managed_policies.by_name():
        return f"its ARN is {managed_policies.by_name()[named]}"
    near = nearest(named, [*managed_policies.documents(), *managed_policies.by_name()])
    return f"did you mean {near}?" if near else "see AWS's list of managed policies"
