# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's KMS: keys by their names."""

from __future__ import annotations

from ministack.services import kms

from generator.rehearsal.emulator.ministack import owners


def key_arn(key: str) -> str:
    """The ARN of the key that an id, alias or ARN names; the name itself when there is no such key.

    Another account's is named by an ARN: an id or the name of an alias is one of the account at hand.
    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
    """
    with owners.at_home(key):
        record = kms._resolve_key(key)
    return str(record["Arn"]) if record else key
