"""What is said of functions whose template the build makes: by a serverless.yml, and by a Chalice project."""

from __future__ import annotations

import datetime as dt

import pytest

from generator.checks.application import check_functions
from generator.document import PIPELINE_FILE, parse
from generator.frameworks import Framework, chalice, serverless
from generator.model.build import Build, Machine
from generator.repository.files import Repository

TODAY = dt.date(2026, 11, 21)
_SERVERLESS = serverless.FRAMEWORK
_CHALICE = chalice.FRAMEWORK


def problems(
    repository: Repository, files: dict[str, str], *, file: str = "service: shop\n", kind: Framework = _SERVERLESS
) -> list[str]:
    """The problems of the files of a repository, each on a line of its own."""
    for name, text in files.items():
        (repository.root / name).parent.mkdir(parents=True, exist_ok=True)
        (repository.root / name).write_text(text)
    path = next(iter(files))
    functions = kind.functions(parse(file, "pipeline.yaml", PIPELINE_FILE), repository, path)
    build = Build("serverless", "", own=False, machine=Machine("", "", ""), environment={})
    reported = check_functions(functions, build, repository=repository, today=TODAY)
    return [f"{str(problem).splitlines()[0]} | {problem.hint}" for problem in reported]


def service(handler: str = "src/a.main", runtime: str = "nodejs24.x", **settings: str) -> dict[str, str]:
    """A service of one function; other settings by their keys."""
    lines = [f"{key}: {value}\n" for key, value in settings.items()]
    text = f"service: todo\nprovider: {{runtime: {runtime}}}\nfunctions:\n  hello:\n    handler: {handler}\n"
    return {"serverless.yml": text + "".join(lines)}


@pytest.mark.parametrize("ending", ["js", "mjs", "cjs", "ts", "tsx", "mts", "jsx"])
def test_a_file_of_javascript_or_of_what_is_compiled_to_it_is_there(ending: str, repository: Repository) -> None:
    code = {f"src/a.{ending}": "export const main = async () => 1;\n"}
    assert problems(repository, {**service(), **code}) == []


@pytest.mark.parametrize("handler", ["src/a.main", "src.a.main"])
def test_a_module_of_python_is_there_whichever_way_it_is_named(handler: str, repository: Repository) -> None:
    files = {**service(handler, "python3.13"), "src/a.py": "def main(event, context): ...\n"}
    assert problems(repository, files) == []


@pytest.mark.parametrize(("runtime", "ending"), [("nodejs24.x", "js"), ("python3.13", "py")])
def test_a_handler_without_a_file_is_an_error_at_its_place(runtime: str, ending: str, repository: Repository) -> None:
    hint = "the handler is relative to the function's folder: <file without its ending>.<function>"
    assert problems(repository, service(runtime=runtime)) == [
        f"serverless.yml:5:14: Handler 'src/a.main' of hello: there is no src/a.{ending} | {hint}"
    ]


def test_a_handler_that_its_file_lacks_is_an_error_with_the_nearest(repository: Repository) -> None:
    (problem,) = problems(repository, {**service("src/a.mian"), "src/a.ts": "export const main = 1;\n"})
    assert (
        problem
        == "serverless.yml:5:14: Handler 'src/a.mian' of hello: src/a.ts has no 'mian' | did you mean 'src/a.main'?"
    )


def test_paths_begin_in_the_folder_of_the_service_and_of_its_module(repository: Repository) -> None:
    text = service("a.main", "python3.13")["serverless.yml"] + "    module: orders\n"
    files = {"backend/serverless.yml": text, "backend/orders/a.py": "main = 1\n"}
    assert problems(repository, files) == []
    (repository.root / "backend/orders/a.py").unlink()
    assert "there is no backend/orders/a.py" in problems(repository, {"backend/serverless.yml": text})[0]


@pytest.mark.parametrize(
    "more",
    [
        {"plugins": "[serverless-wsgi]"},
        {"package.json": '{"scripts": {"prepare": "tsc"}}'},
    ],
)
def test_what_a_plugin_or_a_script_may_make_is_a_warning(more: dict[str, str], repository: Repository) -> None:
    package = {name: text for name, text in more.items() if "." in name}
    settings = {name: text for name, text in more.items() if "." not in name}
    (problem,) = problems(repository, {**service("dist/a.main", **settings), **package})
    assert problem.startswith("serverless.yml:5:14: warning: Handler 'dist/a.main' of hello: there is no dist/a.js")


@pytest.mark.parametrize(
    "line",
    ["    layers: [arn]\n", "    package: {artifact: a.zip}\n", "package: {artifact: a.zip}\n", "    image: x\n"],
)
def test_files_that_something_else_brings_are_not_looked_for(line: str, repository: Repository) -> None:
    assert problems(repository, {"serverless.yml": service()["serverless.yml"] + line}) == []


def test_functions_of_included_files_have_their_places_there(repository: Repository) -> None:
    files = {
        "serverless.yml": "service: todo\nprovider: {runtime: python3.13}\nfunctions:\n"
        "  - ${file(more/functions.yml)}\n  - {b: '${file(b.yml):of.b}'}\n",
        "more/functions.yml": "a:\n  handler: missing.main\n",
        "b.yml": "of:\n  b: {handler: lacking.main}\n",
    }
    assert [problem.partition(" of ")[0] for problem in problems(repository, files)] == [
        "more/functions.yml:2:12: Handler 'missing.main'",
        "b.yml:2:16: Handler 'lacking.main'",
    ]


def test_a_retired_runtime_is_reported_once_where_it_stands(repository: Repository) -> None:
    text = (
        "service: todo\nprovider: {runtime: '${self:custom.node}'}\ncustom: {node: nodejs14.x}\n"
        "functions: {a: {handler: a.main}, b: {handler: a.main}, c: {handler: a.main, runtime: nodejs20.x}}\n"
    )
    first, second = problems(repository, {"serverless.yml": text, "a.js": "exports.main = 1"})
    assert first.startswith("serverless.yml:2:21: runtime 'nodejs14.x' of a and b was retired on 2023-12-04: ")
    assert second.startswith("serverless.yml:4:87: warning: runtime 'nodejs20.x' of c was retired on 2026-04-30: ")


def test_a_chalice_project_needs_its_app_and_a_python_that_lambda_has(repository: Repository) -> None:
    files = {"shop/.chalice/config.json": "{}"}
    file = 'service: shop\napp:\n  template: shop/.chalice/config.json\nbuild: {runtime: {python: "3.9"}}\n'
    runtime, handler = problems(repository, files, file=file, kind=_CHALICE)
    assert runtime.startswith("pipeline.yaml:4:27: warning: runtime 'python3.9' of the Chalice project was retired on")
    assert handler.startswith("pipeline.yaml:3:13: Handler 'app.app' of the Chalice project: there is no shop/app.py")
    (repository.root / "shop/app.py").write_text("application = Chalice(app_name='shop')\n")
    assert "shop/app.py has no 'app'" in problems(repository, files, file=file, kind=_CHALICE)[1]
