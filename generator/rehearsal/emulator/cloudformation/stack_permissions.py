"""For whom CloudFormation works, and whether they may: every call of a stack operation is asked of IAM first.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
"""

from __future__ import annotations

import contextvars
from collections.abc import Iterable
from typing import Any

from generator.rehearsal.emulator.authorizer import Authorizer
from generator.rehearsal.emulator.cloudformation.resource import ResourceError
from generator.rehearsal.emulator.encryption import key_behind
from generator.rehearsal.emulator.ledger import Ledger
from generator.rehearsal.emulator.ministack import cloudformation_types, context, iam, s3
from generator.rehearsal.emulator.ministack.cloudformation_resources import StackResource
from generator.rehearsal.iam.cloudformation_calls import templates
from generator.rehearsal.iam.cloudformation_calls.calls import Kind
from generator.rehearsal.iam.cloudformation_calls.questions import Needed, to_create, to_delete, to_update
from generator.rehearsal.iam.cloudformation_calls.types import kind_of
from generator.rehearsal.iam.cloudformation_calls.values import Here, Resource
from generator.rehearsal.iam.denial import for_deploy_role, remedy
from generator.rehearsal.iam.question import CLOUDFORMATION, Question

SESSION = "AWSCloudFormation"
"""What CloudFormation calls its sessions of a stack's role."""

principal: contextvars.ContextVar[str] = contextvars.ContextVar("penstock_stack_principal", default="")
"""For whom the stack operation at hand works; empty for the account's root, who may do everything."""


class StackPermissions:
    """The judge of every operation on a resource."""

    def __init__(self, authorizer: Authorizer, ledger: Ledger) -> None:
        self._authorizer = authorizer
        self._ledger = ledger

    def create(self, resource: StackResource) -> None:
        """Ask for what creating it calls. Raises ResourceError, as all of these."""
        if kind := self._listed(resource):
            here = here_for(resource.stack)
            self._require(to_create(kind, resource.logical_id, resource.properties, here), kind.type)

    def update(self, old: StackResource, new: StackResource) -> None:
        """Ask for what changing it calls, or creating the one that takes its place."""
        kind = self._listed(new)
        if kind is None:
            return
        if cloudformation_types.replaces(new.type, old.properties, new.properties):
            self.create(new)
            return
        changed = Resource(new.logical_id, new.physical_id, new.properties)
        self._require(to_update(kind, changed, old.properties, here_for(new.stack)), kind.type)

    def delete(self, gone: StackResource) -> None:
        """Ask for what deleting it calls."""
        if kind := self._listed(gone):
            resource = Resource(gone.logical_id, gone.physical_id, gone.properties)
            self._require(to_delete(kind, resource, here_for(gone.stack)), kind.type)

    def resolve(self, properties: Any) -> None:
        """Ask for reading its dynamic references."""
        if principal.get():
            self._require(templates.references(properties, here_for("")), "")

    def _listed(self, touched: StackResource) -> Kind | None:
        """The list of its type, if there is anybody to ask for; a type without one is noted."""
        if not principal.get():
            return None
        kind = kind_of(touched.type)
        if kind is None:
            self._ledger.unchecked(touched.type)
        return kind

    def _require(self, needs: Iterable[Needed], resource_type: str) -> None:
        for need in needs:
            refused = refusal_of(self._authorizer, principal.get(), need)
            if refused:
                raise ResourceError(_as_handlers_say(refused, need, resource_type))


def here_for(stack: str) -> Here:
    """Where a stack is."""
    return Here(
        context.region(),
        context.account(),
        stack,
        key_of_bucket=lambda bucket: key_behind(s3.bucket_key(bucket)),
        key_arn=key_behind,
        role=_role(principal.get()),
    )


def _role(session: str) -> str:
    """The role that CloudFormation works under; empty when it works for the caller."""
    kind, _, rest = session.partition(":assumed-role/")
    name, _, session_name = rest.partition("/")
    if session_name != SESSION:
        return ""
    account = kind.split(":")[4]
    return str((iam.role(account, name) or {}).get("Arn") or f"arn:aws:iam::{account}:role/{name}")


def refusal_of(authorizer: Authorizer, who: str, need: Needed) -> str:
    """Why somebody may not, in AWS's words and with the statement that would help; empty when they may."""
    context = {**need.context, **dict.fromkeys(need.unset)}
    question = Question(who, need.action, need.resource, context, behind=CLOUDFORMATION)
    answer = authorizer.ask(question)
    if answer.allowed:
        return ""
    helps = remedy(question, answer)
    if not helps:
        return answer.why
    pasted = for_deploy_role(helps)
    ours = f"; in the pipeline file: {pasted}" if pasted else ""
    return f"{answer.why} (statement that would allow it: {helps}{ours})"


def _as_handlers_say(refused: str, need: Needed, resource_type: str) -> str:
    """A refusal as stack events word it: the handler's of a type, or CloudFormation's own before any handler."""
    denial, _, helps = refused.partition(" (statement")
    service = need.action.partition(":")[0].capitalize()
    words = f"{denial} (Service: {service}, Status Code: 403)"
    if resource_type:
        words = f'Resource handler returned message: "{words}" (HandlerErrorCode: AccessDenied)'
    return f"{words} (statement{helps}" if helps else words
