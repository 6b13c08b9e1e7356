"""Keys together: the order of the schema, defaults, and fields that several keys read."""

from __future__ import annotations

from typing import Any

import pytest

from generator.model.text import NOTHING
from generator.pipeline_file import discovery, schema
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Key, Keys, merged

_KEYS: Keys[File] = schema.keys()


def key(**schema: Any) -> Key[None]:
    return Key(
        "word",
        schema,
        required=False,
        other_spellings=(),
        read=lambda settings, _context: {"field": settings},
        problems=lambda _settings, _context: iter(()),
        missing=lambda _settings, _context: iter(()),
        remarks=lambda _settings, _context, _pipeline: iter(()),
    )


def test_needed_keys_come_first_and_the_others_by_name() -> None:
    first, second, *others = _KEYS.schema
    assert [first, second] == _KEYS.required == ["service", "source"]
    assert others == sorted(others)


def test_every_module_of_the_room_is_a_key_but_those_that_begin_with_an_underscore() -> None:
    assert set(discovery.modules("pipeline_file.keys", packages=True)) == set(_KEYS.schema)
    assert not any(word.startswith("_") for word in discovery.modules("pipeline_file.keys.stages"))


def test_words_that_are_keys_by_now_are_no_later_ones() -> None:
    assert _KEYS.later(("previews", "stages")) == ["previews"]


@pytest.mark.parametrize(
    ("schema", "mapping", "settings"),
    [
        ({}, {"word": 1}, 1),
        ({"default": 2}, {"word": 1}, 1),
        ({"default": 2}, {}, 2),
        ({}, {}, NOTHING),
        ({"default": True}, {"word": False}, False),
    ],
)
def test_settings_are_the_files_else_the_schemas_default(
    schema: dict[str, Any], mapping: dict[str, Any], settings: object
) -> None:
    assert key(**schema).settings(mapping) == settings


def test_tuples_and_mappings_of_one_field_add_up() -> None:
    assert merged([{"a": (1,), "b": {"x": 1}}, {"a": (2,), "b": {"y": 2}, "c": 3}]) == {
        "a": (1, 2),
        "b": {"x": 1, "y": 2},
        "c": 3,
    }


@pytest.mark.parametrize("second", ["other", ("a",), {"a": 1}])
def test_two_keys_that_decide_one_value_are_an_error(second: object) -> None:
    with pytest.raises(TypeError, match="two keys of the pipeline file decide name"):
        merged([{"name": "one"}, {"name": second}])
