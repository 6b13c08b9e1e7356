"""What a file's text becomes, and where its values stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.document import PIPELINE_FILE, TEMPLATE, Document, attempt_text, parse, read
from generator.errors import InvalidInputError, Place

PIPELINE = """\
# yaml-language-server: $schema=pipeline.schema.json
service: time-service
source:
  github: {repository: acme/time-service, branch: main}
build:
  runtime: {python: 3.10}
  test:
stages:
  - beta
  - prod:
      approval: {notify: [ops@example.com]}
"""


@pytest.fixture(scope="module")
def document() -> Document:
    return parse(PIPELINE, "pipeline.yaml", PIPELINE_FILE)


def test_data_is_plain(document: Document) -> None:
    assert document.data == {
        "service": "time-service",
        "source": {"github": {"repository": "acme/time-service", "branch": "main"}},
        "build": {"runtime": {"python": 3.1}, "test": None},
        "stages": ["beta", {"prod": {"approval": {"notify": ["ops@example.com"]}}}],
    }


@pytest.mark.parametrize(
    ("path", "line", "column", "width"),
    [
        (("service",), 2, 10, 12),
        (("source",), 4, 3, 53),
        (("source", "github"), 4, 11, 45),
        (("source", "github", "branch"), 4, 51, 4),
        (("stages", 0), 9, 5, 4),
        (("stages", 1, "prod", "approval", "notify", 0), 11, 27, 15),
        ((), 2, 1, 21),
    ],
)
def test_a_problem_underlines_the_value_at_its_path(
    document: Document, path: tuple[str | int, ...], line: int, column: int, width: int
) -> None:
    problem = document.problem(path, "wrong")
    assert problem.place == Place("pipeline.yaml", line, column)
    assert problem.width == width
    assert problem.excerpt == PIPELINE.splitlines()[line - 1]


@pytest.mark.parametrize(
    ("path", "line", "column", "width"),
    [
        (("source", "github"), 4, 3, 6),
        (("stages", 1, "prod"), 10, 5, 4),
        (("stages", 1), 10, 5, 5),
    ],
)
def test_a_problem_can_underline_the_key(
    document: Document, path: tuple[str | int, ...], line: int, column: int, width: int
) -> None:
    problem = document.problem(path, "wrong", at="key")
    assert problem.place == Place("pipeline.yaml", line, column)
    assert problem.width == width


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        (("stages", 1, "prod", "stack"), 10, 5),
        (("stages", 7), 8, 1),
        (("stages", 0, "prod", "stack", 3), 9, 5),
        (("app", "template"), 1, 1),
    ],
)
def test_a_path_to_nothing_falls_back_to_its_nearest_parent(
    document: Document, path: tuple[str | int, ...], line: int, column: int
) -> None:
    assert document.problem(path, "missing").place == Place("pipeline.yaml", line, column)


def test_an_empty_value_is_shown_by_its_key(document: Document) -> None:
    assert document.problem(("build", "test"), "empty").place == Place("pipeline.yaml", 7, 3)


def test_the_start_of_the_file_has_no_picture(document: Document) -> None:
    problem = document.problem((), "missing", at="key")
    assert (problem.place, problem.excerpt) == (Place("pipeline.yaml", 1, 1), "")


def test_a_problem_carries_its_level_and_hint(document: Document) -> None:
    problem = document.problem(("service",), "dubious", "think again", level="warning")
    assert (problem.level, problem.hint) == ("warning", "think again")


@pytest.mark.parametrize(
    ("path", "written"),
    [
        (("build", "runtime", "python"), "3.10"),
        (("service",), "time-service"),
        (("build", "test"), ""),
        (("stages",), ""),
        (("nowhere", 3), ""),
    ],
)
def test_a_scalar_is_known_as_it_was_written(document: Document, path: tuple[str | int, ...], written: str) -> None:
    assert document.written(path) == written


def test_columns_count_characters() -> None:
    document = parse("a: {é😀: [x, \U0001f600, y]}\n", "f", PIPELINE_FILE)
    assert document.problem(("a", "é😀", 2), "wrong").place == Place("f", 1, 16)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_counts_as_one(end: str) -> None:
    document = parse(f"a: 1{end}{end}b: 2{end}", "f", PIPELINE_FILE)
    assert document.problem(("b",), "wrong").place == Place("f", 3, 4)


def test_a_file_is_read_and_called_as_the_user_called_it(tmp_path: Path) -> None:
    path = tmp_path / "pipeline.yaml"
    path.write_bytes(b"\xef\xbb\xbfservice: caf\xc3\xa9\n")
    document = read(path, "./pipeline.yaml", PIPELINE_FILE)
    assert document.data == {"service": "café"}
    assert document.problem(("service",), "x").place == Place("./pipeline.yaml", 1, 10)


def test_a_template_s_short_tags_become_their_long_forms() -> None:
    template = parse(
        """\
