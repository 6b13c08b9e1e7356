"""Hides secrets in log lines, as CodeBuild does: exactly the values it was given, nothing derived from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

MASK = "***"
_SHORTEST_LINE = 4
_USER_IN_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://([^/\s@]+)@")
_NPM_SECRET = re.compile(r"^\s*\S*_(?:authToken|auth|password)\s*=\s*(\S+)\s*$", re.IGNORECASE | re.MULTILINE)
_SECRET_NAME = re.compile(r"_(?:authToken|auth|password|token)$|(?:TOKEN|PASSWORD|SECRET)", re.IGNORECASE)


class Masker:
    """Replaces secrets in text by `***`. Of a secret with several lines each line is hidden as well."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self.longest = 0

    def add(self, secrets: Iterable[str]) -> None:
        """Hide these values from now on; empty ones are passed over."""
        for secret in secrets:
            # One bracket alone on a line of a JSON secret would blank every bracket of the log.
            lines = {line.strip() for line in secret.splitlines() if len(line.strip()) >= _SHORTEST_LINE}
            self._secrets |= {secret, secret.strip(), *lines} - {""}
        longest_first = sorted(self._secrets, key=lambda secret: (-len(secret), secret))
        self.longest = len(longest_first[0]) if longest_first else 0
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(self, text: str) -> str:
        """The text without its secrets."""
        return self._pattern.sub(MASK, text) if self._pattern else text


def in_settings(text: str) -> set[str]:
    """The secrets in a text of settings (.npmrc, pip.conf): tokens, and passwords inside URLs."""
    secrets = {match[1].strip("\"'") for match in _NPM_SECRET.finditer(text)}
    for match in _USER_IN_URL.finditer(text):
        user, _, password = match[1].partition(":")
        secrets |= {password, unquote(password)} if password else {user, unquote(user)}
    # ${NAME} in an .npmrc stands for a variable, whose value is found where the variables are.
    return {secret for secret in secrets if secret and not secret.startswith("${")}


def in_variables(variables: Mapping[str, str]) -> set[str]:
    """The secrets among the variables a build inherits: by their names, and passwords inside URLs."""
    named = {value for name, value in variables.items() if _SECRET_NAME.search(name)}
    return named.union(*(in_settings(value) for value in variables.values()))
