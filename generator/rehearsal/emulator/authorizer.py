"""Every call of a user or a role put to the one judge, with what the call asks for besides itself.

https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.rehearsal.emulator import encryption, object_rights
from generator.rehearsal.emulator.ledger import Ledger
from generator.rehearsal.emulator.ministack.iam import Call, Refusal
from generator.rehearsal.emulator.pass_role import passed_by_actions, passed_connections, passed_roles
from generator.rehearsal.emulator.request_keys import keys_of
from generator.rehearsal.emulator.request_members import members_of
from generator.rehearsal.iam.authority import Authority
from generator.rehearsal.iam.question import Answer, Question


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
        if answer.undecided:
            about = "; ".join(answer.unknown)
            self._ledger.refused(f"whether {question.principal} may {question.action} hangs on {about}")
        return answer


def _questions(call: Call) -> Iterator[Question]:
    yield Question(call.principal, call.action, call.resource, keys_of(call))
    yield from passed_roles(call)
    yield from passed_by_actions(call)
    yield from passed_connections(call)
    yield from _tagged_session(call)
    yield from object_rights.besides(call)
    yield from encryption.behind(call)


def _tagged_session(call: Call) -> Iterator[Question]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required."""
    if call.action == "sts:AssumeRole" and "Tags.member.1.Key" in members_of(call):
        yield Question(call.principal, "sts:TagSession", call.resource, keys_of(call))
