"""The schema's patterns are made anew by every command, so none may be one that takes long to make."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from generator.pipeline_file.schema import pipeline_file


def patterns(schema: Any) -> Iterator[str]:
    inner = schema.items() if isinstance(schema, dict) else enumerate(schema) if isinstance(schema, list) else ()
    for key, value in inner:
        if key == "pattern" and isinstance(value, str):
            yield value
        elif key == "patternProperties":
            yield from value
        yield from patterns(value)


@pytest.mark.parametrize("pattern", sorted(set(patterns(pipeline_file()))))
def test_no_class_of_all_unicode_is_counted(pattern: str) -> None:
    assert not re.search(r"(\\[SWD]|\[\^[^]]*\]|(?<!\\)\.)\{", pattern)
