"""The key `variables`, and texts that name them."""

from __future__ import annotations

import pytest

from generator.model.trigger import Variable
from generator.pipeline_file import references
from generator.pipeline_file.keys import variables
from tests.pipeline_file.keys import files

_TWO = "variables: {B: {default: '${b}', description: it}, A: {default: a}}"


def test_variables_are_sorted_and_literal() -> None:
    file = files.written(_TWO)
    expected = (Variable("A", "a", ""), Variable("B", "${!b}", "it"))
    assert variables.read(file.data["variables"], file) == {"variables": expected}


def test_every_action_after_the_source_may_name_these() -> None:
    names = variables.namespaces(files.written(_TWO))
    assert names["variables"] == ("A", "B")
    assert names["codepipeline"] == ("PipelineExecutionId",)
    assert "CommitId" in (names["Source"] or ())
    assert "variables" not in variables.namespaces(files.written(""))


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("#{variables.A} #{Source.CommitId}", []),
        ("#{variables.C}", ["variables.C"]),
        ("#{Source.Nothing}", ["Source.Nothing"]),
        ("#{Beta}", ["Beta"]),
        ("#{BetaDeploy.Anything}", []),
        ("plain", []),
    ],
)
def test_a_reference_to_what_does_not_exist_is_a_problem(text: str, unknown: list[str]) -> None:
    file = files.written(_TWO)
    names = {**variables.namespaces(file), "BetaDeploy": None}
    problems = list(references.unknown(file.document, ("variables",), text, names))
    assert [problem.message.partition("'")[2].partition("'")[0] for problem in problems] == [
        f"#{{{name}}}" for name in unknown
    ]


def test_a_variable_that_is_not_declared_is_hinted_at_with_how_to() -> None:
    file = files.written("")
    (problem,) = references.unknown(file.document, (), "#{variables.A}", variables.namespaces(file))
    assert problem.hint.startswith("declare it: variables: {A: {default: ...}}; there are ")
