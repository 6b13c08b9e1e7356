"""AWS::IAM::RolePolicy.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-rolepolicy.html
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from generator.rehearsal.emulator.cloudformation.resource import Properties, ResourceError, ReturnValues

Client = Callable[[str], Any]


class RolePolicies:
    """Ref is the policy's name and the role's, joined by a bar."""

    name = "AWS::IAM::RolePolicy"

    def __init__(self, client: Client) -> None:
        self._client = client

    def create(self, _logical_id: str, properties: Properties, _stack: str) -> ReturnValues:
        """PutRolePolicy."""
        document = json.dumps(properties.get("PolicyDocument", {}))
        try:
            self._client("iam").put_role_policy(**_named(properties), PolicyDocument=document)
        except ClientError as refused:
            raise ResourceError(str(refused)) from refused
        return f"{properties['PolicyName']}|{properties['RoleName']}", {}

    def update(self, _physical_id: str, _old: Properties, new: Properties, stack: str) -> ReturnValues:
        """PutRolePolicy again; another name or role makes another policy."""
        return self.create("", new, stack)

    def delete(self, _physical_id: str, properties: Properties) -> None:
        """DeleteRolePolicy; it may be gone with its role."""
        iam = self._client("iam")
        with contextlib.suppress(iam.exceptions.NoSuchEntityException):
            iam.delete_role_policy(**_named(properties))


def _named(properties: Properties) -> dict[str, str]:
    return {"RoleName": properties["RoleName"], "PolicyName": properties["PolicyName"]}
