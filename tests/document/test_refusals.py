"""What is refused on the way from a file's bytes to its values, and in which words."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.document import PIPELINE_FILE, TEMPLATE, Attempt, Rules, attempt_text, parse, read
from generator.document.events import from_libyaml, from_pyyaml
from generator.errors import InvalidInputError, Place

PARSERS = [from_libyaml, from_pyyaml]
Events = Callable[[str], Iterator[Any]]


def problems(raised: pytest.ExceptionInfo[InvalidInputError]) -> list[tuple[str, int, int, str]]:
    places = [problem.place or Place("", 0, 0) for problem in raised.value.problems]
    return [
        (place.file, place.line, place.column, problem.message)
        for place, problem in zip(places, raised.value.problems, strict=True)
    ]


@pytest.fixture
def unreadable(tmp_path: Path) -> Iterator[Path]:
    """A file that may not be read, by a user to whom that matters: root may read every file."""
    path = tmp_path / "pipeline.yaml"
    path.write_text("a: b")
    path.chmod(0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield path
    os.seteuid(user)


def messages(attempted: Attempt) -> list[str]:
    return [str(problem) for problem in attempted.problems]


class TestFiles:
    @pytest.mark.parametrize("rules", [PIPELINE_FILE, TEMPLATE])
    def test_a_missing_file_is_said_to_be_missing(self, tmp_path: Path, rules: Rules) -> None:
        with pytest.raises(InvalidInputError) as raised:
            read(tmp_path / "no.yaml", "no.yaml", rules)
        assert problems(raised) == [("no.yaml", 1, 1, "there is no such file")]
        assert raised.value.problems[0].hint == rules.when_missing

    def test_a_missing_pipeline_file_can_be_written_by_init(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidInputError, match="penstock init"):
            read(tmp_path / "pipeline.yaml", "pipeline.yaml", PIPELINE_FILE)

    def test_a_path_through_a_file_leads_nowhere(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("x")
        with pytest.raises(InvalidInputError, match="there is no such file"):
            read(tmp_path / "a" / "b", "a/b", PIPELINE_FILE)

    def test_a_directory_is_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidInputError) as raised:
            read(tmp_path, ".", PIPELINE_FILE)
        assert problems(raised) == [(".", 1, 1, "this is a directory, not a file")]

    def test_a_file_that_may_not_be_read(self, unreadable: Path) -> None:
        with pytest.raises(InvalidInputError, match="the file may not be read"):
            read(unreadable, "pipeline.yaml", PIPELINE_FILE)

    def test_what_else_the_system_refuses_is_told_in_its_words(self, tmp_path: Path) -> None:
        loop = tmp_path / "loop"
        loop.symlink_to(loop)
        with pytest.raises(InvalidInputError, match=r"the file cannot be read: .*symbolic links"):
            read(loop, "loop", PIPELINE_FILE)

    def test_a_path_that_no_system_takes(self) -> None:
        with pytest.raises(InvalidInputError, match="the file cannot be read"):
            read(Path("a\0b"), "a", PIPELINE_FILE)

    def test_a_megabyte_is_read_and_one_byte_more_is_not(self, tmp_path: Path) -> None:
        path = tmp_path / "pipeline.yaml"
        path.write_bytes(b"a: b #" + b"x" * (1_048_576 - 6))
        assert read(path, "pipeline.yaml", PIPELINE_FILE).data == {"a": "b"}
        with path.open("ab") as file:
            file.write(b"x")
        with pytest.raises(InvalidInputError) as raised:
            read(path, "pipeline.yaml", PIPELINE_FILE)
        assert problems(raised) == [("pipeline.yaml", 1, 1, "the file is larger than 1 MB")]


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
    def test_only_utf_8_is_read(self, tmp_path: Path, encoding: str) -> None:
        path = tmp_path / "a"
        path.write_bytes("a: b\n".encode(encoding))
        with pytest.raises(InvalidInputError, match="UTF-8"):
            read(path, "a", PIPELINE_FILE)

    @pytest.mark.parametrize(
        ("content", "line", "column", "excerpt"),
        [
            (b"a: caf\xe9\n", 1, 7, "a: caf\ufffd"),
            (b"\xef\xbb\xbf# \xc3\xa9\r\nb: \xff", 2, 4, "b: \ufffd"),
            (b"a: \xed\xa0\x80", 1, 4, "a: \ufffd\ufffd\ufffd"),
            (b"a: b\n\xf0\x9f\x98", 2, 1, "\ufffd"),
        ],
    )
    def test_the_first_byte_that_is_not_utf_8_is_shown(
        self, tmp_path: Path, content: bytes, line: int, column: int, excerpt: str
    ) -> None:
        path = tmp_path / "a"
        path.write_bytes(content)
        with pytest.raises(InvalidInputError) as raised:
            read(path, "a", PIPELINE_FILE)
        (problem,) = raised.value.problems
        assert (problem.place, problem.excerpt) == (Place("a", line, column), excerpt)


class TestCharacters:
    @pytest.mark.parametrize("character", "\x00\x07\x1b\x7f\x80\x9f\ud800\ufffe")
    @pytest.mark.parametrize("rules", [PIPELINE_FILE, TEMPLATE])
    def test_what_no_yaml_may_hold(self, character: str, rules: Rules) -> None:
        with pytest.raises(InvalidInputError) as raised:
            parse(f"a: b\nc: d{character}\n", "f", rules)
        code = f"U+{ord(character):04X}"
        assert problems(raised) == [("f", 2, 5, f"the character {code} is not used here")]

    @pytest.mark.parametrize("character", "\x85\u2028\u2029\u061c\u200e\u202a\u202e\u2066\u2069\ufeff")
    def test_what_deceives_the_eye_is_refused_in_a_pipeline_file_only(self, character: str) -> None:
        text = f"a: 'b{character}c'\n"
        with pytest.raises(InvalidInputError) as raised:
            parse(text, "f", PIPELINE_FILE)
        assert [problem[1:3] for problem in problems(raised)] == [(1, 6)]
        assert parse(text, "f", TEMPLATE).data["a"].startswith("b")

    def test_every_refused_character_is_found_and_so_is_the_rest(self) -> None:
        with pytest.raises(InvalidInputError) as raised:
            parse("a: \x01\nb: \x02\u2028c\na: 2\n", "f", PIPELINE_FILE)
        assert [problem[1:3] for problem in problems(raised)] == [(1, 4), (2, 4), (2, 5), (3, 1)]

    @pytest.mark.parametrize("escape", [r"\0", r"\x7f", r"\e", r"\N", r"\L", r"\u202e"])
    def test_no_escape_stands_for_a_refused_character(self, escape: str) -> None:
        with pytest.raises(InvalidInputError, match="an escape stands for U"):
            parse(f'a: "{escape}"', "f", PIPELINE_FILE)

    def test_line_ends_and_tabs_may_be_escaped(self) -> None:
        assert parse(r'a: "b\tc\nd\re"', "f", PIPELINE_FILE).data == {"a": "b\tc\nd\re"}

    def test_half_a_surrogate_pair_is_no_character(self) -> None:
        for events in PARSERS:
            attempted = attempt_text(r'{"a": "\ud83d"}', "f", TEMPLATE, events)
            assert len(attempted.problems) == 1


@pytest.mark.parametrize("events", PARSERS)
class TestSyntax:
    """Both of PyYAML's parsers, which call the same mistakes by different names."""

    @pytest.mark.parametrize(
        ("text", "place", "message"),
        [
            ("a: b: c", (1, 5), "a second ': ' in one line"),
            ("a:b\nc: d", (2, 1), "no key can stand here"),
            ("a: b\n  c: d", (2, 3), "no key can stand here"),
            ("a: b\nc\nd: e", (2, 1), "a ':' is missing after this"),
            ("- a\nb: c", (2, 1), "this is not indented like what stands above it"),
            ("a:\n  - b\n - c", (3, 2), "this is not indented like what stands above it"),
            ("a:\n    b: c\n  d: e", (3, 3), "this is not indented like what stands above it"),
            ("a: 'it's'", (1, 8), "nothing can follow here: the value before it is complete"),
            ("{a: b}}", (1, 7), "nothing can follow here: the value before it is complete"),
            ("a: [b\nc: d", (1, 4), "the ']' that closes this is missing"),
            ("a: {b: c", (1, 4), "the '}' that closes this is missing"),
            ("a: ['b' 'c']", (1, 9), "a ',' or ']' is missing before this"),
            ("a: {b: 'c' d: e}", (1, 12), "a ',' or '}' is missing before this"),
            ("a: [b, }", (1, 8), "a value is missing here"),
            ("a: - b", (1, 4), "no list item can begin here"),
            ("a: ? b", (1, 4), "no key can begin here"),
            ("a: 'b\nc: d", (1, 4), "the quote that opens here is never closed"),
            ("a: 'b\n---\nc'", (1, 4), "the quote that opens here is never closed"),
            ("a: @b", (1, 4), "no value can begin with '@', U+0040 COMMERCIAL AT"),
            ("a: `b`", (1, 4), "no value can begin with '`', U+0060 GRAVE ACCENT"),
            ("a: *.py", (1, 4), "'*' and '&' have a meaning of their own in YAML"),
            ("a: & b", (1, 4), "'*' and '&' have a meaning of their own in YAML"),
            ("a: !{b}", (1, 4), "'!' has a meaning of its own in YAML"),
            ("a: !e!b c", (1, 4), "'!' has a meaning of its own in YAML"),
            ("a: | b", (1, 4), "a text after '|' or '>' begins on the line below"),
            ("%!\n---\na: b", (1, 1), "a line that begins with '%' has a meaning of its own in YAML"),
            ("a:\n\tb: c", (2, 1), "a tab cannot indent"),
            ("a:\n  -\tb: c", (2, 4), "a tab cannot indent"),
            ("a: b\n---\nc: d", (2, 1), "a second document begins here"),
        ],
    )
    def test_a_mistake_is_said_in_plain_words(
        self, events: Events, text: str, place: tuple[int, int], message: str
    ) -> None:
        (problem,) = attempt_text(text, "f", PIPELINE_FILE, events).problems
        assert problem.place is not None
        assert ((problem.place.line, problem.place.column), problem.message) == (place, message)
        assert problem.hint

    @pytest.mark.parametrize("text", [r'a: "\uZZZZ"', r'a: "\U00110000"', r'a: "\xZ"'])
    def test_an_escape_that_names_no_character(self, events: Events, text: str) -> None:
        (problem,) = attempt_text(text, "f", PIPELINE_FILE, events).problems
        assert problem.message == "this escape names no character"

    def test_a_backslash_that_begins_no_escape(self, events: Events) -> None:
        (problem,) = attempt_text(r'a: "c:\dir"', "f", PIPELINE_FILE, events).problems
        assert problem.message == "a backslash in double quotes begins an escape, and this is not one"

    def test_every_line_that_a_tab_indents_is_named(self, events: Events) -> None:
        attempted = attempt_text("a:\n\tb: c\n\t\td: e\n  f: g\n\t\n", "f", PIPELINE_FILE, events)
        assert [problem.place and problem.place.line for problem in attempted.problems] == [2, 3]

    def test_what_came_before_a_mistake_is_said_too(self, events: Events) -> None:
        attempted = attempt_text("a: 1\na: 2\nb: [", "f", PIPELINE_FILE, events)
        assert [problem.message for problem in attempted.problems] == [
            "'a' is given twice",
            "a value is missing here",
        ]

    @pytest.mark.parametrize("text", ["", "\n\n", "# only this\n", "---\n", "---\n...\n"])
    def test_a_file_without_values_is_empty(self, events: Events, text: str) -> None:
        (problem,) = attempt_text(text, "f", PIPELINE_FILE, events).problems
        assert (problem.place, problem.message) == (Place("f", 1, 1), "the file is empty")

    @pytest.mark.parametrize(("rules", "depth"), [(PIPELINE_FILE, 100), (TEMPLATE, 200)])
    def test_levels_are_counted_before_anything_is_built(self, events: Events, rules: Rules, depth: int) -> None:
        deepest = attempt_text("[" * depth + "]" * depth, "f", rules, events)
        assert deepest.problems == ()
        (problem,) = attempt_text("[" * 50_000, "f", rules, events).problems
        assert (problem.place, problem.message) == (Place("f", 1, depth + 1), f"nested more than {depth} deep")


