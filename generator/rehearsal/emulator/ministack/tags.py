# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's tags of resources, by their ARNs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ministack.services import apigateway_v1, cognito, stepfunctions, tagging

from generator.rehearsal.emulator.ministack.apigateway import http_api

_ARN_FIELDS = 6


def resource_tags(arn: str) -> Mapping[str, str]:
    """The tags of a resource; none when it is not there."""
    parts = arn.split(":", _ARN_FIELDS - 1)
    by_id = _BY_ID.get(parts[2]) if len(parts) == _ARN_FIELDS else None
    return by_id(arn) if by_id else tagging.resource_tags(arn) or {}


def _of_api(arn: str) -> Mapping[str, str]:
    """Below a REST API, a domain name or a usage plan everything has its tags; below an HTTP API nothing does.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html
    """
    prefix, _, path = arn.partition("::/")
    kind, _, rest = path.partition("/")
    if kind == "apis":
        tags: Mapping[str, str] = (http_api(rest) or {}).get("tags", {})
        return tags
    return apigateway_v1._v1_tags.get(f"{prefix}::/{kind}/{rest.partition('/')[0]}") or {}


def _of_user_pool(arn: str) -> Mapping[str, str]:
    tags: Mapping[str, str] = (cognito._user_pools.get(arn.rpartition("/")[2]) or {}).get("UserPoolTags", {})
    return tags


def _of_state_machine(arn: str) -> Mapping[str, str]:
    return {tag["key"]: tag["value"] for tag in stepfunctions._tags.get(arn) or ()}


_BY_ID: Mapping[str, Callable[[str], Mapping[str, str]]] = {
    "apigateway": _of_api,
    "cognito-idp": _of_user_pool,
    "states": _of_state_machine,
}
