"""`penstock init`: what it finds, what it writes, and what it leaves alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.beginning import blueprints, git, names, remotes, writing
from generator.beginning.looking import look
from generator.cli.main import run
from generator.compiler import stages
from generator.compiler.pipeline import compile_file
from generator.errors import RefusedError
from generator.repository import Repository

APP = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: src/, Handler: app.handler, Runtime: python3.13}
Outputs:
  HelloArn: {Value: !GetAtt Hello.Arn}
"""
TESTS = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Check: {Type: AWS::Serverless::Function, Properties: {CodeUri: it/, Handler: a.b, Runtime: python3.13}}
Outputs:
"""
Folder = Callable[..., Path]


def in_git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Makes a repository of files by path, with a remote when one is given."""

    def make(files: dict[str, str] | None = None, *, remote: str = "", name: str = "time-service") -> Path:
        root = tmp_path / name
        for path, text in (files or {}).items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        root.mkdir(exist_ok=True)
        in_git(root, "init", "--initial-branch=main")
        if remote:
            in_git(root, "remote", "add", "origin", remote)
        return root

    return make


def written(root: Path) -> Any:
    return yaml.safe_load((root / "pipeline.yaml").read_text(encoding="utf-8"))


def tree(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


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
    assert "is there already: it was not touched" in capsys.readouterr().err


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
            "ui/package-lock.json": "{}",
            "web/package.json": "{}",
            "tests/unit/test_app.py": "",
            "samconfig.toml": '[default.deploy.parameters]\nstack_name = "time"\n',
        },
        remote="git@github.com:acme/time-service.git",
    )
    assert run(["init", str(root)]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert (
        said.out
        == f"""\
wrote {root}/pipeline.yaml
  service      time-service
  source       github acme/time-service, branch main (the remote)
  application  app-sam.yaml, its URL in output ApiUrl
  tests        test-sam.yaml, run by output TestFunction
  framework    sam, python 3.13
  packages     pip install (src/requirements.txt), npm ci (ui/package-lock.json), npm install (web/package.json)
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
    said = capsys.readouterr()
    assert "application  none found; app-sam.yaml is expected\n" in said.out
    assert "warning: there is no app-sam.yaml in the repository" in said.err
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


def test_of_several_unusual_templates_none_is_chosen(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    root = folder({"infra/a.yaml": APP, "infra/b.yaml": APP})
    assert run(["init", str(root)]) == 0
    assert "app" not in written(root)
    assert "also seen    infra/a.yaml, infra/b.yaml\n" in capsys.readouterr().out


def test_a_template_that_cannot_be_read_is_said_with_its_place(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    root = folder({"app-sam.yaml": "Resources: [\n"})
    assert run(["init", str(root)]) == 0
    assert "app-sam.yaml:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("serverless.yml", "the Serverless Framework is not supported yet"),
        (".chalice/config.json", "Chalice is not supported yet"),
        ("yarn.lock", "yarn.lock is not read: the build installs with npm"),
    ],
)
def test_what_a_pipeline_cannot_build_yet_is_said(
    file: str, text: str, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", str(folder({file: ""}))]) == 0
    assert text in capsys.readouterr().err


def test_a_folder_within_a_repository_is_warned_of(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    root = folder({"services/api/app-sam.yaml": APP})
    assert run(["init", str(root / "services" / "api")]) == 0
    assert "a pipeline builds at a repository's root" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lock", "said"),
    [
        ("requirements.txt", "pip install (requirements.txt)"),
        ("poetry.lock", "poetry export, pip install (poetry.lock)"),
        ("uv.lock", "uv export, pip install (uv.lock)"),
        ("Pipfile.lock", "pipenv requirements, pip install (Pipfile.lock)"),
    ],
)
def test_every_lock_file_is_found(lock: str, said: str, folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(folder({lock: ""}))]) == 0
    assert f"packages     {said}\n" in capsys.readouterr().out


# The source


@pytest.mark.parametrize(
    ("address", "kind", "repository"),
    [
        ("https://github.com/acme/time.git", "github", "acme/time"),
        ("https://github.com/acme/time", "github", "acme/time"),
        ("https://token@github.com/acme/time/", "github", "acme/time"),
        ("git@github.com:acme/time.git", "github", "acme/time"),
        ("github.com:acme/time.git", "github", "acme/time"),
        ("ssh://git@GitHub.com:22/acme/time.git", "github", "acme/time"),
        ("ssh://git@ssh.github.com:443/acme/time.git", "github", "acme/time"),
        ("git@gitlab.com:acme/team/time.git", "gitlab", "acme/team/time"),
        ("https://bob@bitbucket.org/acme/time.git", "bitbucket", "acme/time"),
    ],
)
def test_a_hosted_remote_is_a_source_behind_a_connection(address: str, kind: str, repository: str) -> None:
    found = remotes.source_of(address)
    assert found == remotes.Remote(kind, {"repository": repository}, "time")


@pytest.mark.parametrize(
    ("address", "region"),
    [
        ("https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/time", "eu-west-1"),
        ("https://git-codecommit-fips.us-east-1.amazonaws.com/v1/repos/time", "us-east-1"),
        ("https://git-codecommit.cn-north-1.amazonaws.com.cn/v1/repos/time", "cn-north-1"),
        ("ssh://APKAEXAMPLE@git-codecommit.eu-west-1.amazonaws.com/v1/repos/time", "eu-west-1"),
        ("codecommit::eu-west-1://time", "eu-west-1"),
        ("codecommit::eu-west-1://profile@time", "eu-west-1"),
        ("codecommit://profile@time", ""),
        ("codecommit://time", ""),
    ],
)
def test_a_codecommit_remote_is_a_repository_that_exists(address: str, region: str) -> None:
    found = remotes.source_of(address)
    assert found == remotes.Remote("codecommit", {"repository": "time", "create": False}, "time", region)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/srv/git/time.git",
        "../time",
        "https://git.example.com/acme/time.git",
        "https://github.com.example.com/acme/time.git",
        "https://example.com/github.com/acme/time.git",
        "https://github.com/acme",
        "https://github.com/acme/time/tree/main",
        "https://github.com/acme/ti me.git",
        "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/",
        "codecommit::eu-west-1://",
    ],
)
def test_other_addresses_are_no_source(address: str) -> None:
    assert remotes.source_of(address) is None


def test_a_repository_without_a_remote_gets_one_in_codecommit(folder: Folder) -> None:
    root = folder({"app-sam.yaml": APP}, name="Time Service")
    assert run(["init", str(root)]) == 0
    assert written(root)["service"] == "time-service"
    assert written(root)["source"] == {"codecommit": {"repository": "time-service"}}


def test_a_password_in_a_remote_is_not_shown(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    root = folder(remote="https://bob:secret@git.example.com/acme/time.git")
    assert run(["init", str(root)]) == 0
    said = capsys.readouterr()
    assert "https://git.example.com/acme/time.git" in said.err
    assert "secret" not in said.err + said.out + (root / "pipeline.yaml").read_text(encoding="utf-8")


def test_a_repository_that_git_refuses_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".git").mkdir()
    assert run(["init", str(tmp_path)]) == 0
    assert "git does not take this for a repository" in capsys.readouterr().err


def test_a_folder_that_git_does_not_know_gets_a_file_too(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path)]) == 0
    assert "codecommit" in written(tmp_path)["source"]


def commit(root: Path) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    in_git(root, *who, "commit", "--allow-empty", "-m", "first")


def test_the_branch_is_the_remotes_own_default(folder: Folder) -> None:
    root = folder(remote="git@github.com:acme/time.git")
    commit(root)
    in_git(root, "update-ref", "refs/remotes/origin/trunk", "HEAD")
    in_git(root, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    assert git.branch(root) == "trunk"
    assert run(["init", str(root)]) == 0
    assert written(root)["source"]["github"]["branch"] == "trunk"


def test_a_branch_on_which_the_pipeline_is_begun_is_not_the_one_delivered(folder: Folder) -> None:
    root = folder()
    commit(root)
    in_git(root, "checkout", "-b", "add-pipeline")
    assert git.branch(root) == "main"


def test_a_repository_with_one_branch_delivers_that(folder: Folder) -> None:
    root = folder()
    in_git(root, "symbolic-ref", "HEAD", "refs/heads/2026")
    assert run(["init", str(root)]) == 0
    assert written(root)["source"]["codecommit"]["branch"] == "2026"


# SAM's configuration


SAMCONFIG = """\
version = 0.1
[default.deploy.parameters]
stack_name = "time-dev"
[prod.global.parameters]
stack_name = "time-production"
[prod.deploy.parameters]
region = "eu-west-1"
[Staging_EU.deploy.parameters]
stack_name = "time-staging"
parameter_overrides = "LogLevel=debug"
[local.build.parameters]
cached = true
"""


def test_environments_become_stages_and_prod_comes_last(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    root = folder({"app-sam.yaml": APP, "samconfig.toml": SAMCONFIG})
    assert run(["init", str(root)]) == 0
    assert written(root)["stages"] == [
        {"staging-eu": {"stack": "time-staging"}},
        {"prod": {"stack": "time-production", "approval": True}},
    ]
    said = capsys.readouterr()
    assert "prod takes over the stack time-production in eu-west-1" in said.out
    assert "the parameter_overrides of Staging_EU were not taken over" in said.err
    assert "time-dev" not in (root / "pipeline.yaml").read_text(encoding="utf-8")


def test_the_yaml_form_of_the_configuration_is_read(folder: Folder) -> None:
    text = "version: 0.1\nprod:\n  deploy:\n    parameters: {stack_name: time-production}\n"
    root = folder({"samconfig.yaml": text})
    assert run(["init", str(root)]) == 0
    assert written(root)["stages"] == [{"prod": {"stack": "time-production", "approval": True}}]


def test_the_default_environment_is_suggested_for_prod_and_the_suggestion_works(folder: Folder) -> None:
    root = folder({"samconfig.toml": '[default.deploy.parameters]\nstack_name = "time"\n'})
    assert run(["init", str(root)]) == 0
    assert "stages" not in written(root)
    file = root / "pipeline.yaml"
    head, mark, suggestion = file.read_text(encoding="utf-8").partition("# stages:")
    assert head.endswith("# samconfig.toml deploys to the stack time. To have prod take it over:\n")
    file.write_text(head + (mark + suggestion).replace("# ", ""), encoding="utf-8")
    compiled = compile_file(file, "pipeline.yaml", Repository(root))
    assert [stage.stack for stage in compiled.pipeline.stages] == [
        "${ServiceName}-beta",
        "${ServiceName}-gamma",
        "time",
    ]


def test_the_suggestion_continues_the_stages_there_are(folder: Folder) -> None:
    text = '[default.deploy.parameters]\nstack_name = "time"\n[qa.deploy.parameters]\nstack_name = "time-qa"\n'
    root = folder({"samconfig.toml": text})
    assert run(["init", str(root)]) == 0
    file = root / "pipeline.yaml"
    head, mark, suggestion = file.read_text(encoding="utf-8").partition("#   - prod:")
    file.write_text(head + (mark + suggestion).replace("# ", ""), encoding="utf-8")
    compiled = compile_file(file, "pipeline.yaml", Repository(root))
    assert [(stage.word, stage.stack) for stage in compiled.pipeline.stages] == [("qa", "time-qa"), ("prod", "time")]


@pytest.mark.parametrize("stack", ["time-service-beta", "time-service-tests", "no_stack"])
def test_a_stack_that_prod_cannot_take_over_is_not_suggested(stack: str, folder: Folder) -> None:
    root = folder({"samconfig.toml": f'[default.deploy.parameters]\nstack_name = "{stack}"\n'})
    assert run(["init", str(root)]) == 0
    assert stack not in (root / "pipeline.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[default", "samconfig.toml was not read"),
        ('[tests.deploy.parameters]\nstack_name = "a"\n', "environment tests did not become a stage"),
        ('[qa.deploy.parameters]\nstack_name = "a_b"\n', "'a_b' is no stack's name"),
        (
            '[a.deploy.parameters]\nstack_name = "x"\n[b.deploy.parameters]\nstack_name = "X"\n',
            "the stack X belongs to another stage",
        ),
        (
            '[a-b.deploy.parameters]\nstack_name = "x"\n[ab.deploy.parameters]\nstack_name = "y"\n',
            "environment ab did not become a stage",
        ),
        ('[qa.deploy.parameters]\nstack_name = "time-service-pipeline"\n', "belongs to another stage"),
    ],
)
def test_what_cannot_be_a_stage_is_said_and_left_out(
    text: str, said: str, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", str(folder({"samconfig.toml": text}))]) == 0
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("word", sorted(stages._RESERVED))
def test_words_the_pipeline_keeps_for_itself_are_left_out(word: str, folder: Folder) -> None:
    root = folder({"samconfig.toml": f'[{word}.deploy.parameters]\nstack_name = "a"\n'})
    assert run(["init", str(root)]) == 0
    assert "stages" not in written(root)


@pytest.mark.parametrize("text", ["qa = 1", "[qa]\ndeploy = 2", "[qa.deploy]\nparameters = 3", "qa = [1]"])
def test_a_configuration_of_another_shape_says_nothing(text: str, folder: Folder) -> None:
    root = folder({"samconfig.toml": text})
    assert run(["init", str(root)]) == 0
    assert "stages" not in written(root)


# Whatever it finds, the file it writes is one that Penstock takes


@pytest.mark.parametrize(
    ("name", "legal"),
    [
        ("time-service", "time-service"),
        ("Time_Service", "time-service"),
        ("2048 game", "game"),
        ("a-very-long-name-of-a-service", "a-very-long-name-of"),
        ("Größe", "gr-e"),
        ("123", ""),
        ("---", ""),
    ],
)
def test_a_name_becomes_legal(name: str, legal: str) -> None:
    assert names.service_name(name) == legal


PLAIN = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40)
# The least that git takes for a repository.
GIT = {"HEAD": "ref: refs/heads/main\n", "config": '[remote "origin"]\n\turl = https://github.com/{}.git\n'}
TOML_KEYS = st.text(st.sampled_from("abAB01-_"), min_size=1, max_size=25)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    repository=st.from_regex(r"[A-Za-z0-9._-]{1,30}/[A-Za-z0-9._-]{1,30}", fullmatch=True),
    environments=st.dictionaries(TOML_KEYS, PLAIN, max_size=4),
    output=st.one_of(st.none(), st.sampled_from(["Yes", "null", "ApiUrl", "on", "1e3", "Out"])),
)
def test_whatever_it_finds_the_file_compiles(
    repository: str, environments: dict[str, str], output: str | None, tmp_path: Path
) -> None:
    # Every example overwrites what the one before has left.
    root = tmp_path
    (root / ".git").mkdir(exist_ok=True)
    for name, text in GIT.items():
        (root / ".git" / name).write_text(text.format(repository), encoding="utf-8")
    (root / ".git" / "objects").mkdir(exist_ok=True)
    (root / ".git" / "refs").mkdir(exist_ok=True)
    stacks = (
        name + ".deploy.parameters]\nstack_name = '" + text.replace("'", "") for name, text in environments.items()
    )
    (root / "samconfig.toml").write_text("".join(f"[{one}'\n" for one in stacks), encoding="utf-8")
    shown = f"'{output}': {{Value: https://a}}" if output else "HelloArn: {Value: !GetAtt Hello.Arn}"
    (root / "app-sam.yaml").write_text(APP.replace("HelloArn: {Value: !GetAtt Hello.Arn}", shown), encoding="utf-8")
    found = look(Repository(root))
    file = root / "pipeline.yaml"
    file.write_text(writing.pipeline_file(found, writing.SCHEMA_FILE), encoding="utf-8")
    compiled = compile_file(file, "pipeline.yaml", Repository(root))
    assert compiled.pipeline.service == found.service
    assert [stage.word for stage in compiled.pipeline.stages if found.stages.adopted] == [
        stage.word for stage in found.stages.adopted
    ]


def test_the_file_names_the_shipped_schema_until_the_repository_has_one(folder: Folder) -> None:
    root = folder()
    assert run(["init", str(root)]) == 0
    modeline = (root / "pipeline.yaml").read_text(encoding="utf-8").splitlines()[0]
    uri = modeline.removeprefix("# yaml-language-server: $schema=")
    assert Path(uri.removeprefix("file://")).read_bytes() == writing.SHIPPED_SCHEMA.read_bytes()


def test_the_file_names_the_repositorys_own_schema(folder: Folder) -> None:
    root = folder({"pipeline.schema.json": "{}"})
    assert run(["init", str(root)]) == 0
    lines = (root / "pipeline.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["# yaml-language-server: $schema=pipeline.schema.json", "service: time-service"]


# Without git


def without_git(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    empty = tmp_path / "no-programs"
    empty.mkdir()
    command = [sys.executable, "-c", "from generator.cli.main import main; main()", "init", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, env={**os.environ, "PATH": str(empty)})


def test_without_git_the_file_is_written_and_the_lack_said(tmp_path: Path) -> None:
    (tmp_path / "repository").mkdir()
    done = without_git(tmp_path, str(tmp_path / "repository"))
    assert done.returncode == 0
    assert "the remote is not known: git is not installed" in done.stderr
    assert "codecommit" in written(tmp_path / "repository")["source"]


def test_without_git_a_blueprint_is_copied_and_the_lack_said(tmp_path: Path) -> None:
    done = without_git(tmp_path, str(tmp_path / "new"), "--blueprint", "time-service-python")
    assert (done.returncode, done.stderr) == (0, "")
    assert "git      no git repository: git is not installed\n" in done.stdout
    assert (tmp_path / "new" / "pipeline.yaml").exists()


# From a blueprint


def test_a_blueprint_becomes_a_repository_of_its_own_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "teams" / "World_Clock"
    assert run(["init", str(target), "--blueprint", "time-service-python"]) == 0
    assert capsys.readouterr().out == (
        f"made {target} out of the blueprint time-service-python\n"
        "  service  world-clock\n"
        "  git      a git repository on branch main, nothing committed yet\n"
        f"next: cd {target} && penstock check\n"
    )
    data = written(target)
    assert data["service"] == "world-clock"
    assert data["source"] == {"codecommit": {"repository": "world-clock"}}
    copied = tree(target)
    assert copied.pop("pipeline.schema.json") == writing.SHIPPED_SCHEMA.read_bytes()
    assert copied["pipeline.yaml"].startswith(b"# yaml-language-server: $schema=pipeline.schema.json\n")
    assert copied.keys() == tree_without_rubbish(blueprints.blueprint("time-service-python"))
    assert git.branch(target) == "main"
    assert "World_Clock" in str(git.top(target))
    compiled = compile_file(target / "pipeline.yaml", "pipeline.yaml", Repository(target))
    assert compiled.problems == ()


def tree_without_rubbish(blueprint: Path) -> set[str]:
    return {path for path in tree(blueprint) if "__pycache__" not in path and not path.startswith(".pytest_cache")}


def test_the_next_command_can_be_copied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path / "my clock"), "--blueprint", "time-service-python"]) == 0
    assert capsys.readouterr().out.endswith(f"next: cd '{tmp_path}/my clock' && penstock check\n")
    assert run(["check", str(tmp_path / "my clock" / "pipeline.yaml")]) == 0


def test_the_instructions_name_the_new_services_stack(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path / "clock"), "--blueprint", "time-service-python"]) == 0
    readme = (tmp_path / "clock" / "README.md").read_text(encoding="utf-8")
    assert "--stack-name clock-pipeline" in readme
    assert "time-service-pipeline" not in readme


def test_nothing_is_committed(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path / "new"), "--blueprint", "time-service-python"]) == 0
    done = subprocess.run(["git", "-C", str(tmp_path / "new"), "rev-parse", "HEAD"], check=False, capture_output=True)
    assert done.returncode != 0


def test_a_name_that_is_none_keeps_the_blueprints(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path / "2048"), "--blueprint", "time-service-python"]) == 0
    assert written(tmp_path / "2048")["service"] == "time-service"


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path), "--blueprint", "time-service-python"]) == 0


def test_a_folder_with_anything_in_it_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert run(["init", str(tmp_path), "--blueprint", "time-service-python"]) == 1
    assert tree(tmp_path) == {"notes.txt": b"mine"}
    assert capsys.readouterr().err == (f"{tmp_path} is there already and not an empty folder: nothing was changed\n")


def test_a_file_in_place_of_the_new_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "new").write_text("mine")
    assert run(["init", str(tmp_path / "new"), "--blueprint", "time-service-python"]) == 1
    assert (tmp_path / "new").read_text() == "mine"


def test_an_unknown_blueprint_names_those_there_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path / "new"), "--blueprint", "time-servce-python"]) == 2
    assert capsys.readouterr().err == (
        "there is no blueprint 'time-servce-python'\n"
        f"  hint: did you mean 'time-service-python'? blueprints: {', '.join(blueprints.blueprints())}\n"
    )
    assert not (tmp_path / "new").exists()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    blueprint = tmp_path / "blueprint"
    (blueprint / "src").mkdir(parents=True)
    (blueprint / "pipeline.yaml").write_text("service: small\nsource:\n  codecommit: {repository: small}\n")
    (blueprint / "src" / "app.py").write_text("")
    return blueprint


def interrupt(_: Path) -> str:
    raise KeyboardInterrupt


def test_an_interrupt_takes_back_what_was_made(small: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        blueprints.begin(small, tmp_path / "deep" / "er" / "new", "{}", interrupt)
    assert not (tmp_path / "deep").exists()


def test_an_interrupt_leaves_the_empty_folder_that_was_there(small: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    with pytest.raises(KeyboardInterrupt):
        blueprints.begin(small, tmp_path / "new", "{}", interrupt)
    assert [*(tmp_path / "new").iterdir()] == []


def test_a_copy_that_fails_takes_back_what_was_made(small: Path, tmp_path: Path) -> None:
    os.mkfifo(small / "pipe")
    with pytest.raises(RefusedError, match=r"new cannot be made: .*pipe.* is a named pipe"):
        blueprints.begin(small, tmp_path / "new", "{}", str)
    assert not (tmp_path / "new").exists()


def test_what_trying_a_blueprint_out_left_behind_is_not_copied(small: Path, tmp_path: Path) -> None:
    for rubbish in ("src/__pycache__", "node_modules/left-pad", ".aws-sam/build"):
        (small / rubbish).mkdir(parents=True)
        (small / rubbish / "file").write_text("")
    assert blueprints.begin(small, tmp_path / "new", "{}", str).service == "new"
    assert tree(tmp_path / "new").keys() == {"pipeline.yaml", "pipeline.schema.json", "src/app.py"}


def test_the_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "--help"]) == 0
    assert "penstock init my-service --blueprint time-service-python" in capsys.readouterr().out
