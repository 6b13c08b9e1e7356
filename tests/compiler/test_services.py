"""Several services: what is found wrong with each of them, and what the build is told of each."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from generator.compiler.findings import full
from generator.compiler.pipeline import Compilation, compile_file
from generator.compiler.required_permissions import of_pipeline
from generator.document import BUILDSPEC, parse
from generator.errors import InvalidInputError
from generator.repository.files import Repository

_APPLICATION = Path(__file__).parents[1] / "golden" / "application"
_HEAD = "service: shop\nsource:\n  codecommit: {repository: shop}\n"
_DATABASE = "database: {path: services/database}"
_API = "api: {path: services/api, parameters: {%s}}"


def compiled(folder: Path, services: str, more: str = "") -> Compilation:
    (folder / "pipeline.yaml").write_text(f"{_HEAD}services: {{{services}}}\n{more}\n")
    return compile_file(folder / "pipeline.yaml", "pipeline.yaml", Repository(_APPLICATION))


def errors(folder: Path, services: str) -> list[str]:
    problems = full(compiled(folder, services), {}, dt.date(2026, 11, 21))
    return [str(problem).partition("\n")[0] for problem in problems if problem.level == "error"]


@pytest.mark.parametrize(
    ("services", "problem"),
    [
        (
            _API % "Table: x, TableName: y",
            "pipeline.yaml:4:51: services/api/template.yaml declares no parameter 'Table'",
        ),
        (
            _API % "LogLevel: x",
            "services/api/template.yaml:4:3: parameter 'TableName' has no default and no stage gives it",
        ),
        (
            "api: {path: services/api, stages: {prod: {parameters: {TableName: x}}}}",
            "pipeline.yaml:4:12: stage 'beta' does not give parameter 'TableName', which has no default",
        ),
        ("api: {path: services}", "pipeline.yaml:4:17: there is no services/app-sam.yaml in the repository: the"),
    ],
)
def test_what_is_wrong_with_a_service_is_said_where_it_is(services: str, problem: str, tmp_path: Path) -> None:
    assert any(line.startswith(problem) for line in errors(tmp_path, services)), errors(tmp_path, services)


@pytest.mark.parametrize(
    "words", ["${database.Table.Name}", "${Database.TableName}", "${database.}", "${sls:stage}", "${opt:x, 'y'}"]
)
def test_what_looks_like_an_output_and_is_none_is_refused(words: str, tmp_path: Path) -> None:
    value = json.dumps(words)
    with pytest.raises(InvalidInputError) as refused:
        compiled(tmp_path, f"{_API % f'TableName: {value}'}, {_DATABASE}")
    assert str(refused.value).startswith(f"pipeline.yaml:4:62: '{words}' is no output of a service")


@pytest.mark.parametrize("words", ["${x}", "${AWS::Region}", "$x.y", "{a.b}"])
def test_other_texts_are_passed_as_they_are(words: str, tmp_path: Path) -> None:
    assert errors(tmp_path, f"{_API % f'TableName: {json.dumps(words)}'}, {_DATABASE}") == []


def test_services_that_fit_have_no_problem(tmp_path: Path) -> None:
    api = _API % 'TableName: "${database.TableName}"'
    assert errors(tmp_path, f"{api}, {_DATABASE}") == []


def test_permissions_are_those_of_all_services(tmp_path: Path) -> None:
    required = of_pipeline(compiled(tmp_path, f"{_API % 'TableName: x'}, {_DATABASE}"))
    types = {entry.explained.type: entry.granted for entry in required.types}
    assert types.items() >= {("AWS::DynamoDB::Table", True), ("AWS::Lambda::Function", True)}
    (grant,) = [grant for grant in required.grants if len(grant.stacks) > 1]
    assert set(grant.stacks) == {"shop-tests"} | {
        f"shop-{service}-{stage}" for service in ("api", "database") for stage in ("beta", "gamma", "prod")
    }


def test_the_buildspec_has_the_commands_of_a_framework_once_and_a_report_for_each_service(tmp_path: Path) -> None:
    services = f"{_API % 'TableName: x'}, {_DATABASE}, worker: {{path: services/worker, test: make test}}"
    text = compiled(tmp_path, services).pipeline.build.buildspec
    buildspec = parse(text, "buildspec", BUILDSPEC).data
    assert text.count('/uploads.py" <<') == 1
    assert list(buildspec["reports"]) == ["api", "database", "worker"]
    assert buildspec["artifacts"]["files"] == [
        *(f"{service}/app-output_sam.yaml" for service in ("api", "database", "worker")),
        "test-output_sam.yaml",
    ]
    assert "export UNIT_TEST_COMMAND='cd services/worker && make test'" in text


def test_more_services_than_report_groups_share_one(tmp_path: Path) -> None:
    many = ", ".join(f"s{number}: {{path: services/database}}" for number in range(6))
    pipeline = compiled(tmp_path, many, "tests: none").pipeline
    buildspec = parse(pipeline.build.buildspec, "buildspec", BUILDSPEC).data
    assert list(buildspec["reports"]) == ["unit-tests"]
    assert "test-output_sam.yaml" not in pipeline.build.buildspec.partition("artifacts:")[2]


def test_a_service_is_named_whose_parameters_no_action_takes(tmp_path: Path) -> None:
    long = ", ".join(f"P{number}: '{'x' * 100}'" for number in range(10))
    problems = errors(tmp_path, f"{_DATABASE}, jobs: {{path: services/worker, parameters: {{{long}}}}}")
    (problem,) = [each for each in problems if "can grow" in each and "Beta" in each]
    assert problem.startswith("pipeline.yaml:4:49: ParameterOverrides of action 'DeployJobs' can grow to 1,081 bytes;")


@pytest.mark.slow
def test_more_services_than_a_stage_has_actions_for_are_refused_with_their_place(tmp_path: Path) -> None:
    many = ", ".join(f"s{number}: {{path: services/database}}" for number in range(50))
    assert "pipeline.yaml:4:1: it has 51 actions; CodePipeline takes 1 to 50 (stage 'Beta')" in errors(tmp_path, many)


def test_commands_leave_the_template_of_a_service_in_its_folder(tmp_path: Path) -> None:
    service = "cdk: {path: services/worker, framework: commands, commands: [make it], template: 'out/{stage}.json'}"
    pipeline = compiled(tmp_path, service).pipeline
    assert "export TEMPLATE_COMMANDS='cd services/worker\nmake it'\n" in pipeline.build.buildspec.replace(
        "\n      ", "\n"
    )
    assert "export TEMPLATE_OF_STAGE='services/worker/out/{stage}.json'" in pipeline.build.buildspec
    assert 'export STAGES="$STAGES_cdk"' in pipeline.build.buildspec
    assert '"stack":"${ServiceName}-cdk-beta"' in pipeline.build.environment["STAGES_cdk"]
    (deploy,) = [action for stage in pipeline.plan for action in stage.actions if action.namespace == "CdkBetaDeploy"]
    assert deploy.configuration["TemplatePath"] == "BuildArtifact::cdk/packaged-beta.yaml"


def test_exact_roles_cover_what_the_templates_of_all_services_take_and_the_tests_role_what_the_tests_do(
    tmp_path: Path,
) -> None:
    services = f"{_API % 'TableName: x'}, {_DATABASE}"
    pipeline = compiled(tmp_path, services, "deploy_role: exact").pipeline
    apps, tests = pipeline.deploy_rights
    assert {"AWS::DynamoDB::Table", "AWS::Lambda::Function"} <= set(apps.covers)
    assert "AWS::SQS::Queue" not in apps.covers
    assert "AWS::DynamoDB::Table" not in tests.covers
    assert {role.stack.rpartition("-")[0] for role in apps.roles} == {"${ServiceName}-api", "${ServiceName}-database"}
    unit = pipeline.build.buildspec.partition("/Tests.env")[2].partition("END_OF_SCRIPT\n")[0]
    assert f"export COVERED_TYPES='{pipeline.build.environment['COVERED_TEST_TYPES']}'" in unit
    assert errors(tmp_path, services) == []


_EXPORTING = """\
Resources: {Topic: {Type: AWS::SNS::Topic}}
Outputs: {Topic: {Value: !Ref Topic, Export: {Name: !Sub "%s-topic"}}}
"""
_IMPORTING = """\
Resources:
  Rule: {Type: AWS::SNS::Subscription, Properties: {Protocol: sqs, TopicArn: !ImportValue {"Fn::Sub": "%s-topic"}}}
