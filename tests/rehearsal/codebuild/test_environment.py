"""The environment of a build: what it is told, what it inherits, and what stays outside."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from generator.rehearsal.codebuild.environment import codebuild_variables, inherit, without_virtual_environments
from tests.rehearsal.codebuild.build_runner import IDENTITY, BuildRunner

SHOW = "version: 0.2\nphases: {build: {commands: [env -0 > $OUT]}}\n"


def environment_of(runner: BuildRunner) -> dict[str, str]:
    """The environment the commands of a build see."""
    out = runner.shared / "env"
    ended = runner.build(SHOW.replace("$OUT", str(out)))
    assert ended.status == "SUCCEEDED"
    entries = out.read_text().split("\0")
    return dict(entry.split("=", 1) for entry in entries if entry)


def test_codebuilds_own_variables_are_there(runner: BuildRunner) -> None:
    seen = environment_of(runner)
    codebuild_own = {name: value for name, value in seen.items() if name.startswith("CODEBUILD_")}
    source = codebuild_own.pop("CODEBUILD_SRC_DIR")
    assert source.endswith("/src")
    assert codebuild_own.pop("CODEBUILD_BUILD_ID").startswith("time-service:")
    assert codebuild_own == {
        "CODEBUILD_BUILD_ARN": IDENTITY.build_arn,
        "CODEBUILD_BUILD_IMAGE": "aws/codebuild/standard:7.0",
        "CODEBUILD_BUILD_NUMBER": "7",
        "CODEBUILD_BUILD_SUCCEEDING": "1",
        "CODEBUILD_CI": "true",
        "CODEBUILD_INITIATOR": "codepipeline/time-service",
        "CODEBUILD_KMS_KEY_ID": "alias/aws/s3",
        "CODEBUILD_LOG_PATH": "0000",
        "CODEBUILD_PROJECT_ARN": IDENTITY.project_arn,
        "CODEBUILD_RESOLVED_SOURCE_VERSION": "abc123",
        "CODEBUILD_START_TIME": "1700000000000",
    }


def test_a_source_without_a_version_has_no_variable_for_it() -> None:
    variables = codebuild_variables(replace(IDENTITY, resolved_source_version=""), Path("/src"), {"Other": Path("/o")})
    assert "CODEBUILD_RESOLVED_SOURCE_VERSION" not in variables
    assert variables["CODEBUILD_SRC_DIR_Other"] == "/o"


def test_home_and_temporary_files_are_the_builds_own(runner: BuildRunner) -> None:
    seen = environment_of(runner)
    for name in ("HOME", "TMPDIR", "NPM_CONFIG_PREFIX"):
        assert Path(seen[name]).is_relative_to(runner.folder / "build1")


ASK = """
import os, urllib.request
request = urllib.request.Request(os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"])
request.add_header("Authorization", os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"])
print("EXAMPLEKEY" in urllib.request.urlopen(request).read().decode())
"""


def test_a_build_gets_the_keys_of_its_role_from_the_address_of_its_container(runner: BuildRunner) -> None:
    runner.build("version: 0.2\nphases: {build: {commands: [python3 ask.py]}}\n", {"ask.py": ASK})
    assert runner.output() == ["True"]
    assert "AWS_ACCESS_KEY_ID" not in environment_of(runner)


def test_only_who_has_the_token_gets_them(runner: BuildRunner) -> None:
    spec = "version: 0.2\nphases: {build: {commands: [AWS_CONTAINER_AUTHORIZATION_TOKEN=x python3 ask.py]}}\n"
    ended = runner.build(spec, {"ask.py": ASK})
    assert ended.status == "FAILED"
    assert any("403" in line for line in runner.output())


def test_what_a_command_unsets_stays_unset(runner: BuildRunner) -> None:
    runner.build("version: 0.2\nphases: {build: {commands: [unset AWS_REGION LANG, 'echo ${AWS_REGION-}${LANG-}.']}}\n")
    assert runner.output() == ["."]


def test_what_the_emulator_gives_a_child_program_reaches_the_build(runner: BuildRunner) -> None:
    doors = {
        "AWS_CA_BUNDLE": "/ca.pem",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_REGION": "eu-west-1",
        "NO_PROXY": "127.0.0.1",
    }
    runner.host = replace(runner.host, variables={**runner.host.variables, **doors})
    assert environment_of(runner).items() >= doors.items()


def test_no_endpoint_turns_fakes_of_aws_away_from_themselves(runner: BuildRunner) -> None:
    endpoint = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}
    runner.host = replace(runner.host, variables={**runner.host.variables, **endpoint})
    assert "AWS_ENDPOINT_URL" not in environment_of(runner)


def test_where_packages_come_from_is_passed_and_where_they_go_is_not(tmp_path: Path) -> None:
    environ = {
        "PATH": "/bin",
        "HOME": str(tmp_path),
        "PIP_INDEX_URL": "https://pypi.example/simple",
        "PIP_TARGET": "/somewhere",
        "PIP_USER": "1",
        "UV_INDEX_PRIVATE_URL": "https://uv.example",
        "UV_PROJECT_ENVIRONMENT": "/somewhere",
        "npm_config_registry": "https://npm.example",
        "NPM_CONFIG_PREFIX": "/somewhere",
        "npm_config_//npm.example/:_authToken": "t0ken",
        "HTTPS_PROXY": "http://proxy:3128",
        "XDG_CACHE_HOME": "/somewhere",
        "PYENV_ROOT": "/pyenv",
        "SHELL": "/bin/fish",
    }
    kept = inherit(environ, Path("/build/home"), Path("/cache")).variables
    assert kept["PIP_INDEX_URL"] == "https://pypi.example/simple"
    assert kept["npm_config_registry"] == "https://npm.example"
    assert kept["npm_config_//npm.example/:_authToken"] == "t0ken"
    assert kept["UV_INDEX_PRIVATE_URL"] == "https://uv.example"
    assert kept["HTTPS_PROXY"] == "http://proxy:3128"
    assert kept["HOME"] == "/build/home"
    assert kept["PYENV_ROOT"] == "/pyenv"
    assert "/somewhere" not in kept.values()
    assert not {"PIP_TARGET", "PIP_USER", "XDG_CACHE_HOME", "SHELL"} & kept.keys()


def test_downloads_are_kept_from_build_to_build(tmp_path: Path) -> None:
    kept = inherit({"PATH": "/bin"}, tmp_path, Path("/cache")).variables
    assert kept["PIP_CACHE_DIR"] == "/cache/downloads/pip"
    assert kept["NPM_CONFIG_CACHE"] == "/cache/downloads/npm"


def test_a_cache_of_the_users_is_not_a_builds_to_fill(tmp_path: Path) -> None:
    environ = {"PATH": "/bin", "PIP_CACHE_DIR": "/mine", "npm_config_cache": "/mine", "UV_CACHE_DIR": "/mine"}
    assert "/mine" not in inherit(environ, tmp_path, Path("/cache")).variables.values()


def test_the_users_own_pip_conf_is_found_and_its_secrets_hidden(tmp_path: Path) -> None:
    (tmp_path / ".config" / "pip").mkdir(parents=True)
    pip = tmp_path / ".config" / "pip" / "pip.conf"
    pip.write_text("[global]\nindex-url = https://me:s3cret@pypi.example/simple\n")
    inherited = inherit({"HOME": str(tmp_path), "PATH": "/bin"}, Path("/build"), Path("/cache"))
    assert inherited.variables["PIP_CONFIG_FILE"] == str(pip)
    assert inherited.secrets == {"s3cret"}


def test_a_user_without_registry_files_has_no_variables_for_them(tmp_path: Path) -> None:
    kept = inherit({"HOME": str(tmp_path), "PATH": "/bin"}, Path("/build"), Path("/cache")).variables
    assert "PIP_CONFIG_FILE" not in kept


def test_programs_of_virtual_environments_are_not_on_the_path(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "pyvenv.cfg").touch()
    assert without_virtual_environments(f"{tmp_path}/bin:/usr/bin::/bin") == "/usr/bin:/bin"


@pytest.mark.parametrize("kind", ["PIP_INDEX_URL", "HTTPS_PROXY"])
def test_a_password_in_a_setting_does_not_show_in_the_log(runner: BuildRunner, kind: str) -> None:
    environ = {kind: "https://me:pa55word@registry.example/simple"}
    runner.host = replace(runner.host, variables={**runner.host.variables, **environ})
    runner.build(f"version: 0.2\nphases: {{build: {{commands: ['echo ${kind}']}}}}\n")
    assert runner.output() == ["https://me:***@registry.example/simple"]
