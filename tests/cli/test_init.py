"""`penstock init` in a repository that is there: what it finds, what it writes, what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.cli.main import run
from generator.init import blueprints, first_pipeline_file
from tests.cli.repositories import APP, TESTS, Folder, tree, written


def test_it_writes_the_pipeline_file_and_nothing_else(folder: Folder) -> None:
    root = folder({"app-sam.yaml": APP, "README.md": "hello"})
    before = tree(root)
    assert run(["init", str(root)]) == 0
    after = tree(root)
    assert after.keys() - before.keys() == {"pipeline.yaml"}
    assert {path: after[path] for path in before} == before


@pytest.mark.parametrize("there", ["service: mine\n", ""])
def test_a_pipeline_file_that_is_there_is_never_replaced(
    there: str, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    root = folder({"pipeline.yaml": there})
    assert run(["init", str(root)]) == 1
    assert (root / "pipeline.yaml").read_text(encoding="utf-8") == there
    assert "already exists: it was not changed" in capsys.readouterr().err


def test_a_link_to_nowhere_is_not_followed(folder: Folder) -> None:
    root = folder()
    (root / "pipeline.yaml").symlink_to(root / "elsewhere.yaml")
    assert run(["init", str(root)]) == 1
    assert not (root / "elsewhere.yaml").exists()


def test_a_folder_that_is_not_there_hints_at_blueprints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path / "new")]) == 2
    there = ", ".join(blueprints.blueprints())
    assert capsys.readouterr().err == (
        f"there is no folder {tmp_path / 'new'}\n  hint: --blueprint makes a new repository: {there}\n"
    )


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert run(["init", str(tmp_path / "file")]) == 2


def test_it_tells_what_it_found(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    root = folder(
        {
            "app-sam.yaml": APP.replace("HelloArn: {Value: !GetAtt Hello.Arn}", "ApiUrl: {Value: x}"),
            "test-sam.yaml": f"{TESTS}  TestFunction: {{Value: !Ref Check.Version}}\n",
            "src/app.py": "",
            "src/requirements.txt": "",
            "ui/package.json": "{}",
            "tests/requirements.txt": "",
            "tests/unit/test_app.py": "",
            "samconfig.toml": '[default.deploy.parameters]\nstack_name = "time"\n',
        },
        remote="git@github.com:acme/time-service.git",
    )
    assert run(["init", str(root)]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    assert (
        output.out
        == f"""\
wrote {root}/pipeline.yaml
  service      time-service
  source       github acme/time-service, branch main (the remote)
  application  app-sam.yaml, its URL in output ApiUrl
  tests        test-sam.yaml, run by output TestFunction
  framework    sam, python 3.13
  packages     pip install (src/requirements.txt), pip install (tests/requirements.txt)
  unit tests   python -m pytest tests/unit
  stages       Source > Build > DeployTests > Beta > Gamma > Prod (approval)
  samconfig    prod may take over the stack time: see the end of the file
