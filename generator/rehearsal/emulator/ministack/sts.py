# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's STS: sessions of roles."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Mapping
from typing import Any

from ministack.services import sts

from generator.rehearsal.emulator.ministack.interception import Intercepted, replace

_HOURS = 12
_register_session = Intercepted("ministack.services.sts.register_session")


def role_session(role_arn: str, session_name: str) -> dict[str, str]:
    """Keys of a session of a role, whoever asks: AccessKeyId, SecretAccessKey, SessionToken."""
    account_id, name = role_arn.split(":")[4], role_arn.rpartition("/")[2]
    keys = {
        "AccessKeyId": f"ASIA{secrets.token_hex(8).upper()}",
        "SecretAccessKey": secrets.token_hex(20),
        "SessionToken": secrets.token_hex(32),
    }
    sts.register_session(
        keys["AccessKeyId"],
        {
            "Arn": f"arn:aws:sts::{account_id}:assumed-role/{name}/{session_name}",
            "UserId": f"{name}:{session_name}",
            "SecretAccessKey": keys["SecretAccessKey"],
            "SessionToken": keys["SessionToken"],
            "Expiration": time.time() + _HOURS * 3600,
            "AccountId": account_id,
            "PrincipalType": "AssumedRole",
        },
    )
    return keys


def recognise_root(access_key: str, secret_key: str, account: str) -> None:
    """Let the root be who signs with these keys, and nobody else.

    ministack takes a key that is the number of an account, or "test", for a root's without looking at its signature.
    """
    sts.register_session(
        access_key,
        {
            "Arn": f"arn:aws:iam::{account}:root",
            "UserId": account,
            "SecretAccessKey": secret_key,
            "AccountId": account,
            "PrincipalType": "Root",
        },
    )
    replace(
        _is_unsigned, "ministack.core.iam_evaluator.is_root_access_key", "ministack.services.sts.is_root_access_key"
    )


def _is_unsigned(access_key: str) -> bool:
    return not access_key


def register_sessions_one_at_a_time() -> None:
    """Let threads register sessions of roles side by side: registering one looks through all the others."""
    lock = threading.Lock()

    def register(inner: Any, access_key: str, session: dict[str, Any]) -> None:
        with lock:
            inner(access_key, session)

    _register_session.around(register)


def session(access_key: str) -> Mapping[str, Any] | None:
    """The record of the session that a key belongs to."""
    record: Mapping[str, Any] | None = sts._sessions.get(access_key)
    return record


def key_owner(access_key: str) -> str:
    """Who owns a key: the name of a role, or the account, whose root has no name in its ARN."""
    record = session(access_key)
    names = [] if record is None else str(record["Arn"]).split("/")[1:]
    return names[0] if names else "the account"
