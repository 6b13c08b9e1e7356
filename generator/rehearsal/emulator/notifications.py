"""CodeStar Notifications: rules that would notify somebody of a pipeline's events. They are kept; nobody is notified.

https://docs.aws.amazon.com/codestar-notifications/latest/APIReference/
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from generator.rehearsal.emulator.operations import Request, TableOfOperations, page
from generator.rehearsal.service import Caller, ServiceError, Surroundings

_MUTABLE = ("Name", "Status", "EventTypeIds", "Targets", "DetailType")


class Notifications(TableOfOperations):
    """Rules by ARN."""

    def __init__(self, _surroundings: Surroundings) -> None:
        self._rules: dict[str, dict[str, Any]] = {}
        super().__init__(
            {
                "CreateNotificationRule": self._create,
                "DeleteNotificationRule": self._delete,
                "DescribeNotificationRule": self._describe,
                "ListNotificationRules": self._list,
                "UpdateNotificationRule": self._update,
            },
            "ValidationException",
        )

    def _create(self, request: Request, caller: Caller) -> dict[str, Any]:
        if any(rule["Name"] == request["Name"] for rule in self._rules.values()):
            raise ServiceError(
                "ResourceAlreadyExistsException", f"A rule with the name {request['Name']} already exists."
            )
        arn = (
            f"arn:aws:codestar-notifications:{caller.region}:{caller.account}"
            f":notificationrule/{uuid.uuid4().hex}{uuid.uuid4().hex[:8]}"
        )
        now = datetime.now(UTC)
        self._rules[arn] = {
            **{name: request[name] for name in ("Resource", *_MUTABLE) if name in request},
            "Arn": arn,
            "Status": request.get("Status", "ENABLED"),
            "Tags": dict(request.get("Tags", {})),
            "CreatedBy": caller.arn or f"arn:aws:iam::{caller.account}:root",
            "CreatedTimestamp": now,
            "LastModifiedTimestamp": now,
        }
        return {"Arn": arn}

    def _rule(self, request: Request) -> dict[str, Any]:
        rule = self._rules.get(request["Arn"])
        if rule is None:
            raise ServiceError("ResourceNotFoundException", f"{request['Arn']} not found")
        return rule

    def _describe(self, request: Request, _caller: Caller) -> dict[str, Any]:
        rule = self._rule(request)
        shown = {name: value for name, value in rule.items() if name not in {"EventTypeIds", "Targets"}}
        return {
            **shown,
            "EventTypes": [_event_type(name) for name in rule["EventTypeIds"]],
            "Targets": [{**target, "TargetStatus": "ACTIVE"} for target in rule["Targets"]],
        }

    def _update(self, request: Request, _caller: Caller) -> dict[str, Any]:
        rule = self._rule(request)
        rule.update({name: request[name] for name in _MUTABLE if name in request})
        rule["LastModifiedTimestamp"] = datetime.now(UTC)
        return {}

    def _delete(self, request: Request, _caller: Caller) -> dict[str, Any]:
        gone = self._rules.pop(request["Arn"], None)
        return {"Arn": request["Arn"]} if gone else {}

    def _list(self, request: Request, _caller: Caller) -> dict[str, Any]:
        rules = [{"Id": arn.rpartition("/")[2], "Arn": arn} for arn in sorted(self._rules)]
        refused = ServiceError("InvalidNextTokenException", "The token is not valid.")
        shown, token = page(rules, request.get("NextToken"), request.get("MaxResults") or 100, refused)
        return {"NotificationRules": shown, "NextToken": token}


def _event_type(identifier: str) -> dict[str, str]:
    """What the API returns for an event type's id: "codepipeline-pipeline-pipeline-execution-failed"."""
    service, resource, name = (*identifier.split("-", 2), "", "")[:3]
    return {
        "EventTypeId": identifier,
        "ServiceName": service,
        "ResourceType": resource.capitalize(),
        "EventTypeName": name.replace("-", " ").capitalize(),
    }