Resources:
  A:
    Role: !GetAtt Nested.Outputs.Role
    Name: !Sub "${AWS::StackName}-a"
    Other: !If [IsProd, !Ref B, !Ref AWS::NoValue]
    When: !Condition IsProd
    List: !GetAtt [B, Arn]
    Text: !!str 012
""",
        "app-sam.yaml",
        TEMPLATE,
    )
    assert template.data["Resources"]["A"] == {
        "Role": {"Fn::GetAtt": ["Nested", "Outputs.Role"]},
        "Name": {"Fn::Sub": "${AWS::StackName}-a"},
        "Other": {"Fn::If": ["IsProd", {"Ref": "B"}, {"Ref": "AWS::NoValue"}]},
        "When": {"Condition": "IsProd"},
        "List": {"Fn::GetAtt": ["B", "Arn"]},
        "Text": "012",
    }
    place = template.problem(("Resources", "A", "Role", "Fn::GetAtt", 1), "no such output").place
    assert place == Place("app-sam.yaml", 3, 11)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!!int '012'", 10),
        ("!!str 012", "012"),
        ("! 012", "012"),
        ("!!float '1.5'", 1.5),
        ("!!bool 'yes'", True),
        ("!!seq [1]", [1]),
        ("!!map {a: 1}", {"a": 1}),
    ],
)
def test_a_template_may_name_yaml_s_own_types(text: str, value: object) -> None:
    assert parse(f"a: {text}", "t", TEMPLATE).data == {"a": value}


def test_a_template_may_be_json() -> None:
    text = '{\n\t"Description": "\\ud83d\\ude00 \\\\ud83d",\n\t"Resources": {"A": {"Type": "AWS::SQS::Queue"}}\n}\n'
    template = parse(text, "app.json", TEMPLATE)
    assert template.data["Description"] == "😀 \\ud83d"
    assert template.problem(("Resources", "A", "Type"), "x").place == Place("app.json", 3, 30)


def test_a_template_s_anchors_and_merges_are_resolved() -> None:
    template = parse(
        """\
Base: &base {A: 1, B: 2}
More: &more {B: 3, C: 4}
One: {<<: *base, A: 0}
Two: {<<: [*base, *more]}
Both: *base
""",
        "t",
        TEMPLATE,
    )
    assert template.data["One"] == {"A": 0, "B": 2}
    assert template.data["Two"] == {"A": 1, "B": 2, "C": 4}
    assert template.data["Both"] == {"A": 1, "B": 2}
    assert template.problem(("Both",), "x").place == Place("t", 5, 7)
    assert template.problem(("One", "B"), "x").place == Place("t", 1, 23)


def test_a_template_s_keys_are_text_as_they_are_written() -> None:
    template = parse("Mappings: {012345678901: {on: 1}}\n", "t", TEMPLATE)
    assert template.data == {"Mappings": {"012345678901": {"on": 1}}}


def test_what_could_not_be_read_has_its_start_for_a_place() -> None:
    document = attempt_text("a: [", "f", PIPELINE_FILE).document
    assert document.problem(("a",), "wrong").place == Place("f", 1, 1)
    assert document.written(("a",)) == ""


def test_reading_raises_every_problem_in_order(tmp_path: Path) -> None:
    path = tmp_path / "pipeline.yaml"
    path.write_text("a: 1\na: 2\nb: !x y\nb: 3\n")
    with pytest.raises(InvalidInputError) as raised:
        read(path, "pipeline.yaml", PIPELINE_FILE)
    assert [problem.place and problem.place.line for problem in raised.value.problems] == [2, 3, 4]
