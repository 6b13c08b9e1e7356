"""Functions of the emulator as tests make and ask them."""

from __future__ import annotations

import base64
import io
import itertools
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.emulator.stacks import allowing, role_trust

_numbers = itertools.count(1)
ROLE = "arn:aws:iam::123456789012:role/functions"


def archive(files: Mapping[str, str]) -> bytes:
    """A zip of these files."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for name, text in files.items():
            package.writestr(name, text)
    return written.getvalue()


class Function:
    """A function made of one file, or of several."""

    def __init__(self, emulator: Emulator, code: str | Mapping[str, str], runtime: str, **settings: Any) -> None:
        self.name = f"function-{next(_numbers)}"
        self._emulator = emulator
        self._client = emulator.client("lambda")
        _make_role(emulator)
        suffix = "py" if runtime.startswith("python") else "js"
        files = {f"index.{suffix}": code} if isinstance(code, str) else code
        self._client.create_function(
            FunctionName=self.name,
            Runtime=runtime,
            Code={"ZipFile": archive(files)},
            **{"Handler": "index.handler", "Role": ROLE, **settings},
        )

    def __call__(self, event: Any = None) -> Any:
        """What it returns; fails when it fails."""
        payload, failed, log = self.ask(event)
        assert not failed, (payload, log)
        return payload

    def ask(self, event: Any = None) -> tuple[Any, bool, str]:
        """Payload, whether it failed, the tail of its log."""
        answer = self._client.invoke(FunctionName=self.name, Payload=json.dumps(event), LogType="Tail")
        log = base64.b64decode(answer.get("LogResult", "")).decode()
        return json.loads(answer["Payload"].read()), "FunctionError" in answer, log

    def send(self, event: Any) -> int:
        """Invoke it as an event; the status."""
        answer = self._client.invoke(FunctionName=self.name, Payload=json.dumps(event), InvocationType="Event")
        return int(answer["StatusCode"])

    def change(self, code: str) -> None:
        """Give it other code."""
        self._client.update_function_code(FunctionName=self.name, ZipFile=archive({"index.py": code}))

    @property
    def log(self) -> list[str]:
        """Everything in its log group."""
        try:
            events = self._emulator.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{self.name}")["events"]
        except ClientError:
            return []
        return [event["message"] for event in events]


def _make_role(emulator: Emulator) -> None:
    iam = emulator.client("iam")
    try:
        iam.get_role(RoleName="functions")
    except iam.exceptions.NoSuchEntityException:
        iam.create_role(RoleName="functions", AssumeRolePolicyDocument=json.dumps(role_trust("lambda")))
        document = json.dumps(allowing("s3:ListAllMyBuckets", "logs:*"))
        iam.put_role_policy(RoleName="functions", PolicyName="own", PolicyDocument=document)
