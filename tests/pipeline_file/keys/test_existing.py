"""The key `existing`: what a rehearsal makes before anything is launched."""

from __future__ import annotations

import json
from pathlib import Path

from generator.pipeline_file.keys import existing
from tests.pipeline_file.keys import files

_ARN = "arn:aws:iam::111122223333:policy/delivery-boundary"
_FILE = f"existing: {{policy: {{'{_ARN}': boundary.json}}}}"


def test_parameters_and_exports_have_the_values_of_the_file() -> None:
    file = files.written("existing: {ssm: {/b: '2', /a: '1'}, export: {x-Y: z}}")
    assert list(existing.things(file)) == [("export", "x-Y", "z"), ("ssm", "/a", "1"), ("ssm", "/b", "2")]
    assert list(existing.things(files.written(""))) == []


def test_the_values_of_secrets_are_random_and_stand_in_no_file() -> None:
    file = files.written("existing: {secret: {shop/database: [user, password], shop/token: []}}")
    (_, _, database), (_, _, token) = existing.things(file)
    assert set(json.loads(database)) == {"user", "password"}
    assert (database, token) not in [(value, other) for (_, _, value), (_, _, other) in [existing.things(file)]]


def test_a_policy_is_what_its_file_says(tmp_path: Path) -> None:
    (tmp_path / "boundary.json").write_text('{"Statement": []}')
    file = files.written(_FILE, tmp_path)
    assert list(existing.things(file)) == [("policy", _ARN, '{"Statement": []}')]
    assert list(existing.missing(file.data["existing"], file)) == []


def test_a_policy_without_a_file_or_of_none_that_is_json_is_an_error(tmp_path: Path) -> None:
    file = files.written(_FILE, tmp_path)
    (problem,) = existing.missing(file.data["existing"], file)
    assert problem.message == "there is no file 'boundary.json' in the repository"
    (tmp_path / "boundary.json").write_text("[]")
    (problem,) = existing.missing(file.data["existing"], file)
    assert problem.message == "'boundary.json' holds no policy in JSON"
