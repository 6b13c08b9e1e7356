# ruff: noqa: SLF001 - like internals, this file exists to be the one that touches ministack's private names
"""The one file that imports ministack's IAM: who calls, what they hold, and where each call is judged."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from ministack.core import iam_actions, iam_evaluator, responses
from ministack.services import iam, kms, s3, sns, sts, tagging

from generator.rehearsal.service import Credentials

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
    """Why a call is refused: `words` are AWS's; `explicit` when a Deny did it."""

    words: str
    explicit: bool


Judge = Callable[[Call], "Refusal | None"]
_request: ContextVar[tuple[Mapping[str, str], bytes, Mapping[str, Any]]] = ContextVar("request", default=({}, b"", {}))
_calling_key: ContextVar[str] = ContextVar("calling_key", default="")
_words: ContextVar[str] = ContextVar("words", default="")
ANONYMOUS = "anonymous"
"""Who calls without keys: a bucket's own policy may let everybody in, and nothing else can."""
_SIGNATURE_FIELD = re.compile(rb'name="(x-amz-)?signature"', re.IGNORECASE)
_ALWAYS = "sts:GetCallerIdentity"


def know_root_by(keys: Credentials, account: str) -> None:
    """Let the root be who signs with these keys, and nobody else.

    ministack takes a key that is the number of an account, or "test", for a root's without looking at its signature.
    """
    sts.register_session(
        keys.access_key,
        {
            "Arn": f"arn:aws:iam::{account}:root",
            "UserId": account,
            "SecretAccessKey": keys.secret_key,
            "AccountId": account,
            "PrincipalType": "Root",
        },
    )
    for module in (iam_evaluator, sts):
        module.is_root_access_key = lambda access_key_id: not access_key_id


def remember_request(headers: Mapping[str, str], body: bytes, parameters: Mapping[str, Any]) -> None:
    """Keep what the request at hand says until it is judged, which ministack does by its ARN alone."""
    _request.set((headers, body, parameters))


def judge_calls(judge: Judge) -> None:
    """Let `judge` decide on each call of a user or a role; who calls is still ministack's to find out."""
    known = iam_evaluator.enforce

    def enforce(
        access_key_id: str,
        iam_action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: dict[str, Any] | None = None,
    ) -> Any:
        if service == "s3" and not access_key_id and not _is_signed_form():
            return _refused(judge, Call(ANONYMOUS, iam_action, resource_arn, region, service, service_context or {}))
        caller = _caller(access_key_id)
        if caller is None:
            return known(access_key_id, iam_action, service, region, resource_arn, service_context)
        # No policy refuses this action, so that what comes back is about keys and signatures alone.
        unproven = known(access_key_id, _ALWAYS, service, region)
        if unproven is not None or iam_action in iam_evaluator._ALWAYS_ALLOWED_ACTIONS:
            return unproven
        _calling_key.set(access_key_id)
        keys = {**(service_context or {}), **iam_evaluator._principal_keys(caller)}
        call = Call(caller.principal_arn, iam_action, resource_arn, region, service, keys, *_request.get())
        return _refused(judge, call)

    iam_evaluator.enforce = enforce
    _word_refusals()


def _refused(judge: Judge, call: Call) -> Any:
    refusal = judge(call)
    if refusal is None:
        return None
    _words.set(refusal.words)
    decision = "Deny" if refusal.explicit else "ImplicitDeny"
    return iam_evaluator.EvalResult(decision, call.principal, reason=refusal.words)


def _is_signed_form() -> bool:
    """Whether the request is a form whose fields are signed, which S3 looks at itself.

    https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
    """
    headers, body, _ = _request.get()
    return headers.get("content-type", "").startswith("multipart/form-data") and bool(_SIGNATURE_FIELD.search(body))


def _caller(access_key_id: str) -> Any:
    """The credential of a user or a role session; None for the root, for nobody, and for keys that are not good."""
    account = responses._account_from_sts_session(access_key_id) or responses.get_account_id()
    found = iam_evaluator.resolve_credential(access_key_id or "", account)
    return found if getattr(found, "principal_type", "") in {"User", "AssumedRole"} else None


def _word_refusals() -> None:
    known = iam_actions.access_denied_response

    def access_denied_response(*arguments: Any, **named: Any) -> Any:
        words = _words.get()
        _words.set("")
        if words and not named.get("error_code"):
            named["message"] = words
        return known(*arguments, **named)

    iam_actions.access_denied_response = access_denied_response


def role(account: str, name: str) -> Record | None:
    """The record of a role."""
    found: Record | None = iam._roles.get_scoped(account, None, name)
    return found


