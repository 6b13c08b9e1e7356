"""What the roles of a pipeline may do and which parts were needed, as the report shows it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from generator.rehearsal.driver.declared import PIPELINE
from generator.rehearsal.driver.launch import Stack
from generator.rehearsal.emulator.handle import Emulator

Verdict = Literal["needed", "covered", "unused", "spare", "documented", "logs", "guard"]

_LOGS = frozenset({"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"})
_OF_BUCKETS = frozenset({"s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"})
_DOCUMENTED = (
    (
        "codepipeline.amazonaws.com",
        _OF_BUCKETS | {"cloudformation:ValidateTemplate"},
        "https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html",
    ),
    (
        # A role of another account, which does there what the pipeline's own does here.
        "-PipelineRole-",
        frozenset({"cloudformation:ValidateTemplate"}),
        "https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html",
    ),
    (
        "codebuild.amazonaws.com",
        _OF_BUCKETS,
        "https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html",
    ),
)
"""What AWS tells to allow to the roles of a service, and where, though it documents no call that asks for it."""
_CLOUDFORMATION = "cloudformation.amazonaws.com"
_TRUST = "trust policy"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, who holds it (logical ids where the pipeline's stack made them), and what rests on it.

    `verdict`: "needed", something fails without it; "covered", used, but `besides` allow the same; "unused", nothing
    asked for it; "spare", the same, at a role that CloudFormation deploys with, for resource types or properties that
    no stack has; "documented", the same, but the page `documented` of AWS's asks for it; "logs", it only writes logs,
    which is all that is lost without it; "guard", a Deny. `questions` counts what it decided, `needing` what needs it;
    `principal`, `action`, `resource` and `behind` are of the first that needs it, else of the first of them.
    """

    verdict: Verdict
    holders: tuple[str, ...]
    policy: str
    name: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    questions: int
    needing: int
    besides: tuple[str, ...] = ()
    principal: str = ""
    action: str = ""
    resource: str = ""
    behind: str = ""
    documented: str = ""


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles of a stack by ARN: logical ids and the texts of trust policies; and the managed policies' names.

    A role of another account that actions of the stack's pipelines have, or that a stack there made, is called by its
    account and name. `stores` are the logical ids of buckets and keys whose policies let other accounts in, by ARN.
    """

    names: Mapping[str, str]
    trusts: Mapping[str, str]
    policies: Mapping[str, str]
    stores: Mapping[str, str] = field(default_factory=dict)

    def name(self, holder: str) -> str:
        """What a holder of statements is called."""
        return self.names.get(holder) or self.stores[holder]


def roles_of(emulator: Emulator, stack: str, elsewhere: Sequence[Stack] = ()) -> Roles:
    """The roles that a stack made, and those of other accounts: of stacks there, and what its actions work with."""
    iam = emulator.client("iam")
    resources = list(_resources(emulator, stack))
    roles = {
        logical: iam.get_role(RoleName=physical)["Role"]
        for kind, logical, physical in resources
        if kind == "AWS::IAM::Role"
    }
    abroad = [(each.account, *entry) for each in elsewhere for entry in _resources(emulator, each.name, each.account)]
    roles |= {
        f"{account}/{physical}": emulator.client("iam", account=account).get_role(RoleName=physical)["Role"]
        for account, kind, _, physical in abroad
        if kind == "AWS::IAM::Role"
    }
    pipelines = [physical for kind, _, physical in resources if kind == PIPELINE]
    roles |= {name: role for pipeline in pipelines for name, role in _elsewhere(emulator, pipeline)}
    return Roles(
        {role["Arn"]: logical for logical, role in roles.items()},
        {role["Arn"]: json.dumps(role["AssumeRolePolicyDocument"]) for role in roles.values()},
        {
            physical: logical
            for kind, logical, physical in (*resources, *(entry[1:] for entry in abroad))
            if kind == "AWS::IAM::ManagedPolicy"
        },
        dict(_stores(emulator, resources)) if elsewhere else {},
    )


def _stores(emulator: Emulator, resources: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    """ARN and logical id of each bucket and key."""
    for kind, logical, physical in resources:
        if kind == "AWS::S3::Bucket":
            yield f"arn:aws:s3:::{physical}", logical
        elif kind == "AWS::KMS::Key":
            yield emulator.client("kms").describe_key(KeyId=physical)["KeyMetadata"]["Arn"], logical


def _elsewhere(emulator: Emulator, pipeline: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Account and name, and the description, of each role of another account that an action has or deploys with."""
    stages = emulator.client("codepipeline").get_pipeline(name=pipeline)["pipeline"]["stages"]
    actions = [action for stage in stages for action in stage["actions"]]
    named = {arn for each in actions for arn in (each.get("roleArn"), each["configuration"].get("RoleArn"))}
    for arn in sorted(filter(None, named)):
        account, name = arn.split(":")[4], arn.rpartition("/")[2]
        if account != emulator.settings.account:
            yield f"{account}/{name}", emulator.client("iam", account=account).get_role(RoleName=name)["Role"]


