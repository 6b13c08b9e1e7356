"""What a build says of the functions of a template that it has made: their handlers and their runtimes."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import function_checks
import pytest
import uploads

KEY = "Packaged/123"


def problems(tmp_path: Path, files: list[str], kind: str = "AWS::Lambda::Function", **properties: Any) -> list[str]:
    """The problems of one function whose package has these files."""
    package = tmp_path / "packed.zip"
    with zipfile.ZipFile(package, "w") as archive:
        for file in files:
            archive.writestr(file, "")
    uploads.UPLOADED[KEY] = str(package)
    code = (
        {"Code": {"S3Bucket": "b", "S3Key": KEY}} if kind == "AWS::Lambda::Function" else {"CodeUri": f"s3://b/{KEY}"}
    )
    return [
        *function_checks.of_template({"Resources": {"Hello": {"Type": kind, "Properties": {**code, **properties}}}})
    ]


@pytest.mark.parametrize(
    ("runtime", "handler", "file"),
    [
        ("python3.13", "src/a.main", "src/a.py"),
        ("python3.13", "src.a.main", "src/a/__init__.py"),
        ("python3.13", "a.main", "a.cpython-313-x86_64-linux-gnu.so"),
        ("nodejs24.x", "src/a.main", "src/a.mjs"),
        ("nodejs24.x", "src/a.main", "src/a/index.js"),
        ("nodejs24.x", "./a.main", "a.js"),
    ],
)
def test_a_package_with_the_file_of_its_handler_is_good(runtime: str, handler: str, file: str, tmp_path: Path) -> None:
    assert problems(tmp_path, ["README", file], Runtime=runtime, Handler=handler) == []


def test_a_package_without_the_file_of_its_handler_is_not(tmp_path: Path) -> None:
    for kind in ("AWS::Lambda::Function", "AWS::Serverless::Function"):
        typescript = problems(tmp_path, ["src/a.ts"], kind, Runtime="nodejs24.x", Handler="src/a.main")
        assert typescript == ["the package of Hello has no file for its handler src/a.main: it has src/a.ts"]
    assert problems(tmp_path, ["x", "y"], Runtime="python3.13", Handler="app.main") == [
        "the package of Hello has no file for its handler app.main: it has 2 other files"
    ]


@pytest.mark.parametrize(
    "properties",
    [
        {"Runtime": "nodejs24.x", "Handler": "a.main", "Layers": ["arn"]},
        {"Runtime": "java25", "Handler": "shop.Handler::main"},
        {"Runtime": {"Ref": "Runtime"}, "Handler": "a.main"},
        {"Runtime": "nodejs24.x", "Handler": "a.main", "Code": {"S3Bucket": "b", "S3Key": "another"}},
        {"Runtime": "nodejs24.x", "Handler": "index.main", "Code": {"ZipFile": "exports.main = 1"}},
    ],
)
def test_what_cannot_be_known_is_not_judged(properties: dict[str, Any], tmp_path: Path) -> None:
    assert problems(tmp_path, ["b.js"], **properties) == []


def test_a_retired_runtime_ends_the_build_once_nothing_can_be_done_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (problem,) = problems(tmp_path, [], Runtime="nodejs10.x")
    assert problem.startswith("runtime nodejs10.x of Hello was retired on 2021-07-30: Lambda refuses to create")
    assert problem.endswith("; use nodejs24.x")
    assert problems(tmp_path, [], Runtime="python3.14") == []
    assert capsys.readouterr().out == ""


def test_globals_count_for_functions_of_sam_alone() -> None:
    shared = {"Globals": {"Function": {"Runtime": "python2.7"}}}
    resources = {name: {"Type": f"AWS::{name}::Function", "Properties": {}} for name in ("Lambda", "Serverless")}
    (problem,) = function_checks.of_template({**shared, "Resources": resources})
    assert "python2.7 of Serverless" in problem
