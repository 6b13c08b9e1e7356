"""Patterns of actions match as IAM matches them."""

from __future__ import annotations

import pytest

from generator.permissions.patterns import matches


@pytest.mark.parametrize(
    ("pattern", "action", "does"),
    [
        ("*Alias", "CreateAlias", True),
        ("*Alias", "CREATEALIAS", True),
        ("*Alias", "ListAliases", False),
        ("Get*Config", "GetFunctionUrlConfig", True),
        ("Get.*", "GetAlias", False),
    ],
)
def test_a_star_stands_for_anything_and_capitals_for_nothing(pattern: str, action: str, does: bool) -> None:
    assert matches(pattern, action) is does
