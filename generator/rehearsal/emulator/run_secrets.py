"""The secrets of one emulator, made at random when it starts: the root's keys, tokens of its own addresses."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from generator.rehearsal.service import Credentials


def root_keys() -> Credentials:
    """New keys of an account's root, in the form AWS's have."""
    return Credentials(f"AKIA{secrets.token_hex(8).upper()}", secrets.token_urlsafe(30))


@dataclass(frozen=True, slots=True)
class RunSecrets:
    """Who has them may do everything in this emulator; `push` only lets git tell of a push.

    They travel by pipe and by files that only the user can read, never by command line or environment, with one
    exception: the root's keys are in the variables of programs that the user himself sends to the emulator.
    """

    root: Credentials
    control: str = field(repr=False)
    push: str = field(repr=False)

    @staticmethod
    def fresh() -> RunSecrets:
        """New ones, in the form AWS's keys have."""
        return RunSecrets(root_keys(), secrets.token_urlsafe(32), secrets.token_urlsafe(32))

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> RunSecrets:
        """Those that `dataclasses.asdict` wrote."""
        return RunSecrets(Credentials(**data["root"]), data["control"], data["push"])

    def to_json(self) -> dict[str, Any]:
        """The form in which one process tells another."""
        return asdict(self)
