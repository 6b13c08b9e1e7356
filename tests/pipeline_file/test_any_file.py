"""Whatever a file holds, it is a document, or it has problems with a place in the file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.document import PIPELINE_FILE, parse
from generator.errors import InvalidInputError, Problem
from generator.pipeline_file.validation import load, validate

pytestmark = pytest.mark.slow

VALID = """\
# yaml-language-server: $schema=schema.json
service: time-service
source:
  github: {repository: acme/time-service, branch: main}
trigger:
  push: {branches: [main], paths: ["services/**"]}
execution: superseded
build:
  framework: sam
  runtime: {python: "3.13"}
  test: pytest -q
app: {template: app-sam.yaml, url: none}
tests: {template: test-sam.yaml, function: [TestFunction]}
stages:
  - beta
  - gamma:
  - prod:
      stack: time-service-production
      parameters: {LogLevel: warn, Size: 3, Traced: yes}
      approval:
        notify: [ops@example.com]
        timeout: 7 days
      deploy: changeset
notifications: {email: [team@example.com]}
tags: {team: "payments"}
"""

# What YAML gives a meaning, and what the pipeline file does.
FRAGMENTS = [
    *"[]{}:,-?#&*!|>'\"%@`~<= \t\n\r\\",
    *(
        "\r\n",
        ": ",
        "- ",
        "\n  ",
        "\n\t",
        "? ",
        "---\n",
        "...\n",
        "%TAG ! x\n",
        "<<: ",
        "&a ",
        "*a ",
        "!!str ",
        "|\n",
        ">-\n",
    ),
    *("service", "source", "github", "stages", "prod", "3.10", "012", "12:30", "yes", "null", "2024-01-01", ".inf"),
    *("é", "😀", "\u00a0", "\u2028", "\u202e", "\ufeff", "\x00", "\x85", "\\x00", '"\\ud800"', "\ufffd"),
]

Load = Callable[[bytes], tuple[Problem, ...]]


@pytest.fixture(scope="module")
def problems_of(tmp_path_factory: pytest.TempPathFactory, schema: dict[str, Any]) -> Load:
    path = tmp_path_factory.mktemp("any") / "pipeline.yaml"

    def problems(content: bytes) -> tuple[Problem, ...]:
        path.write_bytes(content)
        try:
            load(path, "pipeline.yaml", schema)
        except InvalidInputError as error:
            return error.problems
        return ()

    return problems


def assert_inside(problems: Iterable[Problem], content: bytes) -> None:
    text = content.decode(errors="replace").removeprefix("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for problem in problems:
        assert problem.place is not None
        assert problem.place.file == "pipeline.yaml"
        if (problem.place.line, problem.place.column) == (1, 1):
            continue
        line = lines[problem.place.line - 1]
        assert 1 <= problem.place.column <= len(line)
        assert 1 <= problem.width <= len(line) - problem.place.column + 1
        assert len(problem.excerpt) in (len(line), 200, 0)


def test_the_valid_file_is_valid(problems_of: Load) -> None:
    assert problems_of(VALID.encode()) == ()


@given(content=st.binary(max_size=300))
def test_any_bytes(problems_of: Load, content: bytes) -> None:
    assert_inside(problems_of(content), content)


@given(content=st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join).map(str.encode))
def test_any_yaml_and_what_looks_like_it(problems_of: Load, content: bytes) -> None:
    assert_inside(problems_of(content), content)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """The valid file with a few lines gone, doubled, moved or indented, and a few characters changed."""
    lines = VALID.splitlines(keepends=True)
    for _ in range(draw(st.integers(0, 3))):
        number = draw(st.integers(0, len(lines) - 1))
        other = draw(st.integers(0, len(lines) - 1))
        change = draw(st.sampled_from(["drop", "double", "move", "indent", "dedent"]))
        line = lines[number]
        if change in ("drop", "move") and len(lines) > 1:
            del lines[number]
        if change in ("double", "move"):
            lines.insert(other, line)
        if change in ("indent", "dedent"):
            lines[number] = f"  {line}" if change == "indent" else line.removeprefix("  ")
    text = "".join(lines)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(FRAGMENTS)) + text[at + draw(st.integers(0, 2)) :]
    return text


@given(text=mutated())
def test_a_mangled_valid_file(problems_of: Load, text: str) -> None:
    assert_inside(problems_of(text.encode()), text.encode())


WORDS = st.sampled_from(
    ["beta", "prod", "Prod", "github", "none", "7 days", "yes", "3.10", "", "a" * 30, "é", "a@b", "S p"]
)
KEYS = st.sampled_from(
    [
        *(
            "service",
            "source",
            "trigger",
            "execution",
            "build",
            "app",
            "tests",
            "stages",
            "notifications",
            "tags",
            "servce",
        ),
        *(
            "version",
            "environments",
            "codecommit",
            "github",
            "repository",
            "branch",
            "push",
            "branches",
            "includes",
            "prod",
        ),
        *(
            "runtime",
            "python",
            "retries",
            "share",
            "function",
            "approval",
            "notify",
            "topic",
            "timeout",
            "stack",
            "email",
        ),
    ]
)
SCALARS = st.none() | st.booleans() | st.integers(-3, 10) | st.floats(allow_nan=False, allow_infinity=False) | WORDS
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5))


@given(value=st.dictionaries(KEYS, VALUES, max_size=8) | VALUES)
def test_any_value_against_the_schema(schema: dict[str, Any], value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    document = parse(text, "pipeline.yaml", PIPELINE_FILE)
    problems = validate(document, schema)
    assert (problems == ()) == jsonschema_rs.is_valid(schema, value)
    assert len({(problem.place, problem.message) for problem in problems}) == len(problems)
    assert all(problem.message for problem in problems)
    assert_inside(problems, text.encode())


SCALE = 1_000_000
EVIL = {
    "brackets": "[" * SCALE,
    "braces": "{a: " * (SCALE // 4),
    "dashes": "- " * (SCALE // 2),
    "questions": "? " * (SCALE // 2),
    "anchors": "- &a b\n" * (SCALE // 7),
    "aliases": "- *a\n" * (SCALE // 5),
    "tags": "- !a b\n" * (SCALE // 7),
    "tag directives": "".join(f"%TAG !a{number}! !\r" for number in range(50_000)),
    "documents": "---\n" * (SCALE // 4),
    "colons": ":\n" * (SCALE // 2),
    "quotes": "'" * SCALE,
    "backslashes": '"' + "\\" * (SCALE - 2),
    "one key": "k" * SCALE + ": v",
    "one value": "service: " + "A" * (SCALE - 9),
    "controls": "\x01\n" * (SCALE // 2),
    "tabs": "a:\n" + "\tb: c\n" * 150_000,
    "duplicates": "k: v\n" * (SCALE // 5),
    "unknown keys": "".join(f"k{number}: v\n" for number in range(4_900)),
    "items": "service: a\nstages:\n" + "- 1\n" * 9_900,
    "spaces": " " * SCALE,
}


@pytest.mark.parametrize("name", EVIL)
def test_a_megabyte_of_mischief_gets_few_problems(name: str, problems_of: Load) -> None:
    content = EVIL[name].encode()
    problems = problems_of(content)
    assert problems
    assert len(problems) <= 101
    assert sum(len(str(problem)) for problem in problems) < 100_000
    assert_inside(problems, content)


def test_a_file_larger_than_a_megabyte_is_given_up(schema: dict[str, Any], tmp_path: Path) -> None:
    with (tmp_path / "pipeline.yaml").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(InvalidInputError, match="larger than 1 MB"):
        load(tmp_path / "pipeline.yaml", "pipeline.yaml", schema)


def test_a_device_without_end_is_not_read(schema: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match="not a regular file"):
        load(Path("/dev/zero"), "pipeline.yaml", schema)
