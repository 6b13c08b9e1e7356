"""Policies as IAM reads them: JSON to statements that keep their place.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.rehearsal.iam.conditions import Condition
from generator.rehearsal.iam.pattern import matches
from generator.rehearsal.iam.question import Place

ALLOW, DENY = "Allow", "Deny"
_WITH_VARIABLES = "2012-10-17"
Principal = Mapping[str, tuple[str, ...]]


class PolicyError(ValueError):
    """A text that is no policy."""


@dataclass(frozen=True, eq=False, slots=True)
class Statement:
    """One statement; of each pair (`actions`, `not_actions`) one is None. `principal`: in resources' policies."""

    place: Place
    effect: str
    actions: tuple[str, ...] | None
    not_actions: tuple[str, ...] | None
    resources: tuple[str, ...] | None
    not_resources: tuple[str, ...] | None
    principal: Principal | None
    not_principal: Principal | None
    conditions: tuple[Condition, ...]
    variables: bool

    def speaks_of(self, action: str) -> bool:
        """Whether it is about this action; actions know no case."""
        if self.actions is not None:
            return _any_action(self.actions, action)
        return self.not_actions is not None and not _any_action(self.not_actions, action)


@dataclass(frozen=True, eq=False)
class Policy:
    """The statements of one policy; the same text at the same holder is the same object."""

    statements: tuple[Statement, ...]

    @functools.cached_property
    def places(self) -> frozenset[Place]:
        """Where its statements stand."""
        return frozenset(statement.place for statement in self.statements)

    def about(self, action: str) -> tuple[Statement, ...]:
        """The statements about one action."""
        return _about(self, action)

    def without(self, place: Place) -> Policy:
        """The policy with one statement left out; itself when the statement is not in it."""
        kept = tuple(statement for statement in self.statements if statement.place != place)
        return self if len(kept) == len(self.statements) else Policy(kept)


def read(document: str | Mapping[str, Any], holder: str, name: str) -> Policy:
    """The policy `name` of `holder` (the ARN of a role, user or resource). Raises PolicyError."""
    text = document if isinstance(document, str) else json.dumps(document)
    return _read(text, holder, name)


@functools.lru_cache(maxsize=4096)
def _read(text: str, holder: str, name: str) -> Policy:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise PolicyError(f"policy {name} of {holder} is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise PolicyError(f"policy {name} of {holder} is not a JSON object")
    statement_list = document.get("Statement", [])
    variables = document.get("Version") == _WITH_VARIABLES
    statements = [statement_list] if isinstance(statement_list, dict) else statement_list
    if not all(isinstance(statement, dict) for statement in statements):
        raise PolicyError(f"policy {name} of {holder} has a statement that is not a JSON object")
    return Policy(
        tuple(
            _statement(statement, Place(holder, name, index, str(statement.get("Sid", ""))), variables=variables)
            for index, statement in enumerate(statements)
        )
    )


def _statement(document: Mapping[str, Any], place: Place, *, variables: bool) -> Statement:
    return Statement(
        place=place,
        effect=str(document.get("Effect", "")),
        actions=_texts(document, "Action"),
        not_actions=_texts(document, "NotAction"),
        resources=_texts(document, "Resource"),
        not_resources=_texts(document, "NotResource"),
        principal=_principal(document.get("Principal")),
        not_principal=_principal(document.get("NotPrincipal")),
        conditions=tuple(
            Condition(operator, key, _values(values), variables=variables)
            for operator, keys in document.get("Condition", {}).items()
            for key, values in keys.items()
        ),
        variables=variables,
    )


def _texts(statement: Mapping[str, Any], element: str) -> tuple[str, ...] | None:
    return _values(statement[element]) if element in statement else None


def _values(element: Any) -> tuple[str, ...]:
    return tuple(_text(value) for value in element) if isinstance(element, list) else (_text(element),)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _principal(element: Any) -> Principal | None:
    if element is None:
        return None
    if isinstance(element, dict):
        return {kind: _values(names) for kind, names in element.items()}
    return {"AWS": _values(element)}


@functools.lru_cache(maxsize=16384)
def _about(policy: Policy, action: str) -> tuple[Statement, ...]:
    return tuple(statement for statement in policy.statements if statement.speaks_of(action))


def _any_action(patterns: tuple[str, ...], action: str) -> bool:
    return any(matches(((False, pattern),), action, ignore_case=True) for pattern in patterns)
