"""Every call of a user or a role put to the one judge, with what the call asks for besides itself.

https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.rehearsal.emulator import encryption
from generator.rehearsal.emulator.ledger import Ledger
from generator.rehearsal.emulator.ministack.iam import Call, Refusal
from generator.rehearsal.emulator.pass_role import passed_by_actions, passed_connections, passed_roles
from generator.rehearsal.emulator.request_members import said
from generator.rehearsal.iam.authority import Authority
from generator.rehearsal.iam.question import Answer, Question, Value

_KEYS: Mapping[str, Mapping[str, str]] = {
    "cloudformation": {
        "RoleARN": "cloudformation:RoleArn",
        "ChangeSetName": "cloudformation:ChangeSetName",
        "TemplateURL": "cloudformation:TemplateUrl",
    },
    "lambda": {"Principal": "lambda:Principal", "FunctionName": "lambda:FunctionArn"},
}
"""Service -> member of a request -> the condition key that has its value."""


class Authorizer:
    """Asks about a call, then about what stands behind it; the first no refuses it, and is noted."""

    def __init__(self, authority: Authority, ledger: Ledger) -> None:
        self._authority = authority
        self._ledger = ledger

    def judge(self, call: Call) -> Refusal | None:
        """Why the call is refused; None when it is allowed."""
        for question in _questions(call):
            answer = self.ask(question)
            if not answer.allowed:
                return Refusal(answer.why, answer.explicit)
        return None

    def ask(self, question: Question) -> Answer:
        """The judge's answer; a refusal is noted for the report."""
        answer = self._authority.ask(question)
        if not answer.allowed:
            self._ledger.denied(question, answer)
        return answer


def _questions(call: Call) -> Iterator[Question]:
    yield Question(call.principal, call.action, call.resource, _context(call))
    yield from passed_roles(call)
    yield from passed_by_actions(call)
    yield from passed_connections(call)
    yield from encryption.behind(call)


def _context(call: Call) -> dict[str, Value]:
    """The condition keys of the request itself."""
    known = _KEYS.get(call.service, {})
    request = said(call) if known else {}
    named = {key: value for member, key in known.items() if isinstance(value := request.get(member), str)}
    return {"aws:RequestedRegion": call.region, "aws:ViaAWSService": "false", **_texts(call.keys), **named}


def _texts(keys: Mapping[str, Any]) -> dict[str, Value]:
    """The emulator's keys as texts; those without a value are not there."""
    return {key: text for key, value in keys.items() if (text := _text(value)) is not None}


def _text(value: Any) -> Value | None:
    if value is None:
        return None
    if isinstance(value, (list, tuple, set)):
        return tuple(str(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
