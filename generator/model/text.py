"""Texts and other values of a template.

A *text* is the text of CloudFormation's `Fn::Sub`: `${ServiceName}` and pseudo parameters are resolved when the
stack is launched, so that one template serves many services. Foreign text enters through `literal`.
`#{Source.CommitId}` inside a text is a CodePipeline variable, resolved when the action runs.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

Text = str
Json = Any

NOTHING: Mapping[str, Any] = MappingProxyType({})
"""The default of what may be left out: nobody can put anything into it."""


def reference(logical_id: str) -> Text:
    """What CloudFormation's `Ref` says of a resource or parameter."""
    return f"${{{logical_id}}}"


def arn(logical_id: str) -> Text:
    """The ARN of a resource whose `Ref` is something else."""
    return attribute(logical_id, "Arn")


def attribute(logical_id: str, name: str) -> Text:
    """What CloudFormation's `Fn::GetAtt` says of a resource."""
    return f"${{{logical_id}.{name}}}"


def literal(text: str) -> Text:
    """Foreign text as a text in which nothing is substituted."""
    return text.replace("${", "${!")


def resolved(text: Text, service: str) -> str:
    """What a text is for a service, as far as that is known before launch; pseudo parameters stay as they are."""
    return text.replace("${ServiceName}", service).replace("${!", "${")


def lowered(stack: Text) -> Text:
    """A stack's name as names of buckets have it, in lower case: CloudFormation has no function for it."""
    return stack.lower().replace("${servicename}", "${ServiceName}")


def as_json(value: Json) -> Text:
    """Compact JSON with sorted keys: a configuration value of an action may hold 1,000 characters."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