next: penstock check {root}/pipeline.yaml
"""
    )
    assert written(root) == {"service": "time-service", "source": {"github": {"repository": "acme/time-service"}}}


def test_a_repository_without_a_template_gets_its_file_and_is_told(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    root = folder()
    assert run(["init", str(root)]) == 0
    output = capsys.readouterr()
    assert "application  none found; app-sam.yaml is expected\n" in output.out
    assert "warning: there is no app-sam.yaml in the repository" in output.err
    assert written(root)["tests"] == "none"


def test_the_file_says_what_names_do_not(folder: Folder) -> None:
    address = "HelloUrl: {Value: !Sub 'https://${Hello}.example.com'}"
    root = folder({
        "infra/app.yaml": APP.replace("HelloArn:", f"{address}\n  HelloArn:"),
        "test-sam.yaml": f"{TESTS}  Checker: {{Value: !Ref Check.Version}}\n",
    })  # fmt: skip
    assert run(["init", str(root)]) == 0
    data = written(root)
    assert data["app"] == {"template": "infra/app.yaml", "url": "HelloUrl"}
    assert data["tests"] == {"function": "Checker"}


def test_an_application_without_an_address_has_no_url(folder: Folder) -> None:
    root = folder({"app-sam.yaml": APP})
    assert run(["init", str(root)]) == 0
    assert written(root)["app"] == {"url": "none"}


def test_several_outputs_leave_the_test_function_to_the_user(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    root = folder({"app-sam.yaml": APP, "test-sam.yaml": f"{TESTS}  A: {{Value: a}}\n  B: {{Value: b}}\n"})
    assert run(["init", str(root)]) == 0
    assert "tests" not in written(root)
    assert "no output TestFunction says which function tests the application; outputs: A, B" in capsys.readouterr().err


def test_of_several_templates_somebody_chooses(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    root = folder({"infra/a.yaml": APP, "infra/b.yaml": APP})
    assert run(["init", str(root)]) == 2
    assert capsys.readouterr().err == (
        "2 templates may be the application's, and a pipeline delivers one: infra/a.yaml, infra/b.yaml\n"
        "  hint: choose one: penstock init --template infra/a.yaml\n"
    )
    assert not (root / "pipeline.yaml").exists()
    assert run(["init", str(root), "--template", "infra/b.yaml"]) == 0
    assert written(root)["app"]["template"] == "infra/b.yaml"
    assert "also seen    infra/a.yaml\n" in capsys.readouterr().out


def test_a_template_that_cannot_be_read_is_said_with_its_place(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    root = folder({"app-sam.yaml": "Resources: [\n"})
    assert run(["init", str(root)]) == 0
    assert "app-sam.yaml:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("backend/serverless.yml", "the Serverless Framework is not delivered"),
        (".chalice/config.json", "Chalice is not delivered"),
        ("cdk.json", 'commands: ["npx cdk synth --quiet"]}'),
        ("bun.lock", "bun.lock is not read: the build installs with npm"),
    ],
)
def test_what_a_pipeline_does_not_build_is_said(
    file: str, text: str, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", str(folder({file: ""}))]) == 0
    assert text in capsys.readouterr().err


def test_a_folder_within_a_repository_is_warned_of(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    root = folder({"services/api/app-sam.yaml": APP})
    assert run(["init", str(root / "services" / "api")]) == 0
    assert "a pipeline builds at a repository's root" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lock", "message"),
    [
        ("requirements.txt", "pip install (requirements.txt)"),
        ("poetry.lock", "poetry export, pip install (poetry.lock)"),
        ("uv.lock", "uv export, pip install (uv.lock)"),
        ("Pipfile.lock", "pipenv requirements, pip install (Pipfile.lock)"),
    ],
)
def test_every_lock_file_is_found(lock: str, message: str, folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(folder({lock: ""}))]) == 0
    assert f"packages     {message}\n" in capsys.readouterr().out


def test_the_file_names_the_shipped_schema_until_the_repository_has_one(folder: Folder) -> None:
    root = folder()
    assert run(["init", str(root)]) == 0
    modeline = (root / "pipeline.yaml").read_text(encoding="utf-8").splitlines()[0]
    uri = modeline.removeprefix("# yaml-language-server: $schema=")
    assert Path(uri.removeprefix("file://")).read_bytes() == first_pipeline_file.SHIPPED_SCHEMA.read_bytes()


def test_the_file_names_the_repositorys_own_schema(folder: Folder) -> None:
    root = folder({"pipeline.schema.json": "{}"})
    assert run(["init", str(root)]) == 0
    lines = (root / "pipeline.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["# yaml-language-server: $schema=pipeline.schema.json", "service: time-service"]


def test_the_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "--help"]) == 0
    assert "penstock init my-service --blueprint time-service-python" in capsys.readouterr().out