def user(account: str, name: str) -> Record | None:
    """The record of a user."""
    found: Record | None = iam._users.get_scoped(account, None, name)
    return found


def user_policies(name: str) -> Mapping[str, Any]:
    """A user's inline policies by name, and those of its groups."""
    found = dict(iam._user_inline_policies.get(name) or {})
    for group_name, group in iam._groups.items():
        if name in group.get("Users", []):
            found |= iam._group_inline_policies.get(group_name) or {}
    return found


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


def know_managed_policies(documents: Callable[[], Mapping[str, str]]) -> None:
    """Let IAM have these policies of AWS's own, by path and name, and no others; they are asked for when needed."""
    lookup, listing = iam._lookup_policy, iam._IAM_HANDLERS["ListPolicies"]
    policies = iam._aws_managed_policies

    def fill() -> None:
        if len(policies) != len(documents()):
            policies.clear()
            for name, document in documents().items():
                record = iam._make_aws_managed_record(name, document)
                policies[record["Arn"]] = record

    def looked_up(arn: str) -> Any:
        if iam._is_aws_managed_arn(arn):
            fill()
        return lookup(arn)

    def listed(parameters: Any) -> Any:
        fill()
        return listing(parameters)

    iam._lookup_policy = looked_up
    iam._IAM_HANDLERS["ListPolicies"] = listed


def judge_attachments(refused: Callable[[str], tuple[str, int, str] | None]) -> None:
    """Attach a managed policy only where `refused(its ARN)` has no error (code, status, message) to answer."""
    for holder in ("Role", "User", "Group"):
        _judge_attachment(f"Attach{holder}Policy", f"_attach_{holder.lower()}_policy", refused)


def _judge_attachment(operation: str, name: str, refused: Callable[[str], tuple[str, int, str] | None]) -> None:
    known = getattr(iam, name)

    def attach(parameters: Any) -> Any:
        refusal = refused(str(iam._p(parameters, "PolicyArn")))
        if refusal is None:
            return known(parameters)
        code, status, message = refusal
        return iam._error(status, code, message, ns="iam")

    setattr(iam, name, attach)
    iam._IAM_HANDLERS[operation] = attach


def bound(name: str, boundary: str) -> None:
    """Let a role of the account at hand have a permissions boundary (an ARN), or none when it is empty."""
    iam._roles[name]["PermissionsBoundary"] = boundary or None


def session_policies(principal: str) -> Record | None:
    """The session policies of the session that calls just now, if that is who is asked about."""
    session = sts._sessions.get(_calling_key.get()) or {}
    found: Record | None = session.get("SessionPolicies") if session.get("Arn") == principal else None
    return found


def own_policy(service: str, arn: str) -> tuple[Any, str] | None:
    """The policy of a resource (empty when it has none) and its owner's account; None when nothing like it has one."""
    lookup = iam_evaluator._RESOURCE_POLICY_LOOKUPS.get(service)
    if lookup is None or not arn.startswith("arn:"):
        return None
    found: tuple[Any, str] | None = getattr(importlib.import_module(f"ministack.services.{lookup[0]}"), lookup[1])(arn)
    return found


def resource_tags(arn: str) -> Mapping[str, str]:
    """The tags of a resource; none when it is not there."""
    return tagging.resource_tags(arn) or {}


def bucket_key(bucket: str) -> str:
    """The KMS key new objects of a bucket are encrypted with by default; empty for none or S3's own."""
    found: str = s3._bucket_default_sse_headers(bucket).get(_KEY_HEADER, "")
    return found


def has_bucket_key(bucket: str) -> bool:
    """Whether a bucket spares KMS calls with a key of its own."""
    return "<BucketKeyEnabled>true" in (s3._bucket_encryption.get(bucket) or "")


def object_key(bucket: str, name: str) -> str:
    """The KMS key an object said it is encrypted with; empty when it did not say, or is not there."""
    found = ((s3._buckets.get(bucket) or {}).get("objects") or {}).get(name) or {}
    return str((found.get("preserved_headers") or {}).get(_KEY_HEADER, ""))


def topic_key(arn: str) -> str:
    """The KMS key of a topic; empty for none."""
    found = sns._topics.get(arn) or {}
    return str((found.get("attributes") or {}).get("KmsMasterKeyId", ""))


def key_arn(named: str) -> str:
    """The ARN of the key that an id, alias or ARN names; what was named when there is no such key."""
    found = kms._resolve_key(named)
    return str(found["Arn"]) if found else named


_KEY_HEADER = "x-amz-server-side-encryption-aws-kms-key-id"