class TestStrictness:
    @pytest.mark.parametrize(
        ("text", "place", "message"),
        [
            ("a: &b c", (1, 4), "anchors such as '&b' are not used here"),
            ("a: *b", (1, 4), "aliases such as '*b' are not used here"),
            ("a: {<<: {b: c}}", (1, 5), "merge keys ('<<') are not used here"),
            ("a: !Ref b", (1, 4), "tags such as '!Ref' are not used here"),
            ("a: !!binary b", (1, 4), "tags such as '!!binary' are not used here"),
            ("a: !!python/name:os.system b", (1, 4), "tags such as '!!python/name:os.system' are not used here"),
            ("on: b", (1, 1), "a key is text, and 'on' is none"),
            ("3.10: b", (1, 1), "a key is text, and '3.10' is none"),
            ("{[a]: b}", (1, 2), "a key is text, not a list"),
            ("? {a: b}\n: c", (1, 3), "a key is text, not a mapping"),
            ("a: b\nc: d\na: e", (3, 1), "'a' is given twice"),
            ("a:\n\u00a0b: c", (2, 1), "the character U+00A0 NO-BREAK SPACE cannot indent"),
        ],
    )
    def test_a_pipeline_file_is_plain(self, text: str, place: tuple[int, int], message: str) -> None:
        with pytest.raises(InvalidInputError) as raised:
            parse(text, "f", PIPELINE_FILE)
        assert problems(raised) == [("f", *place, message)]

    def test_quotes_make_text_of_everything(self) -> None:
        text = '{"<<": "*a", "on": "!b", "3.10": "&c", "~": "yes"}'
        assert parse(text, "f", PIPELINE_FILE).data == {"<<": "*a", "on": "!b", "3.10": "&c", "~": "yes"}

    def test_the_first_of_two_is_named(self) -> None:
        attempted = attempt_text("a: 1\nb: 2\na: 3\na: 4\n", "f", PIPELINE_FILE)
        assert [problem.hint for problem in attempted.problems] == ["the first is on line 1"] * 2
        assert attempted.document.data == {"a": 1, "b": 2}

    def test_a_document_with_a_value_twice_is_complete_and_one_with_an_alias_is_not(self) -> None:
        assert attempt_text("a: 1\na: 2", "f", PIPELINE_FILE).complete
        assert not attempt_text("a: *b", "f", PIPELINE_FILE).complete
        assert not attempt_text("a: 1\nb: [", "f", PIPELINE_FILE).complete

    def test_too_many_values_are_not_a_pipeline(self) -> None:
        assert parse("- a\n" * 9_999, "f", PIPELINE_FILE).data == ["a"] * 9_999
        with pytest.raises(InvalidInputError, match="more than 10,000 values"):
            parse("- a\n" * 10_000, "f", PIPELINE_FILE)

    def test_a_hundred_problems_are_enough(self) -> None:
        attempted = attempt_text("a: 1\n" * 1_000, "f", PIPELINE_FILE)
        assert len(attempted.problems) == 101
        assert messages(attempted)[-1] == "f:102:1: there are more problems from here on"


