# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's IAM: who calls, which policies they have, and where each call is judged."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from ministack.core import iam_evaluator, responses
from ministack.services import iam

from generator.rehearsal.emulator.ministack import context, owners, sts
from generator.rehearsal.emulator.ministack.interception import Intercepted

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an AWS API as IAM sees it, by a user or a role session.

    `body` and `parameters` are the whole request's, for what it asks for besides itself.
    """

    principal: str
    action: str
    resource: str
    region: str
    service: str
    keys: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a call is refused: `message` is in AWS's words; `explicit` when a Deny did it."""

    message: str
    explicit: bool


Judge = Callable[[Call], "Refusal | None"]
ResourceOf = Callable[[str, Mapping[str, str], bytes, str, str], "str | None"]

_enforce = Intercepted("ministack.core.iam_evaluator.enforce")
_access_denied = Intercepted("ministack.core.iam_actions.access_denied_response")
_resource_arn = Intercepted("ministack.core.iam_actions.extract_resource_arn")
_error = Intercepted("ministack.services.iam._error")
_lookup_policy = Intercepted("ministack.services.iam._lookup_policy")
_attachments = (
    Intercepted("ministack.services.iam._attach_group_policy"),
    Intercepted("ministack.services.iam._attach_role_policy"),
    Intercepted("ministack.services.iam._attach_user_policy"),
)
_NOT_FOUND = re.compile(r"^(Role|User|Group) (\S+) not found\.$")
_calling_key: ContextVar[str] = ContextVar("calling_key", default="")
_message: ContextVar[str] = ContextVar("message", default="")
ANONYMOUS = "anonymous"
"""Who calls without keys: a bucket's own policy may let everybody in, and nothing else can."""
_SIGNATURE_FIELD = re.compile(rb'name="(x-amz-)?signature"', re.IGNORECASE)
_ALWAYS = "sts:GetCallerIdentity"


def name_resources(resource_of: ResourceOf) -> None:
    """Let `resource_of(service, headers, body, region, account)` name the ARN IAM judges; None: as before.

    It is the one moment the whole request passes by on its way to IAM, so the judge's copy is taken here.
    """

    def extract(  # noqa: PLR0913, PLR0917 - ministack's signature
        inner: Callable[..., str],
        service: str,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
        query_params: dict[str, Any],
        region: str,
        account_id: str,
    ) -> str:
        context.note_request(headers, body, query_params)
        arn = resource_of(service, headers, body, region, account_id)
        return arn or inner(service, method, path, headers, body, query_params, region, account_id)

    _resource_arn.around(extract)


def caller_arn() -> str | None:
    """The principal of the request being answered; None for the account's root."""
    arn = str(iam_evaluator.caller_arn())
    return None if arn.endswith(":root") else arn


def judge_calls(judge: Judge) -> None:
    """Let `judge` decide on each call of a user or a role; who calls is still ministack's to find out."""

    def enforce(  # noqa: PLR0913, PLR0917 - ministack's signature
        inner: Callable[..., Any],
        access_key_id: str,
        iam_action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: dict[str, Any] | None = None,
    ) -> Any:
        if service == "s3" and not access_key_id and not _is_signed_form():
            return _refused(judge, Call(ANONYMOUS, iam_action, resource_arn, region, service, service_context or {}))
        owners.let_in("")
        caller = _caller(access_key_id, resource_arn)
        if caller is None:
            return inner(access_key_id, iam_action, service, region, resource_arn, service_context)
        # No policy refuses this action, so that what comes back is about keys and signatures alone.
        unproven = inner(access_key_id, _ALWAYS, service, region)
        if unproven is not None or iam_action in iam_evaluator._ALWAYS_ALLOWED_ACTIONS:
            return unproven
        _calling_key.set(access_key_id)
        keys = {**(service_context or {}), **iam_evaluator._principal_keys(caller)}
        call = Call(caller.principal_arn, iam_action, resource_arn, region, service, keys, *context.noted_request())
        refused = _refused(judge, call)
        owners.let_in("" if refused else resource_arn)
        return refused

    _enforce.around(enforce)
    _access_denied.around(_with_message)
    _error.around(_in_words_of_aws)


def _in_words_of_aws(inner: Any, status: int, code: str, message: str, *more: Any, **named: Any) -> Any:
    """AWS's sentence for a role, user or group that is not there: programs look for it, those of osls among them."""
    if code == "NoSuchEntity":
        message = _NOT_FOUND.sub(lambda match: f"The {match[1].lower()} with name {match[2]} cannot be found.", message)
    return inner(status, code, message, *more, **named)


def _refused(judge: Judge, call: Call) -> Any:
    refusal = judge(call)
    if refusal is None:
        return None
    _message.set(refusal.message)
    decision = "Deny" if refusal.explicit else "ImplicitDeny"
    return iam_evaluator.EvalResult(decision, call.principal, reason=refusal.message)


def _is_signed_form() -> bool:
    """Whether the request is a form whose fields are signed, which S3 looks at itself.

    https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
    """
    headers, body, _ = context.noted_request()
    return headers.get("content-type", "").startswith("multipart/form-data") and bool(_SIGNATURE_FIELD.search(body))


