"""The keys `build.environment` and `build.secrets`: variables, and values that should not stand there."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.model.build import Secret
from generator.pipeline_file.keys.build import environment, secrets
from tests.pipeline_file.keys import files


def warnings(variables: str, folder: Path) -> list[str]:
    file, pipeline = files.pipeline(
        f"build:\n  environment: {{{variables}}}\nvariables: {{Token: {{default: a}}}}", folder
    )
    remarks = list(environment.remarks(file.data["build"]["environment"], file, pipeline))
    assert {remark.level for remark in remarks} <= {"warning"}
    return [remark.message for remark in remarks]


def test_values_stay_as_they_are_written() -> None:
    file = files.written("build: {environment: {A: 3.10, B: yes, C: '${x}', D: '#{Source.CommitId}'}}")
    assert environment.read({}, file) == {
        "environment": {"A": "3.10", "B": "yes", "C": "${!x}"},
        "filled_in": {"D": "#{Source.CommitId}"},
    }


@pytest.mark.parametrize(
    ("variable", "problem"),
    [
        ("APP_TEMPLATE: a", "'APP_TEMPLATE' is what the pipeline itself tells the build"),
        ("A: '#{variables.B}'", "'#{variables.B}' is not a variable of this pipeline: an unresolved one fails"),
        ("A: '#{Source.CommitMessage}'", "a commit message cannot be a parameter: a quote in it would break the JSON"),
    ],
)
def test_names_that_are_taken_and_variables_that_do_not_exist_are_refused(variable: str, problem: str) -> None:
    file = files.written(f"build: {{environment: {{{variable}}}}}")
    (result,) = environment.problems({}, file)
    assert result.message.startswith(problem)


@pytest.mark.parametrize(
    "variable",
    [
        "DB_PASSWORD: hunter2",
        "NpmToken: abc",
        "STRIPE_API_KEY: abc",
        "SEEN: AKIAIOSFODNN7EXAMPLE",
        "SEEN: ghp_0123456789",
        'SEEN: "-----BEGIN RSA PRIVATE KEY-----"',
    ],
)
def test_a_value_that_looks_like_a_secret_is_warned_of_with_the_way_out(variable: str, tmp_path: Path) -> None:
    (message,) = warnings(variable, tmp_path)
    assert message.endswith("looks like a secret, and everybody can read it here")


@pytest.mark.parametrize("variable", ["LEVEL: debug", "TOKEN_LIMIT: 3", 'TOKEN: "#{variables.Token}"', "KEYS: many"])
def test_what_does_not_look_like_one_is_left_alone(variable: str, tmp_path: Path) -> None:
    assert warnings(variable, tmp_path) == []


def test_secrets_are_references_sorted_by_name() -> None:
    text = "build: {secrets: {B: {secretsmanager: 'a:b'}, A: {parameter_store: /a, key: 'KEY'}}}"
    file = files.written(text.replace("KEY", "arn:aws:kms:eu-west-1:111122223333:key/1"))
    assert secrets.read(file.data["build"]["secrets"], file) == {
        "secrets": (
            Secret("A", "PARAMETER_STORE", "/a", "arn:aws:kms:eu-west-1:111122223333:key/1"),
            Secret("B", "SECRETS_MANAGER", "a:b"),
        )
    }


@pytest.mark.parametrize(
    ("build", "problem"),
    [
        ("secrets: {A: {secretsmanager: a}}, environment: {A: b}", "'A' is a variable of the build already"),
        ("secrets: {APP_TEMPLATE: {secretsmanager: a}}", "'APP_TEMPLATE' is a variable of the build already"),
        ("secrets: {A: {key: 'arn:aws:kms:eu-west-1:111122223333:key/1'}}", "where is it?"),
    ],
)
def test_a_secret_has_a_name_of_its_own_and_a_place(build: str, problem: str) -> None:
    file = files.written(f"build: {{{build}}}")
    assert [problem.message for problem in secrets.problems(file.data["build"]["secrets"], file)] == [problem]
