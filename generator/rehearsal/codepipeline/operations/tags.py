"""Operations on the tags of pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.aws_rules import limits
from generator.rehearsal.codepipeline.operations.pages import page
from generator.rehearsal.codepipeline.service_state import ServiceState
from generator.rehearsal.codepipeline.state import PipelineState
from generator.rehearsal.service import Caller, ServiceError

MOST_SHOWN = 100
PARTS_OF_ARN = 6


def list_tags(service: ServiceState, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """ListTagsForResource, by key."""
    state = _line(service, request["resourceArn"])
    shown, more = page(sorted(state.tags.items()), request, MOST_SHOWN)
    return {"tags": [{"key": key, "value": value} for key, value in shown], **more}


def tag(service: ServiceState, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """TagResource: adds tags, or gives them new values."""
    state = _line(service, request["resourceArn"])
    tags = state.tags | {item["key"]: item["value"] for item in request["tags"]}
    refuse_bad_tags(tags)
    state.tags = tags
    return {}


def untag(service: ServiceState, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """UntagResource: takes tags away; those that are not there are no mistake."""
    state = _line(service, request["resourceArn"])
    state.tags = {key: value for key, value in state.tags.items() if key not in request["tagKeys"]}
    return {}


def refuse_bad_tags(tags: Mapping[str, str]) -> None:
    """Raise ServiceError for more tags than AWS allows, or for keys it keeps to itself."""
    if len(tags) > limits.TAGS:
        raise ServiceError("TooManyTagsException", f"A resource can have at most {limits.TAGS} tags")
    for key in sorted(tags):
        if key.lower().startswith("aws:"):
            raise ServiceError("InvalidTagsException", f"Tag key '{key}' begins with the reserved prefix 'aws:'")


def _line(service: ServiceState, arn: str) -> PipelineState:
    parts = arn.split(":")
    if len(parts) != PARTS_OF_ARN or parts[2] != "codepipeline":
        raise ServiceError("InvalidArnException", f"'{arn}' is not the ARN of a pipeline")
    state = service.pipelines.get(parts[5])
    if state is None or service.arn(parts[5]) != arn:
        raise ServiceError("ResourceNotFoundException", f"There is no resource with the ARN '{arn}'")
    return state


OPERATIONS = {"ListTagsForResource": list_tags, "TagResource": tag, "UntagResource": untag}