def _caller(access_key_id: str, resource: str) -> Any:
    """The credential of a user or a role session, and of a root who is about another account's resource.

    None for a root in its own account, for nobody, and for keys that are not good.
    """
    account = responses._account_from_sts_session(access_key_id) or context.account()
    credential = iam_evaluator.resolve_credential(access_key_id or "", account)
    abroad = owners.owner_of(resource) not in {"", account}
    judged = {"User", "AssumedRole", *(["Root"] if abroad else [])}
    return credential if getattr(credential, "principal_type", "") in judged else None


def _with_message(inner: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    message = _message.get()
    _message.set("")
    if message and not named.get("error_code"):
        named["message"] = message
    return inner(*arguments, **named)


def role(account: str, name: str) -> Record | None:
    """The record of a role."""
    record: Record | None = iam._roles.get_scoped(account, None, name)
    return record


def user(account: str, name: str) -> Record | None:
    """The record of a user."""
    record: Record | None = iam._users.get_scoped(account, None, name)
    return record


def user_policies(name: str) -> Mapping[str, Any]:
    """A user's inline policies by name, and those of its groups."""
    policies = dict(iam._user_inline_policies.get(name) or {})
    for group_name, group in iam._groups.items():
        if name in group.get("Users", []):
            policies |= iam._group_inline_policies.get(group_name) or {}
    return policies


def user_attached(name: str, record: Record) -> list[str]:
    """The ARNs of the managed policies of a user and of its groups."""
    groups = [group for _, group in iam._groups.items() if name in group.get("Users", [])]
    return [arn for holder in (record, *groups) for arn in holder.get("AttachedPolicies", [])]


def managed_policy(arn: str, account: str) -> Any:
    """The document of a managed policy; None when there is none."""
    return iam_evaluator._resolve_managed_policy_document(arn, account)


def has_policy(arn: str) -> bool:
    """Whether AWS, or the account at hand, has a managed policy."""
    return bool(iam._policy_exists(arn))


def add_policy(arn: str, account: str, document: str) -> None:
    """Let an account, the one at hand, have a managed policy: by its ARN, and by that with the account's own number."""
    number = arn.split(":")[4]
    record = iam._make_aws_managed_record(arn.partition(":policy/")[2], document)
    for name in {arn, arn.replace(f":{number}:", f":{account}:")}:
        iam._policies[name] = {**record, "Arn": name}


def know_managed_policies(documents: Callable[[], Mapping[str, str]]) -> None:
    """Let IAM have these policies of AWS's own, by path and name, and no others; they are asked for when needed."""
    policies, listing = iam._aws_managed_policies, iam._IAM_HANDLERS["ListPolicies"]

    def fill() -> None:
        if len(policies) != len(documents()):
            policies.clear()
            for name, document in documents().items():
                record = iam._make_aws_managed_record(name, document)
                policies[record["Arn"]] = record

    def look_up(inner: Callable[[str], Any], arn: str) -> Any:
        if iam._is_aws_managed_arn(arn):
            fill()
        return inner(arn)

    def list_policies(parameters: Any) -> Any:
        fill()
        return listing(parameters)

    _lookup_policy.around(look_up)
    iam._IAM_HANDLERS["ListPolicies"] = list_policies


def judge_attachments(refused: Callable[[str], tuple[str, int, str] | None]) -> None:
    """Attach a managed policy only where `refused(its ARN)` has no error (code, status, message) to answer."""

    def attach(inner: Callable[[Any], Any], parameters: Any) -> Any:
        refusal = refused(str(iam._p(parameters, "PolicyArn")))
        if refusal is None:
            return inner(parameters)
        code, status, message = refusal
        return iam._error(status, code, message, ns="iam")

    for attachment in _attachments:
        attachment.around(attach)
    iam._IAM_HANDLERS.update(
        {
            "AttachGroupPolicy": iam._attach_group_policy,
            "AttachRolePolicy": iam._attach_role_policy,
            "AttachUserPolicy": iam._attach_user_policy,
        }
    )


def set_boundary(name: str, boundary: str) -> None:
    """Let a role of the account at hand have a permissions boundary (an ARN), or none when it is empty."""
    iam._roles[name]["PermissionsBoundary"] = boundary or None


def boundary_of(account: str, request: Mapping[str, Any]) -> str:
    """The permissions boundary of the role or user that a request of IAM's names; empty if there is none."""
    stores = (("RoleName", iam._roles), ("UserName", iam._users))
    records = (store.get_scoped(account, None, request[member]) for member, store in stores if member in request)
    return next((str(record.get("PermissionsBoundary") or "") for record in records if record), "")


def session_policies(principal: str) -> Record | None:
    """The session policies of the session that calls just now, if that is who is asked about."""
    session = sts.session(_calling_key.get()) or {}
    policies: Record | None = session.get("SessionPolicies") if session.get("Arn") == principal else None
    return policies


def resource_policy(service: str, arn: str) -> tuple[Any, str] | None:
    """The policy of a resource (empty when it has none) and its owner's account; None when nothing like it has one."""
    lookup = iam_evaluator._RESOURCE_POLICY_LOOKUPS.get(service)
    if lookup is None or not arn.startswith("arn:"):
        return None
    module, function = lookup
    with owners.at_home(arn):
        policy: tuple[Any, str] | None = getattr(importlib.import_module(f"ministack.services.{module}"), function)(arn)
    return policy
