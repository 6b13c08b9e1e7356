"""How a template is read and edited: every way of writing where code lies, and nothing else is touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from templates import Code, Template, every

FUNCTION = "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n"
IN_JSON = {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "./code/hello/", "Handler": "a.b"}}
ABOVE = "Globals:\n  Function:\n    CodeUri: code/hello\n"

WAYS = [
    FUNCTION + "      CodeUri: code/hello\n",
    FUNCTION + "      CodeUri:   ./code/hello/   # what is deployed\n",
    FUNCTION + "      CodeUri: 'code/hello'\n",
    FUNCTION + '      CodeUri: "code/hello/" # here\n',
    FUNCTION + '      "CodeUri": code/hello\r\n      Handler: a.b\r\n',
    FUNCTION + "      CodeUri: >-\n        code/hello\n      Handler: a.b\n",
    "Resources: {F: {Type: AWS::Serverless::Function, Properties: {CodeUri: code/hello, Handler: a.b}}}\n",
    "Resources: {F: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, CodeUri: code/hello}}}\n",
    ABOVE + FUNCTION + "      Handler: a.b\n",
    ABOVE + "Resources:\n  F:\n    Type: AWS::Serverless::Function\n",
    ABOVE + FUNCTION.rstrip() + " {}\n",
    "X: &x\n  CodeUri: code/hello\n" + FUNCTION + "      <<: *x\n      Handler: a.b\n",
    FUNCTION.replace("Serverless", "Lambda") + "      Code: code/hello\n",
    json.dumps({"Resources": {"F": IN_JSON}}),
    json.dumps({"Resources": {"F": IN_JSON}}, indent=2),
]


def template(folder: Path, text: str, name: str = "app-sam.yaml") -> Template:
    (folder / "code/hello").mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(text.encode())
    return Template(str(folder / name))


def codes(folder: Path, text: str) -> list[Code]:
    return list(template(folder, text).codes())


@pytest.mark.parametrize("text", WAYS)
def test_a_folder_of_code_is_found_and_replaced_in_every_way_of_writing(text: str, tmp_path: Path) -> None:
    document = template(tmp_path, text)
    assert [(code.logical_id, code.path) for code in document.codes()] == [("F", str(tmp_path / "code/hello"))]
    document.place("F", '/packed/a "b".zip')
    document.write()
    properties = yaml.safe_load(Path(document.path).read_text())["Resources"]["F"]["Properties"]
    assert '/packed/a "b".zip' in properties.values()


def test_everything_else_of_a_template_stays_as_it_was_written(tmp_path: Path) -> None:
    text = (
        "# A comment\nDescription: 'It''s  *mine*'\nParameters: {Id: {Type: String, Default: 0123}}\n"
        + FUNCTION
        + "      CodeUri: code/hello # here\n      Timeout: 03\n      Role: !GetAtt  Role.Arn\n"
    )
    document = template(tmp_path, text)
    document.place("F", "/x.zip")
    document.write()
    assert Path(document.path).read_text() == text.replace("CodeUri: code/hello", 'CodeUri: "/x.zip"')


def test_json_that_is_indented_with_tabs_is_read(tmp_path: Path) -> None:
    text = json.dumps({"Resources": {"F": IN_JSON}}, indent="\t")
    assert len(list(template(tmp_path, text, "app-sam.json").codes())) == 1


@pytest.mark.parametrize(
    "value",
    [
        "s3://bucket/code.zip",
        "no/such/folder",
        "!Sub '${Bucket}/code'",
        "{Bucket: artifacts, Key: code}",
        "\n        Bucket: artifacts\n        Key: code",
        "x" * 300,
    ],
)
def test_what_is_not_in_the_repository_is_left_alone(value: str, tmp_path: Path) -> None:
    assert codes(tmp_path, f"{FUNCTION}      # CodeUri: code/hello\n      CodeUri: {value}\n") == []


def test_a_function_that_says_nowhere_where_its_code_lies_is_all_of_the_templates_folder(tmp_path: Path) -> None:
    assert codes(tmp_path, FUNCTION + "      Handler: a.b\n")[0].path == str(tmp_path)


@pytest.mark.parametrize("elsewhere", ["InlineCode: pass", "PackageType: Image", "ImageUri: a.dkr.ecr/x:1"])
def test_a_function_with_its_code_elsewhere_has_no_folder(elsewhere: str, tmp_path: Path) -> None:
    assert codes(tmp_path, f"{FUNCTION}      {elsewhere}\n") == []


@pytest.mark.parametrize(
    ("runtime", "expected"),
    [
        ("Runtime: python3.12", "python3.12"),
        ("Runtime: !Ref Language", "nodejs22.x"),
        ("Runtime: {Ref: Language}", "nodejs22.x"),
        ("Handler: a.b", "python3.9"),
        ("Runtime: !FindInMap [A, B, C]", ""),
    ],
)
def test_a_runtime_is_known_by_itself_by_a_parameter_and_by_globals(
    runtime: str, expected: str, tmp_path: Path
) -> None:
    above = "Parameters: {Language: {Type: String, Default: nodejs22.x}}\nGlobals: {Function: {Runtime: python3.9}}\n"
    assert codes(tmp_path, f"{above}{FUNCTION}      CodeUri: code/hello\n      {runtime}\n")[0].runtime == expected


def test_what_a_resource_ignores_of_globals_it_does_not_inherit(tmp_path: Path) -> None:
    above = "Globals: {Function: {Runtime: python3.9, CodeUri: code/hello}}\n"
    ignoring = FUNCTION.replace("    Properties", "    IgnoreGlobals: [CodeUri]\n    Properties")
    error_codes = codes(tmp_path, f"{above}{ignoring}      Handler: a.b\n")
    assert error_codes == [Code("F", str(tmp_path), "python3.9", "", is_layer=False)]


def test_a_loop_is_looked_into(tmp_path: Path) -> None:
    inside = "{Type: AWS::Serverless::Function, Properties: {CodeUri: code/hello}}"
    text = f"Resources:\n  Fn::ForEach::All:\n  - Name\n  - [A, B]\n  - F${{Name}}: {inside}\n"
    assert [code.logical_id for code in codes(tmp_path, text)] == ["F${Name}"]


def test_nested_stacks_are_read_as_well_each_once(tmp_path: Path) -> None:
    nested = "{Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: deep/b.yaml}}"
    again = "{Type: AWS::Serverless::Application, Properties: {Location: ./deep/b.yaml}}"
    remote = "{Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: https://example.com/c.yaml}}"
    first = template(tmp_path, f"Resources: {{A: {nested}, B: {again}, C: {remote}}}\n").path
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/b.yaml").write_text(f"{FUNCTION}      CodeUri: ../code/hello\n")
    result = every([first, first])
    assert [Path(entry.path).name for entry in result] == ["app-sam.yaml", "b.yaml"]
    assert [code.path for code in result[1].codes()] == [str(tmp_path / "code/hello")]