def types_of(emulator: Emulator, stacks: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """The resource types of stacks, which their ids tell, in each account."""
    types: dict[str, frozenset[str]] = {}
    for stack in stacks:
        account = account_of(stack)
        types[account] = types.get(account, frozenset()).union(
            kind for kind, _, _ in _resources(emulator, stack, account)
        )
    return types


def account_of(arn: str) -> str:
    """The account in an ARN."""
    return arn.split(":")[4]


def statements(emulator: Emulator, roles: Roles, types: Mapping[str, frozenset[str]]) -> tuple[Statement, ...]:
    """Every statement of these roles and stores, judged by all that was asked so far.

    `types` are those that CloudFormation makes in each account.
    """
    shown: list[Statement] = []
    for account in dict.fromkeys(map(account_of, roles.names)):
        names = [role for role in roles.names if account_of(role) == account]
        entries = emulator.needed_statements(names, sorted(types.get(account, ())))
        shown += [_statement(entry, roles) for entry in entries]
    of_stores = emulator.needed_statements([], (), list(roles.stores)) if roles.stores else []
    return (*shown, *(_statement(entry, roles) for entry in of_stores))


def _resources(emulator: Emulator, stack: str, account: str | None = None) -> Iterator[tuple[str, str, str]]:
    """Type, logical id and physical id of each resource of a stack."""
    client = emulator.client("cloudformation", account=account)
    pages = client.get_paginator("list_stack_resources").paginate(StackName=stack)
    for page in pages:
        for summary in page["StackResourceSummaries"]:
            yield summary["ResourceType"], summary["LogicalResourceId"], summary.get("PhysicalResourceId", "")


def _statement(entry: Mapping[str, Any], roles: Roles) -> Statement:
    first = entry["first"] or {}
    return Statement(
        verdict=_verdict(entry, roles),
        holders=tuple(roles.name(holder) for holder in entry["holders"]),
        policy=roles.policies.get(entry["policy"], entry["policy"]),
        name=entry["sid"] or ("" if entry["policy"] == _TRUST else f"statement {entry['number']}"),
        actions=tuple(entry["actions"]),
        resources=tuple(entry["resources"]),
        questions=entry["used"],
        needing=entry["needed"],
        besides=tuple(entry["besides"]),
        **first,
        documented=_page(entry, roles),
    )


def _page(entry: Mapping[str, Any], roles: Roles) -> str:
    """The page that asks for all of a statement's actions, for all who hold it; empty when none does."""
    for service, actions, page in _DOCUMENTED:
        if actions.issuperset(entry["actions"]) and all(
            service in roles.trusts.get(holder, "") for holder in entry["holders"]
        ):
            return page
    return ""


def _verdict(entry: Mapping[str, Any], roles: Roles) -> Verdict:
    if entry["effect"] == "Deny":
        return "guard"
    if entry["needed"]:
        return "logs" if entry["only_logs"] else "needed"
    if entry["used"]:
        return "covered"
    if _LOGS.issuperset(entry["actions"]):
        return "logs"
    if _page(entry, roles):
        return "documented"
    deploys = all(_CLOUDFORMATION in roles.trusts.get(holder, "") for holder in entry["holders"])
    return "spare" if deploys and not entry["concerned"] else "unused"
