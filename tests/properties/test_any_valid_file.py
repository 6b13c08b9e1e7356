"""What holds for the template of any valid pipeline file."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from operator import itemgetter
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from generator.compiler.findings import template_problems
from generator.compiler.pipeline import compile_file
from generator.errors import InvalidInputError, Problem
from generator.model.pipeline import Pipeline
from generator.render.template_text import to_json, to_yaml
from generator.repository.files import Repository
from tests.properties.pipeline_files import as_yaml, pipeline_files
from tests.properties.templates import PSEUDO, as_list, load, references, resolve, statements

_APPLICATION = Repository(Path(__file__).parent.parent / "golden" / "application")
_VARIABLE = re.compile(r"#\{([^.}]+)\.[^}]+\}")
_KMS = {"kms:GenerateDataKey*", "kms:ReEncrypt*"}
# Where AWS knows no resource; the reason stands beside each in the code.
_EVERYWHERE = {
    *("AnswerJobs", "ValidateTemplates", "EventSources", "Anywhere", "WatchAlarms"),
    *("LookAtNetwork", "EnterRegistry"),
}
# A failing file is small enough to read; making it smaller takes minutes.
_unshrunk = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.explicit, Phase.reuse, Phase.generate]
)
_few = settings(_unshrunk, max_examples=3)
_some = settings(_unshrunk, max_examples=10)
_many = settings(_unshrunk, max_examples=30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


def compiled(data: dict[str, Any], folder: Path) -> Pipeline:
    path = folder / "pipeline.yaml"
    path.write_text(as_yaml(data), encoding="utf-8")
    return compile_file(path, "pipeline.yaml", _APPLICATION).pipeline


def rendered(pipeline: Pipeline) -> str:
    return to_yaml(pipeline, "pipeline.yaml", "0")


def stages(template: dict[str, Any]) -> list[dict[str, Any]]:
    resolved: list[dict[str, Any]] = resolve(template["Resources"]["Pipeline"]["Properties"]["Stages"], template)
    return resolved


@given(data=pipeline_files())
@_some
def test_cfn_lint_finds_nothing(folder: Path, data: dict[str, Any]) -> None:
    assert template_problems(rendered(compiled(data, folder))) == ()


@given(data=pipeline_files())
@_many
def test_every_template_is_sound(folder: Path, data: dict[str, Any]) -> None:
    # One test for all: writing a template and reading it takes far longer than to look it over.
    pipeline = compiled(data, folder)
    template = load(rendered(pipeline))
    codepipelines_own_model_accepts_the_pipeline(template)
    every_artifact_is_written_before_it_is_read(template)
    every_variable_comes_from_an_earlier_action(template)
    every_reference_resolves(template)
    every_statement_has_a_sid_and_no_wildcard_beyond_the_documented(template)
    yaml_and_json_say_the_same(template, json.loads(to_json(pipeline, "pipeline.yaml", "0")))


def codepipelines_own_model_accepts_the_pipeline(template: dict[str, Any]) -> None:
    declared = _api(resolve(template["Resources"]["Pipeline"]["Properties"], template))
    tags = declared.pop("tags", [])
    model = botocore.session.get_session().get_service_model("codepipeline").operation_model("CreatePipeline")
    assert model.input_shape
    report = ParamValidator().validate({"pipeline": {**declared, "version": 1}, "tags": tags}, model.input_shape)
    assert not report.has_errors(), report.generate_report()


def _api(value: Any, *, free: bool = False) -> Any:
    """CloudFormation's words as the API spells them: all but free keys begin in lower case."""
    if isinstance(value, list):
        return [_api(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    key = str if free else lambda name: name[0].lower() + name[1:]
    return {key(name): _api(inner, free=name == "Configuration") for name, inner in value.items()}


def every_artifact_is_written_before_it_is_read(template: dict[str, Any]) -> None:
    written: set[str] = set()
    for stage in stages(template):
        for action in sorted(stage["Actions"], key=itemgetter("RunOrder")):
            assert {artifact["Name"] for artifact in action.get("InputArtifacts", [])} <= written
            names = {artifact["Name"] for artifact in action.get("OutputArtifacts", [])}
            assert not names & written
            written |= names


def every_variable_comes_from_an_earlier_action(template: dict[str, Any]) -> None:
    namespaces = {"codepipeline", "variables"}
    for stage in stages(template):
        for action in sorted(stage["Actions"], key=itemgetter("RunOrder")):
            used = {name for value in action["Configuration"].values() for name in _VARIABLE.findall(value)}
            assert used <= namespaces, action
            assert action.get("Namespace") not in namespaces
            namespaces |= {action["Namespace"]} if "Namespace" in action else set()


def every_reference_resolves(template: dict[str, Any]) -> None:
    there = {*template["Resources"], *template["Parameters"], *PSEUDO}
    assert set(references(template["Resources"])) | set(references(template["Outputs"])) <= there
    for resource in template["Resources"].values():
        assert set(resource.get("DependsOn", [])) <= set(template["Resources"])


def every_statement_has_a_sid_and_no_wildcard_beyond_the_documented(template: dict[str, Any]) -> None:
    granted = list(statements(template))
    assert [
        statement_key for statement_key, times in Counter((role, s["Sid"]) for role, s in granted).items() if times > 1
    ] == []
    for role, statement in granted:
        assert re.fullmatch("[A-Za-z0-9]+", statement["Sid"])
        # What deploys has tests of its own, which know what its patterns stand for.
        if "DeployPolicy" not in role:
            assert {action for action in as_list(statement["Action"]) if "*" in action} <= _KMS
        anywhere = (
            statement["Effect"] == "Deny" or statement["Sid"] in _EVERYWHERE or statement["Sid"].endswith("WithoutArn")
        )
        assert "*" not in as_list(statement["Resource"]) or anywhere
        if "iam:PassRole" in as_list(statement["Action"]) and statement["Effect"] == "Allow":
            assert any("iam:PassedToService" in keys for keys in statement["Condition"].values())


def yaml_and_json_say_the_same(template: dict[str, Any], as_json: dict[str, Any]) -> None:
    as_json["Metadata"].pop("Penstock")
    assert template == as_json


@given(data=pipeline_files())
@_few
def test_the_bytes_are_the_same_under_any_hash_seed(folder: Path, data: dict[str, Any]) -> None:
    application = folder / "application"
    application.mkdir(exist_ok=True)
    for name in ("app-sam.yaml", "test-sam.yaml", "buildspec.yml"):
        (application / name).write_text(_APPLICATION.text(name))
    (application / "pipeline.yaml").write_text(as_yaml(data), encoding="utf-8")
    command = [sys.executable, "-m", "generator.cli", "generate", str(application / "pipeline.yaml")]
    outputs = [
        subprocess.run(command, env={"PYTHONHASHSEED": seed}, capture_output=True, check=False).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1] != b""


@given(data=pipeline_files(), where=st.randoms(use_true_random=False))
@_many
def test_a_mangled_file_is_refused_with_a_place_or_still_valid(folder: Path, data: dict[str, Any], where: Any) -> None:
    text = as_yaml(data)
    at = where.randrange(len(text))
    mangled = text[:at] + where.choice(["", ":", "\t", "{", "&a", "<<: *a", "\x07", "é"]) + text[at + 1 :]
    path = folder / "pipeline.yaml"
    path.write_text(mangled, encoding="utf-8")
    for problem in _refusal(path):
        assert problem.place, problem
        assert problem.place.file == "pipeline.yaml"
        assert 1 <= problem.place.line <= mangled.count("\n") + 1


def _refusal(path: Path) -> tuple[Problem, ...]:
    try:
        compile_file(path, "pipeline.yaml", _APPLICATION)
    except InvalidInputError as refused:
        return refused.problems
    return ()
