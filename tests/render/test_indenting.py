"""One space a level says the same as two."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.render.indenting import with_one_space

_TEXT = st.text("ab:#|-'\"{}[]!&*% \n", max_size=12)
_DATA = st.recursive(
    _TEXT | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as the template does."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


@given(_DATA, st.booleans())
def test_the_data_stays_the_same(data: Any, flow: bool) -> None:
    text = yaml.dump({"data": data}, Dumper=_Dumper, default_flow_style=None if flow else False, width=40)
    assert yaml.safe_load(with_one_space(text)) == {"data": data}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a:\n  b:\n    c: 1\n", "a:\n b:\n  c: 1\n"),
        ("a:\n- b: 1\n  c:\n    d: 2\n", "a:\n- b: 1\n  c:\n   d: 2\n"),
        ("a:\n  b: |\n    if x:\n        y\n\n    z\n  c: 1\n", "a:\n b: |\n  if x:\n      y\n\n  z\n c: 1\n"),
        ("a:\n  b: |2-\n      x\n    y\n", "a:\n b: |1-\n    x\n  y\n"),
    ],
)
def test_a_level_is_one_space_and_two_under_a_dash(before: str, after: str) -> None:
    assert with_one_space(before) == after
