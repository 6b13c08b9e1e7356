"""Which folders a build installs packages for: those the templates name, however they are written."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from typing import get_args

import pytest

from tests.buildspecs.builds import Build, Language, Outcome, run
from tests.buildspecs.conftest import Repository

LANGUAGES: tuple[Language, ...] = get_args(Language)
WANTS = {"python": "requirements.txt", "nodejs": "package.json"}
FUNCTION = "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n"

each_language = pytest.mark.parametrize("language", LANGUAGES)


def installed(done: Outcome, language: Language) -> list[str]:
    """Where packages were put to be packaged, as paths from the root of the source."""
    assert done.status == 0, done.log
    if language == "nodejs":
        return [call.partition("|")[0] or "/" for call in done.of("npm") if "--omit=dev" in call]
    found = [re.match(r"(.*)\|.* --target (\S+)", call) for call in done.of("pip")]
    return [str(PurePosixPath(place[1] or "/", place[2])) for place in found if place]


@each_language
@pytest.mark.parametrize(
    "template",
    [
        FUNCTION + "      CodeUri: code/hello\n",
        FUNCTION + "      CodeUri:   ./code/hello/   # what is deployed\n",
        FUNCTION + "      CodeUri: 'code/hello'\n",
        FUNCTION + '      CodeUri: "code/hello/" # here\n',
        FUNCTION + '      "CodeUri": code/hello\r\n      Handler: a.b\r\n',
        "Resources: {F: {Type: AWS::Serverless::Function, Properties: {CodeUri: code/hello, Handler: a.b}}}\n",
        "Resources: {F: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, CodeUri: code/hello}}}\n",
        "Globals:\n  Function:\n    CodeUri: code/hello\n" + FUNCTION + "      Handler: a.b\n",
        FUNCTION.replace("Serverless", "Lambda") + "      Code: code/hello\n",
        json.dumps({"Resources": {"F": {"Properties": {"CodeUri": "code/hello", "Handler": "a.b"}}}}),
        json.dumps({"Resources": {"F": {"Properties": {"Handler": "a.b", "CodeUri": "./code/hello/"}}}}, indent=2),
    ],
)
def test_a_folder_of_code_is_found_in_every_way_of_writing(
    language: Language, template: str, repository: Repository
) -> None:
    source = repository({"app-sam.yaml": template, f"code/hello/{WANTS[language]}": "{}"})
    assert installed(run(Build(language), source), language) == ["/code/hello"]


@each_language
@pytest.mark.parametrize(
    "value",
    [
        "s3://bucket/code.zip",
        "code.zip",
        "no/such/folder",
        "!Sub '${Bucket}/code'",
        "{Bucket: artifacts, Key: code}",
        "\n        Bucket: artifacts\n        Key: code",
        "# code",
        "x" * 300,
    ],
)
def test_what_is_no_folder_is_left_alone(language: Language, value: str, repository: Repository) -> None:
    template = f"{FUNCTION}      # CodeUri: code\n      CodeUri: {value}\n"
    source = repository({"app-sam.yaml": template, f"code/{WANTS[language]}": "{}", "code.zip": ""})
    assert installed(run(Build(language), source), language) == []


@each_language
def test_a_folder_that_asks_for_nothing_is_packaged_as_it_is(language: Language, repository: Repository) -> None:
    done = run(Build(language), repository({}))
    assert done.status == 0, done.log
    assert [call.partition("|")[0] for call in done.calls] == ["aws"]


@each_language
def test_both_templates_are_searched_and_a_folder_is_done_once(language: Language, repository: Repository) -> None:
    tests = f"{FUNCTION}      CodeUri: ../integration\n  G:\n    Properties:\n      CodeUri: ../src\n"
    files = {"deploy/tests.yaml": tests, f"src/{WANTS[language]}": "{}", f"integration/{WANTS[language]}": "{}"}
    done = run(Build(language, {"TESTS_TEMPLATE": "deploy/tests.yaml"}), repository(files))
    assert installed(done, language) == ["/src", "/integration"]


@each_language
@pytest.mark.parametrize("key", ["ContentUri", "Content"])
def test_the_packages_of_a_layer_lie_where_its_runtime_looks(
    language: Language, key: str, repository: Repository
) -> None:
    asks = {"python": "layer/requirements.txt", "nodejs": "layer/nodejs/package.json"}
    template = f"Resources:\n  L:\n    Type: AWS::Serverless::LayerVersion\n    Properties:\n      {key}: layer\n"
    source = repository({"app-sam.yaml": template, asks[language]: "{}"})
    assert installed(run(Build(language), source), language) == [f"/layer/{language}"]


@each_language
def test_the_root_of_the_source_can_be_a_function(language: Language, repository: Repository) -> None:
    source = repository({"app-sam.yaml": f"{FUNCTION}      CodeUri: .\n", WANTS[language]: "{}"})
    assert installed(run(Build(language), source), language) == ["/"]
