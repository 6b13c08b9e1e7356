"""What only this emulator answers, under /_penstock/: pushes, what a person does, notes, what rests on statements.

Who asks has the token of this run; the hook of a repository has one that is good for telling of a push only.
"""

from __future__ import annotations

import hmac
import json
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from generator.rehearsal.codepipeline.triggers import Push
from generator.rehearsal.emulator.accounts import Accounts
from generator.rehearsal.emulator.codecommit.service import CodeCommit
from generator.rehearsal.emulator.connections import Connections
from generator.rehearsal.emulator.ledger import Ledger
from generator.rehearsal.emulator.ministack import context, iam, sns
from generator.rehearsal.emulator.mounts import Mount
from generator.rehearsal.emulator.sources import HearsPushes, PushError, Revision, Sources
from generator.rehearsal.emulator.statement_report import StatementReport
from generator.rehearsal.sandbox.attempts import Book
from generator.rehearsal.service import Caller, ServiceError, Surroundings

PREFIX = "/_penstock/"
HEADER = b"x-penstock"

Message = dict[str, Any]


class Control:
    """Answers each path with one function, on a thread that may block."""

    def __init__(
        self,
        mounts: Mapping[str, Mount],
        surroundings: Surroundings,
        ledger: Ledger,
        statement_report: StatementReport,
        *,
        book: Book,
        accounts: Accounts,
    ) -> None:
        self._secrets = accounts.secrets
        self._mounts = mounts
        self._surroundings = surroundings
        self._paths: Mapping[str, Callable[[Message], Message]] = {
            "attempts": lambda _request: {"attempts": [asdict(attempt) for attempt in book.attempts()]},
            "connect": self._connect,
            "ledger": lambda _request: ledger.to_json(),
            "mails": self._mails,
            "push": self._push,
            "pushed": self._pushed,
            "policy": self._policy,
            "needed-statements": statement_report.answer,
            "root": lambda request: asdict(accounts.root(request["account"])),
            "stop": _stop,
        }

    def answer(self, path: str, headers: Mapping[bytes, bytes], body: bytes) -> tuple[int, bytes]:
        """Status and JSON body for one request."""
        word = path.removeprefix(PREFIX)
        function = self._paths.get(word)
        if function is None or not self._may(word, headers.get(HEADER, b"")):
            return 404, b'{"message": "not found"}'
        try:
            return 200, json.dumps(function(json.loads(body or b"{}"))).encode()
        except (PushError, ServiceError, KeyError, ValueError) as refused:
            return 400, json.dumps({"message": str(refused)}).encode()

    def _may(self, word: str, token: bytes) -> bool:
        good = [self._secrets.control, *([self._secrets.push] if word == "pushed" else [])]
        return any(hmac.compare_digest(token, secret.encode()) for secret in good)

    @property
    def _codecommit(self) -> CodeCommit:
        service = self._mounts["codecommit"].service
        if not isinstance(service, CodeCommit):
            raise PushError("another CodeCommit is mounted")
        return service

    def _connect(self, request: Message) -> Message:
        """A person completed the connection of this name or ARN."""
        services = [self._mounts[name].service for name in ("codeconnections", "codestar-connections")]
        arns = [service.complete(request["name"]) for service in services if isinstance(service, Connections)]
        return {"connections": [arn for arn in arns if arn]}

    def _mails(self, _request: Message) -> Message:
        """The mails of SNS that nobody answered."""
        with context.acting_for(self._surroundings.account, self._surroundings.region):
            return {"unconfirmed": sns.unconfirmed_mails()}

    def _policy(self, request: Message) -> Message:
        """A managed policy is there, in the account of its ARN and in this one."""
        for account in {request["arn"].split(":")[4], self._surroundings.account}:
            with context.acting_for(account, self._surroundings.region):
                iam.add_policy(request["arn"], account, request["document"])
        return {}

    def _push(self, request: Message) -> Message:
        """A revision of a repository of the user's becomes the head of a branch here."""
        revision = Revision(Path(request["source"]), request["revision"], request["branch"])
        sources = Sources(self._surroundings)
        if request.get("connected"):
            push = sources.push_connected(request["repository"], revision)
            # The same repository may be read by version 1 of the action, which has no connection.
            by_token = self._started(replace(push, provider="GitHub"))
            return {"commit": push.commit, "executions": [*self._started(push), *by_token]}
        push = sources.push_codecommit(self._codecommit, request["repository"], revision)
        return {"commit": push.commit, "executions": self._started(push)}

    def _pushed(self, request: Message) -> Message:
        """Somebody pushed to the folder of a CodeCommit repository with git."""
        name, branch = request["repository"], request["branch"]
        caller = Caller(self._surroundings.account, self._surroundings.region)
        self._codecommit.pushed(name, branch, request["before"], caller)
        head = self._codecommit.bare(name).branches().get(branch)
        return {"executions": self._started(Push(name, head, "CodeCommit", branch)) if head else []}

    def _started(self, push: Push) -> list[str]:
        pipelines = self._mounts["codepipeline"].service
        return pipelines.source_changed(push) if isinstance(pipelines, HearsPushes) else []


def _stop(_request: Message) -> Message:
    """End this emulator, as its guard would; the answer is still given."""
    os.kill(os.getpid(), signal.SIGTERM)
    return {}
