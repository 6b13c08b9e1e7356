"""A template's text in, its values out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator.application.reader import read
from generator.application.template import Code, Output, Parameter, Template
from generator.errors import InvalidInputError, Place
from generator.repository.files import Repository

Reader = Callable[..., Template]

_FUNCTION = """
Transform: AWS::Serverless-2016-10-31
Resources:
  GetTime:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      CodeUri: src/
"""
UPLOADED = "s3://bucket/prefix/0123456789abcdef0123456789abcdef"


def test_parameters_say_their_type_default_and_allowed_values(template: Reader) -> None:
    read_back = template("""
Parameters:
  Stage: {Type: String}
  Size: {Type: Number, Default: 5, AllowedValues: [5, 10]}
  Debug: {Type: String, Default: true, AllowedValues: [true, false]}
  Empty: {Type: String, Default: ""}
""")
    assert read_back.parameters == {
        "Stage": Parameter("Stage", "String", has_default=False, default=None, allowed=()),
        "Size": Parameter("Size", "Number", has_default=True, default="5", allowed=("5", "10")),
        "Debug": Parameter("Debug", "String", has_default=True, default="true", allowed=("true", "false")),
        "Empty": Parameter("Empty", "String", has_default=True, default="", allowed=()),
    }
    assert read_back.defaults() == {"Size": "5", "Debug": "true", "Empty": ""}


def test_outputs_say_their_value_and_export_name(template: Reader) -> None:
    read_back = template("""
Outputs:
  ApiUrl: {Value: !Ref Api}
  Table: {Value: !GetAtt Table.Arn, Export: {Name: !Sub "${AWS::StackName}-table"}, Condition: IsProd}
""")
    assert read_back.outputs == {
        "ApiUrl": Output("ApiUrl", {"Ref": "Api"}, None, ""),
        "Table": Output("Table", {"Fn::GetAtt": ["Table", "Arn"]}, {"Fn::Sub": "${AWS::StackName}-table"}, "IsProd"),
    }


@pytest.mark.parametrize(
    ("text", "transforms"),
    [
        pytest.param("Transform: AWS::Serverless-2016-10-31", ("AWS::Serverless-2016-10-31",), id="a name"),
        pytest.param(
            "Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]",
            ("AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"),
            id="a list",
        ),
        pytest.param("Transform: {Name: Mine, Parameters: {A: b}}", ("Mine",), id="a map"),
        pytest.param("Transform: [{Name: Mine}, Yours]", ("Mine", "Yours"), id="maps and names"),
        pytest.param("Fn::Transform: {Name: Mine}", ("Mine",), id="the function"),
        pytest.param("Resources: {}", (), id="none"),
        pytest.param("Transform: 3", (), id="no name"),
    ],
)
def test_transforms_are_names_in_their_order(template: Reader, text: str, transforms: tuple[str, ...]) -> None:
    assert template(text).transforms == transforms


def test_a_resource_under_a_condition_is_still_there(template: Reader) -> None:
    read_back = template("Resources:\n  Queue: {Type: AWS::SQS::Queue, Condition: IsProd}\n")
    assert read_back.resources["Queue"].condition == "IsProd"


def test_loops_and_includes_are_left_alone_and_open_their_section(template: Reader) -> None:
    read_back = template("""
Transform: AWS::LanguageExtensions
Resources:
  Topic: {Type: AWS::SNS::Topic}
  Fn::ForEach::Queues: [Name, [A, B], {"Queue${Name}": {Type: AWS::SQS::Queue}}]
Outputs:
  Fn::Transform: {Name: AWS::Include, Parameters: {Location: outputs.yaml}}
""")
    assert list(read_back.resources) == ["Topic"]
    assert read_back.outputs == {}
    assert read_back.open == {"Resources", "Outputs"}


@pytest.mark.parametrize(
    ("transform", "is_open"),
    [("AWS::Serverless-2016-10-31", False), ("AWS::LanguageExtensions", False), ("OurOwnMacro", True)],
)
def test_a_macro_of_ones_own_may_add_to_every_section(template: Reader, transform: str, is_open: bool) -> None:
    sections = {"Parameters", "Outputs", "Resources"}
    assert template(f"Transform: {transform}").open == (sections if is_open else set())


def test_json_is_read_as_yaml_is(template: Reader) -> None:
    read_back = template('{"Outputs": {"Url": {"Value": {"Ref": "Api"}}}}', "template.json")
    assert read_back.outputs["Url"].value == {"Ref": "Api"}


@pytest.mark.parametrize(
    ("properties", "runtime"),
    [
        pytest.param("Runtime: python3.13", "python3.13", id="written"),
        pytest.param("Runtime: !Ref Version", "nodejs22.x", id="a parameter's default"),
        pytest.param('Runtime: !Sub "nodejs${Major}.x"', "nodejs24.x", id="substituted"),
        pytest.param("Handler: a.b", "python3.12", id="of Globals"),
    ],
)
def test_a_runtime_is_known_where_defaults_and_globals_say_it(template: Reader, properties: str, runtime: str) -> None:
    read_back = template(f"""
