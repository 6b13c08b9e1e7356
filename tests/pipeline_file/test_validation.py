"""What validation says of single values against small schemas."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from generator.document import PIPELINE_FILE, parse
from generator.errors import Place
from generator.pipeline_file.validation import validate

Schema = dict[str, Any]

WORD: Schema = {"type": "string", "pattern": "^[a-z]+$", "x-what": "a word in small letters"}


def findings(text: str, schema: Schema) -> list[tuple[str, str]]:
    return [(p.message, p.hint) for p in validate(parse(text, "f", PIPELINE_FILE), schema)]


def of_a(value: str, schema: Schema) -> list[tuple[str, str]]:
    """What is said of a value under the key `a`."""
    return findings(f"a: {value}\n", {"properties": {"a": schema}})


def mapping(*names: str, **more: Any) -> Schema:
    return {"type": "object", "additionalProperties": False, "properties": {name: {} for name in names}, **more}


def test_a_value_that_fits_has_no_problems() -> None:
    assert of_a("b", WORD) == []


@pytest.mark.parametrize(
    ("value", "schema", "message"),
    [
        ("3", {"type": "string"}, "must be text, not a number"),
        ("1.5", {"type": "string"}, "must be text, not a number"),
        ("yes", {"type": "string"}, "must be text, not true/false"),
        ("", {"type": "string"}, "must be text, not nothing"),
        ("[b]", {"type": "string"}, "must be text, not a list"),
        ("{b: c}", {"type": "string"}, "must be text, not a mapping"),
        ("b", {"type": "number"}, "must be a number, not text"),
        ("b", {"type": "integer"}, "must be a whole number, not text"),
        ("1.5", {"type": "integer"}, "must be a whole number, not 1.5"),
        ("b", {"type": "boolean"}, "must be true/false, not text"),
        ("b", {"type": "array"}, "must be a list, not text"),
        ("b", {"type": "object"}, "must be a mapping, not text"),
        ("b", {"type": "null"}, "must be nothing, not text"),
        ("[]", {"type": ["string", "number", "boolean"]}, "must be a number, text or true/false, not a list"),
    ],
)
def test_a_wrong_type_is_called_by_its_plain_name(value: str, schema: Schema, message: str) -> None:
    ((actual, _),) = of_a(value, schema)
    assert sorted(actual.replace(",", "").split()) == sorted(message.replace(",", "").split())


@pytest.mark.parametrize(
    ("value", "schema", "hint"),
    [
        ("3", {"type": "string"}, 'quote it: "3"'),
        ("3.10", {"type": "string"}, 'YAML reads 3.10 as 3.1; quote it: "3.10"'),
        ("012", {"type": "string"}, 'YAML reads 012 as 10; quote it: "012"'),
        ("12:30", {"type": "string"}, 'YAML reads 12:30 as 750; quote it: "12:30"'),
        ("yes", {"type": "string"}, 'YAML reads yes as true; quote it: "yes"'),
        ("OFF", {"type": "string"}, 'YAML reads OFF as false; quote it: "OFF"'),
        ("true", {"type": "string"}, 'quote it: "true"'),
        ("~", {"type": "string"}, 'YAML reads ~ as nothing; quote it: "~"'),
        ("", {"type": "string"}, "write it, or remove it"),
        ("", {"type": "string", "examples": ["b c"]}, "for example: a: b c"),
        ("[b]", {"type": "string"}, "write it alone: b"),
        ("[b, c]", {"type": "string"}, "write one text"),
        ("[" + "b" * 100 + "]", {"type": "string"}, "write it alone: ..."),
        ("b" * 100, {"type": "array"}, "write a list: ..."),
        ('"3"', {"type": "integer"}, "take the quotes off: 3"),
        ('"3"', {"type": "number"}, "take the quotes off: 3"),
        ('"1.5"', {"type": "integer"}, "write it in digits"),
        ('"no"', {"type": "boolean"}, "take the quotes off: no"),
        ('""', {"type": ["boolean", "null"]}, "write true or false"),
        ("never", {"type": "boolean"}, "write true or false"),
        ("never", {"type": "boolean", "default": True}, "for example: a: true"),
        ("3.5", {"type": "integer"}, "round it"),
        ("b, c", {"type": "array"}, 'write a list: ["b, c"]'),
        ("{b: c}", {"type": "array"}, "begin each item with '- '"),
        ("[b]", {"type": "object"}, "write its keys without dashes"),
        ("b", mapping("b", "c"), "'b' is a key: write 'b:' and what belongs to it"),
        ("d", mapping("b", "c"), "keys: b, c"),
        ("d", {"type": "object"}, "write 'key: value' below it"),
        ("3", {"type": "integer", "maximum": 2, "x-hint": "AWS allows two"}, "write 2 or less; AWS allows two"),
    ],
)
def test_a_hint_says_what_to_write_instead(value: str, schema: Schema, hint: str) -> None:
    assert [actual for _, actual in of_a(value, schema)] == [hint]


@pytest.mark.parametrize(
    ("value", "schema", "message", "hint"),
    [
        ("B C", WORD, "'B C' is not a word in small letters", ""),
        ("B", WORD, "'B' is not a word in small letters", "did you mean 'b'?"),
        ("b", {**WORD, "maxLength": 0}, "'b' is too long: at most 0 characters, not 1", "shorten it"),
        ("b", {"pattern": "^c"}, "'b' is not of the form ^c", ""),
        ("1", {"enum": [2, 3]}, "must be 2 or 3, not '1'", ""),
        ("b", {"const": "c"}, "must be c, not 'b'", ""),
        ("[b]", {"enum": ["c"]}, "must be c, not a list", ""),
        ("Bc", {"enum": ["bc", "d"]}, "must be bc or d, not 'Bc'", "did you mean 'bc'?"),
        ("b", {"enum": ["c"], "x-later-values": ["b"]}, "'b' is not supported yet", "for now: c"),
        ("b", {"enum": ["c"], "x-what": "a letter I like"}, "'b' is not a letter I like", "one of: c"),
        ('""', {"minLength": 1, "pattern": "."}, "must not be empty", "write something, or remove it"),
        ("b", {"minLength": 2}, "at least 2 characters, not 1", "write more, or remove it"),
        ("[]", {"minItems": 1}, "must not be empty", "write something, or remove it"),
        ("[b]", {"minItems": 2}, "at least 2 items, not 1", "write more, or remove it"),
        ("[b, c]", {"maxItems": 1}, "at most 1 items, not 2", "remove some"),
        ("[1, 1.0]", {"uniqueItems": True}, "two items are the same", "remove one"),
        ("[{b: 1}, {b: 1}]", {"uniqueItems": True}, "a mapping is listed twice", "remove it: it is item 1 already"),
        ("2", {"minimum": 3}, "2 is too small", "write 3 or more"),
        ("2", {"exclusiveMaximum": 2}, "2 is too large", "write less than 2"),
        ("{b: c, d: e}", {"maxProperties": 1}, "exactly one key, not 2: b, d", "keep one of them"),
        (
            "{b: c, d: e}",
            {"maxProperties": 1, "properties": {"b": {}}},
            "exactly one key, not 2: b, d",
            "keep one of them",
        ),
        ("{b: c, d: e, f: g}", {"maxProperties": 2}, "at most 2 keys, not 3", "remove some"),
        ("{b: c}", {"minProperties": 2}, "at least 2 keys are needed", ""),
        ("{b: c}", {"not": {"required": ["b"]}}, "this is not allowed here", "remove it"),
        ("b", {"not": {"const": "b"}}, "this is not allowed here", "remove it"),
        ("b", False, "this is not allowed here", "remove it"),
        ("[b]", {"contains": {"const": "c"}}, "this breaks the rule 'contains'", ""),
    ],
)
def test_every_keyword_has_its_words(value: str, schema: Schema, message: str, hint: str) -> None:
    assert of_a(value, schema) == [(message, hint)]


class TestKeys:
    def test_a_moved_key_is_meant_only_where_its_new_name_exists(self) -> None:
        schema = mapping("stages", **{"x-moved": {"phase": "stages", "when": "gone"}})
        assert findings("phase: 1\nwhen: 2\n", schema) == [
            ("unknown key 'phase'", "did you mean 'stages'? keys: stages"),
            ("unknown key 'when'", "keys: stages"),
        ]

    def test_a_key_that_is_there_already_was_not_meant(self) -> None:
        assert findings("stages: 1\nstage: 2\n", mapping("stages")) == [("unknown key 'stage'", "keys: stages")]

    def test_a_misspelt_key_is_not_missing_as_well(self) -> None:
        schema = mapping("service", "source", required=["service", "source"])
        assert [message for message, _ in findings("servce: 1\n", schema)] == [
            "'source' is missing",
            "unknown key 'servce'",
        ]

    def test_a_key_for_later_is_never_unknown(self) -> None:
        schema = mapping("services", **{"x-later": ["service"]})
        assert findings("service: 1\n", schema) == [
            ("'service' is not supported yet", "remove it: a later version will take it")
        ]

    @pytest.mark.parametrize(
        ("rule", "hint"),
        [
            ({"examples": [{"b": [1, "yes"]}]}, 'for example: a: {b: [1, "yes"]}'),
            ({"default": "7 days"}, "for example: a: 7 days"),
            ({"x-what": "a duration"}, "'a' is a duration"),
            ({"$ref": "#/$defs/it"}, "for example: a: here"),
            ({"$ref": "#/$defs/it", "examples": ["there"]}, "for example: a: there"),
            ({}, "add 'a'"),
        ],
    )
    def test_a_missing_key_is_shown_by_example(self, rule: Schema, hint: str) -> None:
        schema = {"required": ["a"], "properties": {"a": rule}, "$defs": {"it": {"examples": ["here"]}}}
        assert findings("b: 1\n", schema) == [("'a' is missing", hint)]

    def test_a_missing_key_stands_at_the_key_of_its_mapping(self) -> None:
        document = parse("x: 1\na:\n  b: 1\n", "f", PIPELINE_FILE)
        (problem,) = validate(document, {"properties": {"a": {"required": ["c"]}}})
        assert (problem.place, problem.excerpt, problem.width) == (Place("f", 2, 1), "a:", 1)

    def test_a_name_that_is_none_stands_at_its_key(self) -> None:
        document = parse("a: 1\nB: 2\n", "f", PIPELINE_FILE)
        (problem,) = validate(document, {"propertyNames": WORD})
        assert (problem.place, problem.message) == (Place("f", 2, 1), "'B' is not a word in small letters")


class TestChoices:
    WORD_OR_MAPPING: ClassVar[Schema] = {"anyOf": [WORD, mapping("b", "c")]}

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            ("B", "'B' is not a word in small letters"),
            ("{d: 1}", "unknown key 'd'"),
            ("3", "must be a word or a mapping, not a number"),
            ("[b]", "must be a word or a mapping, not a list"),
        ],
    )
    @pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
    def test_only_the_form_that_was_meant_is_spoken_of(self, value: str, message: str, keyword: str) -> None:
        schema = {keyword: self.WORD_OR_MAPPING["anyOf"]}
        assert [actual for actual, _ in of_a(value, schema)] == [message]

    def test_problems_of_the_form_stand_where_they_are(self) -> None:
        document = parse("a:\n  b: 1\n  d: 2\n", "f", PIPELINE_FILE)
        (problem,) = validate(document, {"properties": {"a": self.WORD_OR_MAPPING}})
        assert problem.place == Place("f", 3, 3)

    def test_a_reference_to_the_whole_schema_is_followed(self) -> None:
        schema = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"$ref": "#"}}]}
        assert [message for message, _ in findings("[a, [b, 3]]\n", schema)] == ["must be text or a list, not a number"]

    def test_choices_within_choices_and_references_are_followed(self) -> None:
        schema = {
            "properties": {"a": {"$ref": "#/$defs/a"}},
            "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}, {"type": "array"}]}, "b": self.WORD_OR_MAPPING},
        }
        assert [message for message, _ in findings("a: 3\n", schema)] == [
            "must be a word, a mapping or a list, not a number"
        ]
        assert [message for message, _ in findings("a: {d: 1}\n", schema)] == ["unknown key 'd'"]

    def test_of_two_forms_of_one_type_the_nearer_one_was_meant(self) -> None:
        first, other = mapping("b", required=["b"]), mapping("c", "d", required=["c", "d"])
        assert [message for message, _ in of_a("{b: 1, e: 2}", {"anyOf": [first, other]})] == ["unknown key 'e'"]

    def test_a_word_that_is_none_of_few_could_have_been_the_other_form(self) -> None:
        schema = {"anyOf": [{"enum": ["none"]}, mapping("b")]}
        assert of_a("non", schema) == [("must be none or a mapping, not 'non'", "did you mean 'none'? keys: b")]

    def test_a_whole_number_is_a_number(self) -> None:
        schema = {"anyOf": [{"type": "number", "minimum": 3}, {"type": "object"}]}
        assert [message for message, _ in of_a("2", schema)] == ["2 is too small"]

    def test_what_fits_two_forms_of_which_one_is_allowed(self) -> None:
        schema = {"oneOf": [{"type": "string"}, {"minLength": 1}], "x-what": "clear"}
        assert of_a("b", schema) == [("this is not clear", "")]


class TestCauses:
    def test_of_a_wrong_type_nothing_else_is_said(self) -> None:
        assert len(of_a("3", {"type": "string", "enum": ["b"], "not": {"type": "integer"}})) == 1

    def test_a_word_that_is_none_of_few_is_not_misspelt_as_well(self) -> None:
        assert len(of_a("B", {"enum": ["bb"], **WORD, "minLength": 2})) == 1

    def test_what_is_missing_in_an_empty_mapping_is_said_once(self) -> None:
        assert [message for message, _ in of_a("{}", {"required": ["b"], "minProperties": 1})] == ["'b' is missing"]

    def test_keys_that_slipped_out_of_an_item_are_said_once(self) -> None:
        stage = {"maxProperties": 1, "x-noun": "stage", "additionalProperties": {"type": ["null", "object"]}}
        schema = {"properties": {"a": {"items": stage}}}
        assert findings("a:\n  - b:\n    tests: 3\n", schema) == [
            ("exactly one stage, not 2: b, tests", "indent what belongs to 'b' further than 'b' itself")
        ]

    def test_an_unknown_key_does_not_make_too_many(self) -> None:
        source = mapping("b", maxProperties=1, **{"x-noun": "source"})
        assert [message for message, _ in of_a("{b: 1, d: 2}", source)] == ["unknown source 'd'"]


def test_problems_come_in_the_order_of_the_file_and_a_hundred_at_most() -> None:
    text = "".join(f"k{number}: 1\n" for number in range(150, 0, -1))
    problems = validate(parse(text, "f", PIPELINE_FILE), mapping("a"))
    assert [problem.place and problem.place.line for problem in problems] == list(range(1, 102))
    assert problems[-1].message == "there are more problems from here on"


def test_a_number_longer_than_any_number_is_text() -> None:
    assert of_a("9" * 5_000, {"type": "integer"})[0][0] == "must be a whole number, not text"
    assert of_a("9" * 200, {"type": "integer", "maximum": 5})[0][1] == "write 5 or less"
