"""Principals and resources of the emulator as IAM's judge asks for them."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from generator.rehearsal.emulator.accounts import Accounts
from generator.rehearsal.emulator.ministack import iam, owners
from generator.rehearsal.emulator.ministack.tags import resource_tags
from generator.rehearsal.iam.policies import Policies, PrincipalPolicies, ResourcePolicy
from generator.rehearsal.iam.policy import Policy, PolicyError, read
from generator.rehearsal.iam.principals import Names
from generator.rehearsal.iam.question import Question, Value

_PRINCIPAL = re.compile(
    r"arn:aws[a-z-]*:(?:iam|sts)::(?P<account>\d{12}):"
    r"(?:(?P<root>root)|(?P<kind>user|role|assumed-role|federated-user)/(?P<rest>.+))"
)
_ASSUME = frozenset({"sts:AssumeRole", "sts:TagSession"})
_REQUIRED = frozenset({"kms"})
_DEFAULT_TOPIC_POLICY = "__default_policy_ID"
_SERVICES = {"states": "stepfunctions", "execute-api": "apigateway"}


class EmulatorDirectory:
    """Reads the emulator's records at the moment of each question. `accounts` are those that the rehearsal has."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def policies_of(self, principal: str) -> PrincipalPolicies:
        """What a principal holds; a service, and one the emulator does not know, holds nothing."""
        match = _PRINCIPAL.fullmatch(principal)
        if match is None:
            return PrincipalPolicies(Names(principal), keys={"aws:PrincipalIsAWSService": "true"})
        account, kind, rest = match["account"], match["kind"], match["rest"]
        if match["root"]:
            return PrincipalPolicies(Names(principal, account=account), keys=_keys(principal, account), everything=True)
        if kind == "user":
            return _user(principal, account, rest.rpartition("/")[2])
        name = rest.partition("/")[0] if kind == "assumed-role" else rest.rpartition("/")[2]
        return _role(principal, account, name)

    def resource_policy(self, question: Question) -> ResourcePolicy | None:
        """The policy of the question's resource, a role's trust policy where it is to be assumed."""
        if question.action in _ASSUME:
            return _trust(question.resource)
        service = question.action.partition(":")[0]
        record = (
            None
            if _is_key_elsewhere(question)
            else iam.resource_policy(_SERVICES.get(service, service), question.resource)
        )
        if record is None:
            return self._without_policy(question, service)
        document, owner = record
        if service == "sns":
            document = _topic_policy(document, owner)
        # An object's policy is that of its bucket.
        holder = question.resource.partition("/")[0] if service == "s3" else question.resource
        return ResourcePolicy(_read([("resource policy", document)], holder), owner, service in _REQUIRED)

    def _without_policy(self, question: Question, service: str) -> ResourcePolicy | None:
        """What has no policy of its own is its account's alone, and a key that is not there nobody's.

        Of an account that the rehearsal does not have nothing is known: it may be the user's own, by its real number.
        What the user's account has already is not all here either, keys among it.
        """
        named = owners.owner_of(question.resource)
        owner = named or [*question.principal.split(":"), "", "", "", "", ""][4]
        if question.resource == "*" or not self._accounts.has(owner):
            return None
        missing = owner != self._accounts.home or _is_key_elsewhere(question)
        return ResourcePolicy((), owner, required=service in _REQUIRED and missing)

    def keys(self, question: Question) -> Mapping[str, Value]:
        """The tags of the resource and the account it belongs to."""
        if question.resource == "*":
            return {}
        with owners.at_home(question.resource):
            tags = {f"aws:ResourceTag/{key}": value for key, value in resource_tags(question.resource).items()}
        account = owners.owner_of(question.resource)
        return {**tags, "aws:ResourceAccount": account} if account else tags


def _is_key_elsewhere(question: Question) -> bool:
    """Whether a service that uses a KMS key is in another region than the key, where nobody knows it.

    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    """
    via = str(question.context.get("kms:ViaService") or "")
    region = [*question.resource.split(":", 5), "", "", "", ""][3]
    return bool(via and region) and f".{region}." not in via


def _role(principal: str, account: str, name: str) -> PrincipalPolicies:
    record = iam.role(account, name) or {}
    arn = str(record.get("Arn") or f"arn:aws:iam::{account}:role/{name}")
    inline = _documents(record.get("InlinePolicies") or {})
    policies = _read([*inline, *_managed(record.get("AttachedPolicies", []), account)], arn)
    return PrincipalPolicies(
        Names(principal, arn, account),
        policies,
        _boundary(record, account, arn),
        _session(principal, account),
        {**_keys(arn, account, "AssumedRole"), **_tags(record)},
    )


def _user(principal: str, account: str, name: str) -> PrincipalPolicies:
    record = iam.user(account, name) or {}
    with owners.at_home(principal):
        attached = _managed(iam.user_attached(name, record), account)
        policies = _read([*_documents(iam.user_policies(name)), *attached], principal)
    keys = {**_keys(principal, account, "User"), "aws:username": name, "aws:userid": str(record.get("UserId", ""))}
    boundary = _boundary(record, account, principal)
    return PrincipalPolicies(
        Names(principal, account=account), policies, boundary, _session(principal, account), {**keys, **_tags(record)}
    )


def _keys(arn: str, account: str, kind: str = "Account") -> dict[str, Value]:
    """The keys of a principal: for a session, aws:PrincipalArn is the role's.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
    """
    return {
        "aws:PrincipalArn": arn,
        "aws:PrincipalAccount": account,
        "aws:PrincipalType": kind,
        "aws:PrincipalIsAWSService": "false",
    }


def _tags(record: Mapping[str, Any]) -> dict[str, Value]:
    return {f"aws:PrincipalTag/{tag['Key']}": str(tag["Value"]) for tag in record.get("Tags") or []}


def _documents(named: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return list(named.items())


def _managed(arns: Iterable[str], account: str) -> list[tuple[str, Any]]:
    return [(arn, iam.managed_policy(arn, account)) for arn in arns]


def _boundary(record: Mapping[str, Any], account: str, holder: str) -> Policies | None:
    arn = record.get("PermissionsBoundary")
    return _read(_managed([arn], account), holder) if arn else None


def _session(principal: str, account: str) -> Policies | None:
    passed = iam.session_policies(principal)
    if passed is None:
        return None
    inline = [("session policy", passed["Policy"])] if passed.get("Policy") else []
    return _read([*inline, *_managed(passed.get("PolicyArns", []), account)], principal)


def _trust(arn: str) -> ResourcePolicy | None:
    account, name = (arn.split(":", 5) + [""] * 5)[4], arn.rpartition("/")[2]
    record = iam.role(account, name)
    if record is None:
        return None
    return ResourcePolicy(_read([("trust policy", record["AssumeRolePolicyDocument"])], arn), account, required=True)


def _topic_policy(document: Any, owner: str) -> Any:
    """A topic's policy; the one SNS gives every new topic admits the owner only, also where the emulator forgot to.

    https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
    """
    text = document if isinstance(document, str) else json.dumps(document)
    if _DEFAULT_TOPIC_POLICY not in text:
        return document
    policy = json.loads(text)
    for statement in policy["Statement"]:
        statement["Condition"] = {"StringEquals": {"AWS:SourceOwner": owner}}
    return policy


def _read(named: Iterable[tuple[str, Any]], holder: str) -> Policies:
    policies: list[Policy] = []
    for name, document in named:
        # What is no policy allows nothing; AWS would have refused it when it was written.
        with contextlib.suppress(PolicyError):
            if document:
                policies.append(read(document if isinstance(document, str) else json.dumps(document), holder, name))
    return tuple(policies)
