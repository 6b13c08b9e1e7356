"""What lives leave in an account: found by the names of their services, and taken away.

`python -m tests.live.remains` sweeps the account of AWS_PROFILE and AWS_REGION of all that the suite has ever left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from tests.end_to_end.accounts import Account, Aws

PREFIX = "live-"
"""Every service of the suite is called so, and with it all that belongs to one."""
_KINDS = {
    "stacks": ("cloudformation", "describe_stacks", "Stacks", "StackName"),
    "pipelines": ("codepipeline", "list_pipelines", "pipelines", "name"),
    "projects": ("codebuild", "list_projects", "projects", ""),
    "repositories": ("codecommit", "list_repositories", "repositories", "repositoryName"),
    "functions": ("lambda", "list_functions", "Functions", "FunctionName"),
    "buckets": ("s3", "list_buckets", "Buckets", "Name"),
    "rules": ("events", "list_rules", "Rules", "Name"),
    "roles": ("iam", "list_roles", "Roles", "RoleName"),
    "policies": ("iam", "list_policies", "Policies", "PolicyName"),
    "log groups": ("logs", "describe_log_groups", "logGroups", "logGroupName"),
}


def left(account: Account, service: str) -> dict[str, list[str]]:
    """What a pipeline or its stacks could have left and is in the account, by kind; logs are not counted."""
    names = {kind: list(_names(account, kind, service)) for kind in _KINDS if kind != "log groups"}
    return {kind: remaining for kind, remaining in names.items() if remaining}


def _names(account: Account, kind: str, service: str) -> Iterator[str]:
    client_name, operation, key, name = _KINDS[kind]
    client = account.client(client_name)
    scope = {"Scope": "Local"} if kind == "policies" else {}
    pages = (
        client.get_paginator(operation).paginate(**scope)
        if client.can_paginate(operation)
        else [getattr(client, operation)()]
    )
    for page in pages:
        for item in page[key]:
            text = item[name] if name else item
            if service in text:
                yield text


def sweep(account: Account, service: str) -> None:
    """Delete all whose name has this in it: the stages' stacks first, then the pipeline's, then what stacks retain."""
    cloudformation = account.client("cloudformation")
    stacks = sorted(_names(account, "stacks", service), key=lambda name: name.endswith("-pipeline"))
    for stack in stacks:
        cloudformation.delete_stack(StackName=stack)
        try:
            cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack)
        except WaiterError as error:
            print(f"{stack}: {error}")  # noqa: T201 - a person sweeps again
    remove: dict[str, Callable[[str], Any]] = {
        "repositories": lambda name: account.client("codecommit").delete_repository(repositoryName=name),
        "buckets": lambda name: _delete_bucket(account, name),
        "roles": lambda name: _delete_role(account, name),
        "policies": lambda name: _delete_policy(account, name),
        "log groups": lambda name: account.client("logs").delete_log_group(logGroupName=name),
    }
    for kind, delete in remove.items():
        for name in list(_names(account, kind, service)):
            try:
                delete(name)
            except ClientError as error:
                print(f"{kind}: {name}: {error}")  # noqa: T201 - as above


def _delete_bucket(account: Account, name: str) -> None:
    client = account.client("s3")
    for page in client.get_paginator("list_object_versions").paginate(Bucket=name):
        for item in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
            client.delete_object(Bucket=name, Key=item["Key"], VersionId=item["VersionId"])
    client.delete_bucket(Bucket=name)


def _delete_role(account: Account, name: str) -> None:
    client = account.client("iam")
    for policy in client.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        client.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    for policy_name in client.list_role_policies(RoleName=name)["PolicyNames"]:
        client.delete_role_policy(RoleName=name, PolicyName=policy_name)
    client.delete_role(RoleName=name)


def _delete_policy(account: Account, name: str) -> None:
    client = account.client("iam")
    for page in client.get_paginator("list_policies").paginate(Scope="Local"):
        for policy in page["Policies"]:
            if policy["PolicyName"] == name:
                client.delete_policy(PolicyArn=policy["Arn"])


if __name__ == "__main__":
    sweep(Aws(), PREFIX)
