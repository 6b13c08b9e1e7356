"""The accounts of one emulator: each has a root, whose keys are made at random when somebody asks for them."""

from __future__ import annotations

import re
import threading

from generator.rehearsal.emulator.ministack import sts
from generator.rehearsal.emulator.run_secrets import RunSecrets, root_keys
from generator.rehearsal.service import Credentials

_ACCOUNT = re.compile(r"\d{12}")


class Accounts:
    """Knows the root of every account; `account` is the rehearsal's own, whose root `secrets` have."""

    def __init__(self, account: str, secrets: RunSecrets) -> None:
        self.home = account
        self.secrets = secrets
        self._roots = {account: secrets.root}
        self._lock = threading.Lock()
        sts.recognise_root(secrets.root.access_key, secrets.root.secret_key, account)

    def has(self, account: str) -> bool:
        """Whether the rehearsal has an account: anything there is made by its root, or by somebody it let in."""
        return account in self._roots

    def root(self, account: str) -> Credentials:
        """The keys of an account's root. Raises ValueError for what is no account's number."""
        if not _ACCOUNT.fullmatch(account):
            raise ValueError(f"{account!r} is not the number of an account: 12 digits")
        with self._lock:
            if account not in self._roots:
                keys = self._roots[account] = root_keys()
                sts.recognise_root(keys.access_key, keys.secret_key, account)
            return self._roots[account]