"""


@pytest.mark.parametrize(
    ("name", "services", "refused"),
    [
        ("shop-${Stage}", "b: {path: b}", True),
        ("shop-${Stage}", "b: {path: b, after: [a]}", False),
        ("shop-${Stage}", "c: {path: c, after: [a]}, b: {path: b, after: [c]}", False),
        ("${AWS::StackName}", "b: {path: b}", False),
    ],
)
def test_what_imports_an_export_is_deployed_after_what_exports_it(
    name: str, services: str, refused: bool, tmp_path: Path
) -> None:
    for folder, text in (("a", _EXPORTING % name), ("b", _IMPORTING % name), ("c", _EXPORTING % "other")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "template.yaml").write_text(text)
    (tmp_path / "pipeline.yaml").write_text(
        f"{_HEAD}services: {{a: {{path: a}}, {services}}}\napp: {{url: none}}\ntests: none\n"
    )
    problems = compile_file(tmp_path / "pipeline.yaml", "pipeline.yaml", Repository(tmp_path)).problems
    expected = "b/template.yaml:2:78: service 'b' imports what 'a' exports, and is not deployed after it"
    assert [str(problem).partition("\n")[0] for problem in problems] == [expected] * refused


@pytest.mark.parametrize(
    "variable", ["${a.b.C}", "${A.X}", "${a}", "${a.Not-One}", "${strToBool(x)}", "${ a.X }", "${AWS::Region}", "${a.X"]
)
def test_a_variable_of_a_compose_file_that_is_no_output_is_refused(variable: str, tmp_path: Path) -> None:
    (tmp_path / "serverless-compose.yml").write_text(
        f"services:\n  a: {{path: a}}\n  b: {{path: b, params: {{name: 'x-{variable}'}}}}\n"
    )
    (tmp_path / "pipeline.yaml").write_text(f"{_HEAD}services: serverless-compose.yml\n")
    with pytest.raises(InvalidInputError) as refused:
        compile_file(tmp_path / "pipeline.yaml", "pipeline.yaml", Repository(tmp_path))
    assert f"{variable} is a variable that only the tool can resolve" in str(refused.value.problems[0])