Transform: AWS::Serverless-2016-10-31
Parameters:
  Version: {{Type: String, Default: nodejs22.x}}
  Major: {{Type: Number, Default: 24}}
Globals: {{Function: {{Runtime: python3.12}}}}
Resources:
  F: {{Type: AWS::Serverless::Function, Properties: {{{properties}}}}}
""")
    assert read_back.runtimes() == {"F": runtime}


@pytest.mark.parametrize("runtime", ["!FindInMap [A, B, C]", "!Ref Unknown", "!If [A, python3.9, python3.8]", "[x]"])
def test_a_runtime_only_a_launch_can_tell_is_left_alone(template: Reader, runtime: str) -> None:
    text = f"Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: {runtime}\n"
    assert template(text).runtimes() == {}


def test_languages_are_sorted_with_their_versions_by_number(template: Reader) -> None:
    runtimes = ["python3.9", "python3.13", "nodejs22.x", "provided.al2023", "java8.al2", "go1.x", "dotnet8", "python"]
    functions = "".join(
        f"  F{i}: {{Type: AWS::Lambda::Function, Properties: {{Runtime: {name}}}}}\n" for i, name in enumerate(runtimes)
    )
    assert template("Resources:\n" + functions).languages() == {
        "dotnet": ("8",),
        "go": ("1",),
        "java": ("8",),
        "nodejs": ("22",),
        "python": ("", "3.9", "3.13"),
    }


def test_code_has_its_place_and_what_it_says(template: Reader) -> None:
    read_back = template("""
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {CodeUri: shared/}}
Resources:
  Own: {Type: AWS::Serverless::Function, Properties: {CodeUri: own/}}
  Shared: {Type: AWS::Serverless::Function, Properties: {Handler: a.b}}
  AlsoShared: {Type: AWS::Serverless::Function}
  Inline: {Type: AWS::Serverless::Function, Properties: {InlineCode: "x = 1"}}
  Layer: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer/}}
  Plain: {Type: AWS::Lambda::Function, Properties: {Code: plain/}}
  Machine: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: machine.asl.json}}
  Nested: {Type: AWS::Serverless::Application, Properties: {Location: sub/template.yaml}}
  Stack: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: sub/other.yaml}}
  Job: {Type: AWS::Glue::Job, Properties: {Command: {ScriptLocation: job.py}}}
  Topic: {Type: AWS::SNS::Topic, Properties: {CodeUri: not-code/}}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      DefinitionBody: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: api.yaml}}}
