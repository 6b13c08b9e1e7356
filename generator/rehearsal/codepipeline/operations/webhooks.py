"""Operations on webhooks: what starts a pipeline when GitHub tells of a push.

https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutWebhook.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.execution import NOT_REHEARSED
from generator.rehearsal.cloudformation.errors import CANNOT
from generator.rehearsal.codepipeline.operations.pages import page
from generator.rehearsal.codepipeline.service_state import ServiceState
from generator.rehearsal.service import Caller, ServiceError

MOST_SHOWN = 100
_REF = "$.ref"


def put(service: ServiceState, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """PutWebhook: makes a webhook, or changes the one of this name."""
    declared = dict(request["webhook"])
    service.pipeline(declared["targetPipeline"])
    for condition in declared["filters"]:
        if condition["jsonPath"] != _REF:
            what = f"a filter of webhook {declared['name']} by {condition['jsonPath']}; filters by {_REF} are"
            raise ServiceError(NOT_REHEARSED, f"{CANNOT}: {what}")
    service.webhooks[declared["name"]] = declared
    return {"webhook": _shown(service, declared)}


def delete(service: ServiceState, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """DeleteWebhook, which is no error when there is none."""
    service.webhooks.pop(request["name"], None)
    return {}


def listed(service: ServiceState, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """ListWebhooks, by name."""
    shown, more = page([service.webhooks[name] for name in sorted(service.webhooks)], request, MOST_SHOWN)
    token = {"NextToken": more["nextToken"]} if "nextToken" in more else {}
    return {"webhooks": [_shown(service, declared) for declared in shown], **token}


def register(service: ServiceState, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """RegisterWebhookWithThirdParty and its opposite: the repository here tells of every push in any case."""
    if request.get("webhookName") not in service.webhooks:
        raise ServiceError("WebhookNotFoundException", f"There is no webhook {request.get('webhookName')}")
    return {}


def _shown(service: ServiceState, declared: Mapping[str, Any]) -> dict[str, Any]:
    arn = f"arn:aws:codepipeline:{service.region}:{service.account}:webhook:{declared['name']}"
    url = f"https://webhooks.domain.com/trigger?{declared['name']}"
    return {"definition": dict(declared), "url": url, "arn": arn}


OPERATIONS = {
    "DeleteWebhook": delete,
    "DeregisterWebhookWithThirdParty": register,
    "ListWebhooks": listed,
    "PutWebhook": put,
    "RegisterWebhookWithThirdParty": register,
}
