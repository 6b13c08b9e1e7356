"""A template that is not ours: what is in it, what it must be given, what is wrong with it, and where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.errors import InvalidInputError
from generator.rehearsal.driver.parameter_values import read_values
from generator.rehearsal.driver.users_template import chosen, read
from tests.rehearsal.driver.pipeline_templates import action, pipeline, template, users_template

SOURCE = action("Code", "Source/AWS/CodeCommit", {"RepositoryName": "app", "BranchName": "main"}, outputs="Code")
APPROVAL = action("Agree", "Approval/AWS/Manual")
BUILD = action("Compile", "Build/AWS/CodeBuild", {"ProjectName": "app"}, inputs="Code")
VALUES = {"Branch": "main", "N": "07"}
DEPLOYS = pipeline({"Source": [SOURCE], "Gate": [APPROVAL]})
BUILDS = pipeline({"Source": [SOURCE], "Build": [BUILD]})


def problems(raised: pytest.ExceptionInfo[InvalidInputError]) -> list[str]:
    """The problems, the first line of each."""
    return [str(problem).splitlines()[0] for problem in raised.value.problems]


def test_every_missing_parameter_is_reported_at_once_with_its_line_and_description(tmp_path: Path) -> None:
    file = tmp_path / "pipeline.yml"
    file.write_text(
        "Parameters:\n  Owner: {Type: String, Description: who has the repository}\n  Repo: {Type: String}\n"
        "  Branch: {Type: String, Default: main}\nResources:\n  P: {Type: AWS::CodePipeline::Pipeline}\n"
    )
    missing = [str(problem).splitlines()[0] for problem in read(file, {}).missing_values()]
    assert missing == [
        f"{file}:2:3: parameter Owner has no value and no default (who has the repository)",
        f"{file}:3:3: parameter Repo has no value and no default",
    ]


def test_values_that_no_parameter_takes_are_reported(tmp_path: Path) -> None:
    declared = {"Size": {"Type": "String", "AllowedValues": ["small", "large"]}, "Owner": {"Type": "String"}}
    text = template({"P": DEPLOYS}, Parameters=declared)
    wrong = [problem.message for problem in users_template(tmp_path / "a", text, Size="huge", Ower="x").problems()]
    assert wrong == ["the template has no parameter 'Ower'", "Parameter 'Size' must be one of AllowedValues"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("aws.json", json.dumps([{"ParameterKey": key, "ParameterValue": value} for key, value in VALUES.items()])),
        ("configuration.json", '{"Parameters": {"Branch": "main", "N": "07"}, "Tags": {"a": "b"}}'),
        ("words.json", '["Branch=main", "N=07"]'),
        ("sam.yaml", "Branch: main\nN: 07\n"),
        ("samconfig.toml", '[default.deploy.parameters]\nparameter_overrides = "Branch=main N=\\"07\\""\n'),
    ],
)  # fmt: skip
def test_files_of_the_aws_cli_and_of_sam_are_read(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    values = read_values([], [tmp_path / name])
    assert {name: value.text for name, value in values.items()} == VALUES


def test_the_command_line_comes_after_the_files_and_the_last_file_counts(tmp_path: Path) -> None:
    for name, text in (("a", '{"A": "1", "B": "1", "C": "1"}'), ("b", '{"B": "2", "C": "2"}')):
        (tmp_path / name).write_text(text)
    values = read_values(["C=3"], [tmp_path / "a", tmp_path / "b"])
    assert {name: value.text for name, value in values.items()} == {"A": "1", "B": "2", "C": "3"}


def test_what_is_wrong_with_files_of_values_is_reported_with_all_its_places(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[\n{"ParameterKey": "A"},\n"B"\n]')
    with pytest.raises(InvalidInputError) as raised:
        read_values(["C"], [tmp_path / "a.json", tmp_path / "absent.json"])
    places = [str(problem.place) for problem in raised.value.problems if problem.place]
    assert places[:2] == [f"{tmp_path / 'a.json'}:2:1", f"{tmp_path / 'a.json'}:3:1"]
    assert "--parameter: 'C' is not NAME=VALUE" in problems(raised)


def test_a_value_that_a_file_has_wrong_is_reported_in_that_file(tmp_path: Path) -> None:
    (tmp_path / "values.json").write_text('{\n"Size": "huge"\n}')
    (tmp_path / "t").write_text(
        template({"P": DEPLOYS}, Parameters={"Size": {"Type": "String", "AllowedValues": ["small"]}})
    )
    (problem,) = read(tmp_path / "t", read_values([], [tmp_path / "values.json"])).problems()
    assert str(problem.place) == f"{tmp_path / 'values.json'}:2:9"


@pytest.mark.parametrize(("answer", "stages"), [("yes", ("Source", "Gate", "Build")), ("no", ("Source", "Build"))])
def test_stages_follow_conditions(answer: str, stages: tuple[str, ...], tmp_path: Path) -> None:
    whole = pipeline({"Source": [SOURCE], "Gate": [APPROVAL], "Build": [BUILD]})
    first, gate, last = whole["Properties"]["Stages"]
    whole["Properties"]["Stages"] = [first, {"Fn::If": ["Gated", gate, {"Ref": "AWS::NoValue"}]}, last]
    text = template(
        {"P": whole},
        Parameters={"Gate": {"Type": "String"}},
        Conditions={"Gated": {"Fn::Equals": [{"Ref": "Gate"}, "yes"]}},
    )
    (only,) = users_template(tmp_path / "t", text, Gate=answer).pipelines()
    assert only.stages == stages


def test_the_pipeline_that_is_named_counts_else_the_one_that_delivers(tmp_path: Path) -> None:
    both = users_template(tmp_path / "t", template({"Pulls": BUILDS, "Main": DEPLOYS}))
    assert chosen(both, both.pipelines(), "").logical_id == "Main"
    assert chosen(both, both.pipelines(), "Pulls").logical_id == "Pulls"


@pytest.mark.parametrize(
    ("logical_id", "message"),
    [
        ("", "the template makes 2 pipelines with these parameters"),
        ("Min", "--pipeline: the template makes no pipeline 'Min'"),
    ],
)
def test_without_one_pipeline_that_is_meant_all_are_named(logical_id: str, message: str, tmp_path: Path) -> None:
    two = users_template(tmp_path / "t", template({"Main": DEPLOYS, "Other": DEPLOYS}))
    with pytest.raises(InvalidInputError, match="Main, Other") as raised:
        chosen(two, two.pipelines(), logical_id)
    assert problems(raised) == [f"{tmp_path / 't'}:2:2: {message}"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "{}:1:4: a value is missing here"),
        ("just words\n", "{}:1:1: this is no template: it has no Resources"),
        ("Resources: {T: {Type: AWS::SNS::Topic}}\n", "{}:1:1: the template has no pipeline"),
    ],
)
def test_a_file_that_is_no_template_with_a_pipeline_is_refused_with_its_place(
    text: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "t").write_text(text)
    with pytest.raises(InvalidInputError) as raised:
        read(tmp_path / "t", {})
    assert problems(raised)[0].startswith(message.format(tmp_path / "t"))


def test_a_pipeline_without_stages_or_with_a_nameless_action_is_reported_at_its_line(tmp_path: Path) -> None:
    empty = {"Type": "AWS::CodePipeline::Pipeline"}
    nameless = pipeline({"Source": [{"Name": "Code"}]})
    text = template({"Empty": empty, "Nameless": nameless})
    with pytest.raises(InvalidInputError) as raised:
        users_template(tmp_path / "t", text).pipelines()
    lines = [number for number, line in enumerate(text.splitlines(), 1) if '"Empty"' in line or '"Nameless"' in line]
    assert [problem.place and problem.place.line for problem in raised.value.problems] == lines


def test_a_json_template_indented_with_tabs_is_read(tmp_path: Path) -> None:
    text = json.dumps(json.loads(template({"P": DEPLOYS})), indent="\t")
    assert [each.logical_id for each in users_template(tmp_path / "t", text).pipelines()] == ["P"]


def test_a_template_that_is_linked_out_of_its_folder_is_neither_read_nor_shown(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("aws_secret_access_key = hush\n", encoding="utf-8")
    (tmp_path / "repository").mkdir()
    link = tmp_path / "repository" / "pipeline.yml"
    link.symlink_to("../secret")
    with pytest.raises(InvalidInputError, match="is a link to a file outside of its folder") as refused:
        read(link, {})
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "default = 3\n",
        "[default]\ndeploy = 1\n",
        "[default.deploy]\nparameters = 'x'\n",
        "[default.deploy.parameters]\nparameter_overrides = 5\n",
        "[default.deploy.parameters]\nparameter_overrides = [1]\n",
        "[default.deploy.parameters]\nparameter_overrides = 'A=\"b'\n",
    ],
)
def test_a_samconfig_of_another_shape_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "samconfig.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInputError, match=r"samconfig\.toml.* (has no values of parameters|cannot be read)"):
        read_values((), (file,))
