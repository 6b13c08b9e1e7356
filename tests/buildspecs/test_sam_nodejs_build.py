"""What a build installs for Node.js, and what it leaves to `sam build`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.buildspecs.builds import FOLDER, Build, packed, run, zip_of
from tests.buildspecs.conftest import Repository, function

NODE = {"app-sam.yaml": function("nodejs22.x")}
TESTED = Build({"UNIT_TEST_COMMAND": "true"})


@pytest.mark.parametrize(
    ("lock", "command"),
    [("package-lock.json", "ci"), ("npm-shrinkwrap.json", "ci"), ("bun.lock", "install")],
)
def test_a_lock_file_is_kept_to_where_there_is_one(lock: str, command: str, repository: Repository) -> None:
    done = run(TESTED, repository({**NODE, "src/package.json": "{}", f"src/{lock}": ""}))
    assert done.status == 0, done.log
    command = f"/src|{command} --no-audit --no-fund"
    assert done.of("npm") == [f"{command} --no-workspaces", f"{command} --omit=dev --no-workspaces"]


def test_a_lock_file_of_another_manager_is_kept_to_by_that_manager(repository: Repository) -> None:
    lock = {"src/pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}
    done = run(TESTED, repository({**NODE, "src/package.json": "{}", **lock}))
    assert done.status == 0, done.log
    assert not done.of("npm")
    command = "/src|--yes pnpm@10.34.8 install --frozen-lockfile --config.node-linker=hoisted"
    assert done.of("npx") == [command, f"{command} --prod"]


def test_the_root_gets_its_packages_for_the_unit_tests_and_not_for_packaging(repository: Repository) -> None:
    done = run(TESTED, repository({**NODE, "package.json": "{}", "package-lock.json": "{}"}))
    assert done.of("npm") == ["|ci --no-audit --no-fund"]


def test_folders_above_the_code_and_of_tests_beside_it_get_theirs_for_the_unit_tests(repository: Repository) -> None:
    files = {
        "app-sam.yaml": function("nodejs22.x", "backend/src"),
        "backend/src/a.js": "",
        "backend/package.json": "{}",
    }
    done = run(TESTED, repository({**files, "backend/tests/package.json": "{}", "frontend/package.json": "{}"}))
    assert [call.partition("|")[0] for call in done.of("npm")] == ["/backend", "/backend/tests"]


def test_what_development_needs_is_gone_before_a_function_at_the_root_is_packed(repository: Repository) -> None:
    files = {"app-sam.yaml": function("nodejs22.x", "./"), "package.json": "{}"}
    done = run(TESTED, repository(files))
    assert [call.partition("|")[0] for call in done.calls] == ["npm", "npm", "aws"]
    assert done.of("npm") == ["|install --no-audit --no-fund", "|install --no-audit --no-fund --omit=dev"]


def test_packages_that_cannot_be_installed_stop_the_build(repository: Repository) -> None:
    done = run(Build({"FAILS": "npm"}), repository({**NODE, "src/package.json": "{}"}))
    assert done.status == 1
    assert len(done.of("npm")) == 1
    assert not done.of("aws")


def test_the_packages_of_a_layer_lie_in_its_folder_nodejs(repository: Repository) -> None:
    layer = "{Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer, CompatibleRuntimes: [nodejs22.x]}}"
    done = run(Build(), repository({"app-sam.yaml": f"Resources: {{L: {layer}}}\n", "layer/nodejs/package.json": "{}"}))
    assert done.of("npm") == ["/layer/nodejs|install --no-audit --no-fund --omit=dev --no-workspaces"]


def test_functions_in_both_languages_get_the_packages_of_theirs(repository: Repository) -> None:
    other = "  Other: {Type: AWS::Serverless::Function, Properties: {CodeUri: node, Runtime: nodejs22.x}}\n"
    files = {"app-sam.yaml": function() + other, "node/package.json": "{}", "src/requirements.txt": "tzdata\n"}
    done = run(Build(), repository(files))
    assert [call.partition("|")[0] for call in done.of("npm")] == ["/node"]
    assert [call.partition("|")[0] for call in done.of("pip")] == ["/src"]


def test_what_asks_for_a_build_of_its_own_is_built_by_sam_and_nothing_else(repository: Repository) -> None:
    own = (
        "Globals: {Function: {Runtime: nodejs22.x, Timeout: 3}}\n"
        "Parameters: {Minify: {Type: String, Default: 'true'}}\n"
        "Resources:\n"
        "  Api:\n    Type: AWS::Serverless::Function\n"
        "    Properties: {CodeUri: src/, Handler: app.handler, Role: !GetAtt Role.Arn, Layers: [!Ref Libs]}\n"
        "    Metadata: {BuildMethod: esbuild, BuildProperties: {Minify: !Ref Minify, EntryPoints: [app.ts]}}\n"
        "  Libs:\n    Type: AWS::Serverless::LayerVersion\n"
        "    Properties: {ContentUri: libs}\n    Metadata: {BuildMethod: makefile}\n"
        "  Plain: {Type: AWS::Serverless::Function, Properties: {CodeUri: src/}}\n"
    )
    source = repository({"deploy/app.yaml": own, "deploy/src/app.ts": "", "deploy/libs/Makefile": ""})
    done = run(Build({"APP_TEMPLATE": "deploy/app.yaml"}), source)
    assert done.status == 0, done.log
    [call] = done.of("sam")
    assert call.startswith("/deploy|build --template-file .sam-build.json --build-dir ")
    assert packed(source, "Api") == packed(source, "Libs") == ["built"]
    assert packed(source, "Plain") == ["app.ts"]
    assert not (source / "deploy/.sam-build.json").exists()


@pytest.mark.parametrize(
    ("package", "installed"),
    [
        ("", ["esbuild@0.28"]),
        ("{}", ["esbuild@0.28"]),
        ('{"devDependencies": {"esbuild": "^0.25.1"}}', ["esbuild@^0.25.1"]),
        ('{"dependencies": {"esbuild": "^0.25.1"}}', []),
    ],
)
def test_esbuild_is_installed_where_the_packages_that_sam_installs_do_not_bring_it(
    package: str, installed: list[str], repository: Repository
) -> None:
    asked = function("nodejs22.x") + "    Metadata: {BuildMethod: esbuild}\n"
    files = {"app-sam.yaml": asked, "src/app.ts": "", **({"src/package.json": package} if package else {})}
    done = run(Build(), repository(files))
    assert done.status == 0, done.log
    calls = [call for call in done.of("npm") if "--prefix" in call]
    assert [call.rpartition(" ")[2] for call in calls] == installed


def test_a_build_that_sam_cannot_make_stops_the_build(repository: Repository) -> None:
    makefile = function("nodejs22.x") + "    Metadata: {BuildMethod: makefile}\n"
    done = run(Build({"FAILS": "sam"}), repository({"app-sam.yaml": makefile}))
    assert done.status == 3
    assert not done.of("aws")


def test_sam_is_told_what_decides_a_build_with_what_globals_hold(repository: Repository) -> None:
    makefile = function("nodejs22.x") + "    Metadata: {BuildMethod: makefile, N: 3}\n"
    source = repository({"app-sam.yaml": f"Globals: {{Function: {{Architectures: [arm64]}}}}\n{makefile}"})
    assert run(Build(), source).status == 0
    with zipfile.ZipFile(zip_of(source, "Hello")) as archive:
        parsed = json.loads(archive.read("built"))
    properties = {"CodeUri": "src/", "Runtime": "nodejs22.x", "Handler": "hello.handler", "Architectures": ["arm64"]}
    metadata = {"BuildMethod": "makefile", "N": 3}
    assert parsed == {"Type": "AWS::Serverless::Function", "Metadata": metadata, "Properties": properties}


def test_services_of_one_build_get_the_packages_of_a_folder_they_share_once(
    repository: Repository, tmp_path: Path
) -> None:
    source, notes, npm = repository({**NODE, "package.json": "{}"}), tmp_path / "notes", tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text(f'#!/bin/sh\necho "$*" >> {notes}\n')
    npm.chmod(0o755)
    environment = {"PATH": f"{npm.parent}:{os.environ['PATH']}", "BUILD_SCRIPTS": str(tmp_path)}
    program = [sys.executable, str(FOLDER / "sam" / "packages.py"), "whole-repository"]
    lists: list[str] = []
    for lock in ("", "", "package-lock.json"):
        if lock:
            (source / lock).touch()
        subprocess.run(program, cwd=source, env=environment, check=True)
        lists.append(notes.read_text())
    install = "install --no-audit --no-fund\n"
    # What is to be installed otherwise is installed again.
    assert lists == [install, install, f"{install}ci --no-audit --no-fund\n"]