""")
    folders = {code.location: code.path for code in read_back.code}
    assert len(folders) == len(read_back.code)
    assert folders == {
        "own/": ("Resources", "Own", "Properties", "CodeUri"),
        "shared/": ("Globals", "Function", "CodeUri"),
        "layer/": ("Resources", "Layer", "Properties", "ContentUri"),
        "plain/": ("Resources", "Plain", "Properties", "Code"),
        "machine.asl.json": ("Resources", "Machine", "Properties", "DefinitionUri"),
        "sub/template.yaml": ("Resources", "Nested", "Properties", "Location"),
        "sub/other.yaml": ("Resources", "Stack", "Properties", "TemplateURL"),
        "job.py": ("Resources", "Job", "Properties", "Command", "ScriptLocation"),
        "api.yaml": (
            *("Resources", "Api", "Properties", "DefinitionBody"),
            *("Fn::Transform", "Parameters", "Location"),
        ),
    }


@pytest.mark.parametrize(
    ("location", "local", "remote"),
    [
        ("src/", True, False),
        ("s3://bucket/key", False, True),
        ("https://example.com/template.yaml", False, True),
        ({"Bucket": "b", "Key": "k"}, False, True),
        ({"S3Bucket": {"Ref": "B"}, "S3Key": "k"}, False, True),
        ({"ApplicationId": "arn:aws:serverlessrepo", "SemanticVersion": "1.0.0"}, False, False),
        ({"ZipFile": "x = 1"}, False, False),
        ({"Ref": "Where"}, False, False),
    ],
)
def test_code_is_local_remote_or_neither(location: object, local: bool, remote: bool) -> None:
    code = Code((), location)
    assert (code.is_local, code.is_remote) == (local, remote)


@pytest.mark.parametrize(
    ("uris", "packaged"),
    [
        ([UPLOADED], True),
        ([UPLOADED, "s3://b/k"], True),
        ([UPLOADED, "src/"], False),
        (["s3://b/k"], False),
        (["src/"], False),
        ([], False),
    ],
)
def test_a_template_is_packaged_when_its_code_lies_where_packaging_puts_it(
    template: Reader, uris: list[str], packaged: bool
) -> None:
    functions = "".join(
        f"  F{i}: {{Type: AWS::Serverless::Function, Properties: {{CodeUri: '{uri}'}}}}\n" for i, uri in enumerate(uris)
    )
    assert template("Resources:\n  T: {Type: AWS::SNS::Topic}\n" + functions).is_packaged is packaged


def test_a_problem_stands_at_the_property_or_where_it_is_inherited_from(template: Reader) -> None:
    read_back = template(_FUNCTION + "Globals:\n  Function:\n    Timeout: 5\n")
    assert read_back.problem(read_back.place_of("GetTime", "Runtime"), "x").place == Place("app-sam.yaml", 7, 16)
    assert read_back.problem(read_back.place_of("GetTime", "Timeout"), "x").place == Place("app-sam.yaml", 11, 14)
    missing = read_back.problem(read_back.place_of("GetTime", "Handler"), "x").place
    assert missing
    assert missing.line in {6, 7}


def test_a_resource_of_sams_leads_back_to_the_one_it_was_made_for(template: Reader) -> None:
    read_back = template(
        "Resources:\n  Get: {Type: AWS::SNS::Topic}\n"
        "  GetTime: {Type: AWS::Serverless::Function, Properties: {Events: {Daily: {Type: Schedule}}}}\n"
    )
    assert read_back.origin_of("GetTimeRole") == ("Resources", "GetTime")
    assert read_back.origin_of("GetTimeDaily") == ("Resources", "GetTime", "Properties", "Events", "Daily")
    assert read_back.origin_of("ServerlessRestApi") == ("Resources",)


@pytest.mark.parametrize("text", ["", "- a list\n", "a word", "3"])
def test_a_file_that_is_no_map_is_refused_with_its_place(repository: Repository, text: str) -> None:
    (repository.root / "template.yaml").write_text(text)
    with pytest.raises(InvalidInputError) as refused:
        read(repository, "template.yaml")
    [problem] = refused.value.problems
    assert problem.place
    assert problem.place.file == "template.yaml"


@pytest.mark.parametrize("text", ["Resources: [", "Resources: {A: {Type: x}, A: {Type: y}}", "a: 1\n\tb: 2"])
def test_a_file_that_cannot_be_read_is_refused_with_its_place(repository: Repository, text: str) -> None:
    (repository.root / "template.yaml").write_text(text)
    with pytest.raises(InvalidInputError) as refused:
        read(repository, "template.yaml")
    assert all(problem.place for problem in refused.value.problems)


def test_a_missing_file_is_refused(repository: Repository) -> None:
    with pytest.raises(InvalidInputError, match=r"template\.yaml"):
        read(repository, "template.yaml")


@pytest.mark.parametrize("section", ["Parameters", "Resources", "Outputs", "Conditions", "Globals", "Mappings"])
@pytest.mark.parametrize("value", ["[Function]", "nothing", "3", "[]", "false", "''"])
def test_a_section_that_is_no_map_is_refused_with_its_place(template: Reader, section: str, value: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        template(f"Description: x\n{section}: {value}\n")
    [problem] = refused.value.problems
    assert problem.message == f"{section} is a map of names"
    assert problem.place == Place("app-sam.yaml", 2, len(section) + 3)


def test_an_empty_section_is_none(template: Reader) -> None:
    assert template("Resources:\nOutputs: {}\n").resources == {}


def test_entries_of_the_wrong_shape_are_left_to_the_linter(template: Reader) -> None:
    read_back = template("""
Transform: [3, {Name: [x]}]
Globals: {Function: [x]}
Parameters: {A: 3, B: {Type: [x], Default: [y], AllowedValues: z}}
Resources: {C: [1], D: {Type: 5, Properties: [1], Condition: {Ref: X}}, E: {Type: AWS::Serverless::Function}}
Outputs: {F: nothing}
""")
    assert read_back.parameters == {"B": Parameter("B", "String", has_default=True, default=None, allowed=())}
    assert list(read_back.resources) == ["D", "E"]
    assert read_back.resources["D"].properties == {}
    assert read_back.outputs == {}