class TestTemplates:
    @pytest.mark.parametrize(
        ("text", "place", "message"),
        [
            ("a: *b", (1, 4), "there is no '&b' before this"),
            ("a: &b [*b]", (1, 8), "'*b' stands inside what it repeats"),
            ("a: {<<: b}", (1, 9), "'<<' takes a mapping or a list of mappings"),
            ("a: {<<: [{b: c}, d]}", (1, 9), "'<<' takes a mapping or a list of mappings"),
            ("a: !!python/name:os.system b", (1, 4), "unknown tag '!!python/name:os.system'"),
            ("a: !<ref> b", (1, 4), "unknown tag 'ref'"),
            ("a: 1\na: 2", (2, 1), "'a' is given twice"),
            ("1: a\n'1': b", (2, 1), "'1' is given twice"),
            ("? [a]\n: b", (1, 3), "a key is text, not a list"),
        ],
    )
    def test_a_template_has_its_own_mistakes(self, text: str, place: tuple[int, int], message: str) -> None:
        with pytest.raises(InvalidInputError) as raised:
            parse(text, "f", TEMPLATE)
        assert problems(raised) == [("f", *place, message)]

    def test_aliases_cannot_make_a_file_explode(self) -> None:
        lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))]
        with pytest.raises(InvalidInputError, match="more than 1,000,000 values"):
            parse("\n".join(lines), "f", TEMPLATE)

    def test_merges_cannot_make_a_file_explode(self) -> None:
        keys = ", ".join(f"k{number}: 1" for number in range(1_000))
        lines = [f"a: &a {{{keys}}}", *(f"b{number}: {{<<: *a}}" for number in range(2_000))]
        with pytest.raises(InvalidInputError, match="more than 1,000,000 values"):
            parse("\n".join(lines), "f", TEMPLATE)

    def test_aliases_cannot_nest_deeper_than_brackets(self) -> None:
        lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 500))]
        with pytest.raises(InvalidInputError, match="aliases nest more than 200 deep"):
            parse("\n".join(lines), "f", TEMPLATE)

    def test_an_empty_template_is_told_what_it_needs(self) -> None:
        with pytest.raises(InvalidInputError, match="at least the key Resources"):
            parse("# nothing yet\n", "f", TEMPLATE)
