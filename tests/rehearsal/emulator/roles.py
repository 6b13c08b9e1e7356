"""Roles of the emulator as tests make them, call as them, and see them refused."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.service import Client, Credentials, connect
from tests.rehearsal.emulator.stacks import role_trust

ACCOUNT = "123456789012"
_numbers = itertools.count(1)


def statement(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


class Role:
    """A role with one inline policy, `grants`."""

    def __init__(
        self, emulator: Emulator, *statements: Mapping[str, Any], tags: Mapping[str, str] | None = None
    ) -> None:
        self.name = f"role-{next(_numbers)}"
        self._emulator = emulator
        self._iam = emulator.client("iam")
        trust = role_trust("lambda", "events", "codebuild", "codepipeline", "cloudformation")
        listed = [{"Key": key, "Value": value} for key, value in (tags or {}).items()]
        answer = self._iam.create_role(RoleName=self.name, AssumeRolePolicyDocument=json.dumps(trust), Tags=listed)
        self.arn = str(answer["Role"]["Arn"])
        self.session = f"arn:aws:sts::{ACCOUNT}:assumed-role/{self.name}/me"
        self.grant(*statements)

    def grant(self, *statements: Mapping[str, Any]) -> None:
        """Make these statements all the role has."""
        if statements:
            text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
            self._iam.put_role_policy(RoleName=self.name, PolicyName="grants", PolicyDocument=text)

    def client(self, service: str, **session: str) -> Client:
        """A client that calls as a session of the role."""
        sts = self._emulator.client("sts")
        keys = sts.assume_role(RoleArn=self.arn, RoleSessionName="me", **session)["Credentials"]
        credentials = Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
        return connect(service, self._emulator.endpoint, credentials, "us-east-1")

    def denials(self) -> list[dict[str, Any]]:
        """What the ledger has of the role's refusals."""
        return [denial for denial in self._emulator.ledger()["denials"] if denial["principal"] == self.session]


def refused(call: Any, **request: Any) -> str:
    """The words of the refusal that a call must meet."""
    with pytest.raises(ClientError) as caught:
        call(**request)
    code = caught.value.response["Error"]["Code"]
    assert code in {"AccessDenied", "AccessDeniedException", "AuthorizationError"}, caught.value
    return str(caught.value.response["Error"]["Message"])
