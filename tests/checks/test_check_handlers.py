"""Handlers against the files they name: what Lambda would say at the first call only."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.application.reader import parse
from generator.checks.handlers import check_handlers, functions_of
from generator.model.build import Build, Machine
from generator.repository.files import Repository

MACHINE = Machine("LINUX_CONTAINER", "BUILD_GENERAL1_SMALL", "image", "s3", None)
PYTHON = "python3.13"
NODE = "nodejs24.x"


def problems(root: Path, function: str, files: dict[str, str], *, own: bool = False) -> list[str]:
    """What is wrong with a function of these properties and files."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    text = f"Resources: {{F: {{Type: AWS::Serverless::Function, Properties: {{CodeUri: src, {function}}}}}}}\n"
    build = Build("sam", "version: 0.2", own=own, machine=MACHINE, environment={}, secrets=())
    messages = check_handlers(functions_of(parse(text, "app-sam.yaml")), build, Repository(root))
    return [" | ".join(filter(None, (problem.message, problem.hint))) for problem in messages]


def test_a_function_that_the_file_lacks_is_an_error_with_the_one_that_is_meant(tmp_path: Path) -> None:
    files = {"src/app.py": "def handler(event, context):\n    pass\n"}
    assert problems(tmp_path, f"Handler: app.handlr, Runtime: {PYTHON}", files) == [
        "Handler 'app.handlr' of F: src/app.py has no 'handlr' | did you mean 'app.handler'?"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "def handler(e, c): ...",
        "async def handler(e, c): ...",
        "handler = make()",
        "handler: object = make()",
        "from web import handler",
        "from web import lambda_handler as handler",
        "from web import *",
        "if FAST:\n    handler = fast\nelse:\n    handler = slow",
        "try:\n    from a import handler\nexcept ImportError:\n    pass",
        "(handler, other) = pair",
        "globals()['hand' + 'ler'] = 3",
        "def __getattr__(name): ...",
        "print 'Python 2'",
    ],
)
def test_every_way_of_python_to_have_a_handler_is_understood(text: str, tmp_path: Path) -> None:
    assert problems(tmp_path, f"Handler: app.handler, Runtime: {PYTHON}", {"src/app.py": text}) == []


@pytest.mark.parametrize("text", ["def other():\n    handler = 3\n", "class A:\n    def handler(self): ...\n"])
def test_a_name_within_something_else_is_no_handler(text: str, tmp_path: Path) -> None:
    assert len(problems(tmp_path, f"Handler: app.handler, Runtime: {PYTHON}", {"src/app.py": text})) == 1


@pytest.mark.parametrize(
    "text",
    [
        "exports.handler = async () => {};",
        "export const handler = async () => {};",
        "export { run as handler };",
        "module.exports = { handler };",
        "module.exports = require('./other');",
        "export * from './other.mjs';",
        "Object.assign(exports, all());",
    ],
)
def test_every_way_of_javascript_to_have_a_handler_is_understood(text: str, tmp_path: Path) -> None:
    assert problems(tmp_path, f"Handler: app.handler, Runtime: {NODE}", {"src/app.mjs": text}) == []


def test_a_function_that_a_javascript_file_lacks_is_an_error(tmp_path: Path) -> None:
    files = {"src/app.mjs": "export const lambdaHandler = async () => {};\n"}
    assert problems(tmp_path, f"Handler: app.lambdaHandlr, Runtime: {NODE}", files) == [
        "Handler 'app.lambdaHandlr' of F: src/app.mjs has no 'lambdaHandlr' | did you mean 'app.lambdaHandler'?"
    ]


@pytest.mark.parametrize("handler", ["deep.app.handler", "deep/app.handler", "package.handler"])
def test_a_handler_may_lie_deeper_or_be_a_package(handler: str, tmp_path: Path) -> None:
    body = "def handler(e, c): ...\n"
    files = {"src/deep/app.py": body, "src/package/__init__.py": body}
    assert problems(tmp_path, f"Handler: {handler}, Runtime: {PYTHON}", files) == []


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    files = {"src/app.py": "", "src/requirements.txt": "requests\n"}
    [line] = problems(tmp_path, f"Handler: ap.handler, Runtime: {PYTHON}", files)
    assert line.startswith("Handler 'ap.handler' of F: there is no src/ap.py | ")


def test_typescript_that_nothing_compiles_is_an_error(tmp_path: Path) -> None:
    [line] = problems(tmp_path, f"Handler: app.handler, Runtime: {NODE}", {"src/app.ts": ""})
    assert line.endswith("TypeScript is compiled where the function has Metadata: {BuildMethod: esbuild}")


@pytest.mark.parametrize(
    ("function", "files"),
    [
        (
            f"Handler: datadog_lambda.handler.handler, Runtime: {PYTHON}",
            {"src/requirements.txt": "datadog-lambda==6\n"},
        ),
        (f"Handler: wrapper.handler, Runtime: {PYTHON}, Layers: [arn]", {"src/app.py": ""}),
        (f"Handler: node_modules/x/y.handler, Runtime: {NODE}", {"src/package.json": "{}"}),
        (f"Handler: /opt/nodejs/x.handler, Runtime: {NODE}", {"src/a.js": ""}),
        (f"Handler: !Sub '${{Name}}.handler', Runtime: {PYTHON}", {"src/app.py": ""}),
        ("Handler: bootstrap.x, Runtime: provided.al2023", {"src/bootstrap": ""}),
        (f"Handler: app.handler, Runtime: {PYTHON}", {"other/app.py": ""}),
    ],
)
def test_a_handler_that_may_come_from_elsewhere_is_left_alone(
    function: str, files: dict[str, str], tmp_path: Path
) -> None:
    assert problems(tmp_path, function, files) == []


def test_what_an_own_buildspec_may_make_is_left_alone(tmp_path: Path) -> None:
    function = f"Handler: dist/app.handler, Runtime: {NODE}"
    assert problems(tmp_path, function, {"src/app.js": ""}, own=True) == []
