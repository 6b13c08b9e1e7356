"""What a key of the pipeline file is: a module that says how the key is written, read, and refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from generator.errors import Problem
from generator.model.pipeline import Pipeline
from generator.model.text import NOTHING
from generator.pipeline_file.discovery import modules
from generator.pipeline_file.schema_parts import Schema

Context = TypeVar("Context")
"""What a key's functions know of the rest: the file, or the stage that the key belongs to."""

Fields = Mapping[str, Any]
"""Values of the model by the names of its fields."""


class Key(NamedTuple, Generic[Context]):
    """A key as its module offers it; all but the schema may be left out there.

    SCHEMA is the JSON Schema of its value, REQUIRED says that no file goes without it, OTHER_SPELLINGS are words that
    people write instead. The functions take the key's settings and the context:

    - `read` gives the fields of the model that the key decides,
    - `problems` what refuses the file,
    - `missing` what the repository lacks for what the key asks,
    - `remarks`, which also takes the finished pipeline, what somebody should know before launching it.

    Settings are what the file says; where it says nothing, the schema's default, or an empty mapping.
    """

    word: str
    schema: Schema
    required: bool
    other_spellings: tuple[str, ...]
    read: Callable[[Any, Context], Fields]
    problems: Callable[[Any, Context], Iterator[Problem]]
    missing: Callable[[Any, Context], Iterator[Problem]]
    remarks: Callable[[Any, Context, Pipeline], Iterator[Problem]]

    def settings(self, mapping: Mapping[str, Any]) -> Any:
        """The key's settings in the mapping that it belongs to."""
        return mapping.get(self.word, self.schema.get("default", NOTHING))


class Keys(Generic[Context]):
    """The keys of a mapping: the required ones first, then by name."""

    def __init__(self, room: str) -> None:
        """All keys whose modules are in a room, such as `pipeline_file.keys`."""
        keys: list[Key[Context]] = [_key(word, module) for word, module in modules(room, packages=True).items()]
        self._keys = sorted(keys, key=lambda key: (not key.required, key.word))

    @property
    def schema(self) -> Schema:
        """The properties of the mapping."""
        return {key.word: key.schema for key in self._keys}

    @property
    def required(self) -> list[str]:
        """The keys that no mapping goes without."""
        return [key.word for key in self._keys if key.required]

    @property
    def other_spellings(self) -> Mapping[str, str]:
        """The key that is meant, by what people write instead."""
        return {word: key.word for key in self._keys for word in key.other_spellings}

    def later(self, words: Iterable[str]) -> list[str]:
        """Those of the words that are no keys yet."""
        return [word for word in words if word not in self.schema]

    def read(self, mapping: Mapping[str, Any], context: Context) -> dict[str, Any]:
        """The fields that all keys decide together; tuples and mappings of one field add up.

        Raises TypeError where two keys decide a field that cannot be added up.
        """
        return merged(key.read(key.settings(mapping), context) for key in self._keys)

    def problems(self, mapping: Mapping[str, Any], context: Context) -> Iterator[Problem]:
        """What refuses the file."""
        for key in self._keys:
            yield from key.problems(key.settings(mapping), context)

    def missing(self, mapping: Mapping[str, Any], context: Context) -> Iterator[Problem]:
        """What the repository lacks."""
        for key in self._keys:
            yield from key.missing(key.settings(mapping), context)

    def remarks(self, mapping: Mapping[str, Any], context: Context, pipeline: Pipeline) -> Iterator[Problem]:
        """What somebody should know."""
        for key in self._keys:
            yield from key.remarks(key.settings(mapping), context, pipeline)


def merged(several: Iterable[Fields]) -> dict[str, Any]:
    """The fields of several together; tuples and mappings of one field add up.

    Raises TypeError where two decide a field that cannot be added up.
    """
    together: dict[str, Any] = {}
    for fields in several:
        for name, value in fields.items():
            together[name] = _sum(name, together[name], value) if name in together else value
    return together


def _key(word: str, module: Any) -> Key[Any]:
    return Key(
        word,
        module.SCHEMA,
        getattr(module, "REQUIRED", False),
        getattr(module, "OTHER_SPELLINGS", ()),
        getattr(module, "read", _no_fields),
        getattr(module, "problems", _no_problems),
        getattr(module, "missing", _no_problems),
        getattr(module, "remarks", _no_remarks),
    )


def _no_fields(_settings: Any, _context: Any) -> Fields:
    return NOTHING


def _no_problems(_settings: Any, _context: Any) -> Iterator[Problem]:
    return iter(())


def _no_remarks(_settings: Any, _context: Any, _pipeline: Pipeline) -> Iterator[Problem]:
    return iter(())


def _sum(field: str, first: Any, second: Any) -> Any:
    # Values of the model are tuples, too, and add up to nothing.
    if type(first) is tuple and type(second) is tuple:
        return (*first, *second)
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return {**first, **second}
    raise TypeError(f"two keys of the pipeline file decide {field}")
