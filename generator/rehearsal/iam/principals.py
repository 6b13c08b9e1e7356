"""The Principal element of a resource's own policy: whom it names, and how closely.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

_ACCOUNT = re.compile(r"(?:arn:aws[a-z-]*:iam::)?(\d{12})(?::root)?")


class Naming(IntEnum):
    """How closely a principal is named; the higher, the closer."""

    NOT = 0
    ACCOUNT = 1
    """Only its account, which leaves the decision to the principal's own policies."""
    ROLE = 2
    """The role, or everybody: boundary and session policies still limit it."""
    ITSELF = 3
    """The user or the session, which boundary and session policies do not limit."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one principal: `arn` its own, `role` that of its role, `account` 12 digits.

    For an AWS service `arn` is its name and `account` empty.
    """

    arn: str
    role: str = ""
    account: str = ""

    @property
    def is_service(self) -> bool:
        """Whether it is an AWS service and no IAM principal."""
        return not self.arn.startswith("arn:")


def naming(principal: Mapping[str, tuple[str, ...]], names: Names) -> Naming:
    """How closely a Principal, read by `policy`, names somebody."""
    if names.is_service:
        return Naming.ITSELF if _all_services(principal, names.arn) else Naming.NOT
    return max((_naming_of_entry(entry, names) for entry in principal.get("AWS", ())), default=Naming.NOT)


def excepts(not_principal: Mapping[str, tuple[str, ...]], names: Names) -> bool:
    """Whether a NotPrincipal leaves somebody out: a session only when its role and account stand there, too."""
    if names.is_service:
        return _all_services(not_principal, names.arn)
    entries = not_principal.get("AWS", ())
    if "*" in entries:
        return True
    excepted = {_account_of(name) or name for name in entries}
    return {name for name in (names.arn, names.role, names.account) if name} <= excepted


def _all_services(principal: Mapping[str, tuple[str, ...]], service: str) -> bool:
    return service in principal.get("Service", ()) or "*" in principal.get("AWS", ())


def _naming_of_entry(entry: str, names: Names) -> Naming:
    if entry == "*":
        return Naming.ROLE
    if entry == names.role:
        return Naming.ROLE
    if entry == names.arn:
        return Naming.ITSELF
    return Naming.ACCOUNT if _account_of(entry) == names.account else Naming.NOT


def _account_of(entry: str) -> str | None:
    match = _ACCOUNT.fullmatch(entry)
    return match.group(1) if match else None
