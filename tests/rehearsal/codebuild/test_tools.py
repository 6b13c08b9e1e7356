"""Tools of CodeBuild's images: taken from the machine if they work, installed once when a build calls them."""

from __future__ import annotations

import hashlib
import re
import subprocess
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from generator.errors import RefusedError
from generator.rehearsal.codebuild.cache import make_once
from generator.rehearsal.codebuild.job import Host
from generator.rehearsal.codebuild.tools import ASKED, TOOLS, StandIns, Tool, answers, provide
from tests.rehearsal.codebuild.build_runner import BuildRunner

NO_HASH = "0" * 64
BARE = "/usr/bin:/bin"


def program(file: Path, script: str) -> Path:
    """A program."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return file


def installed(cache: Path, name: str, script: str) -> Path:
    """A tool as it lies in the cache once it was installed."""
    environment = cache / "tools" / TOOLS[name].folder
    program(environment / "bin" / "python", "true")
    (environment / ".whole").touch()
    return program(environment / "bin" / name, script)


@pytest.mark.parametrize(("script", "works"), [("echo aws-cli/1", True), ("exit 127", False)])
def test_a_tool_is_tried_and_not_trusted(tmp_path: Path, script: str, works: bool) -> None:
    assert answers(str(program(tmp_path / "aws", script)), {}) is works


def test_a_tool_that_cannot_be_started_does_not_answer(tmp_path: Path) -> None:
    assert not answers(str(tmp_path / "nothing"), {})


def test_the_machines_own_tool_is_taken_if_it_works(tmp_path: Path) -> None:
    own = program(tmp_path / "bin" / "aws", "echo mine")
    installed(tmp_path / "cache", "aws", "echo ours")
    assert provide(TOOLS["aws"], tmp_path / "cache", {"PATH": str(tmp_path / "bin")}, print) == own


def test_a_shim_that_does_not_work_gives_way_to_the_installed_tool(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "aws", "exit 127")
    ours = installed(tmp_path / "cache", "aws", "echo ours")
    assert provide(TOOLS["aws"], tmp_path / "cache", {"PATH": str(tmp_path / "bin")}, print) == ours


@pytest.fixture
def own_cache(tmp_path: Path, cache: Path) -> Path:
    """A cache of its own, but for pip, which takes seconds to make."""
    pip, own = cache / "pip", tmp_path / "cache"
    pip.mkdir(parents=True, exist_ok=True)
    own.mkdir()
    (own / "pip").symlink_to(pip)
    return own


def locked(folder: Path, line: str) -> Tool:
    """A tool whose lock has one line."""
    lock = folder / "lock.txt"
    lock.write_text(f"{line}\n")
    return Tool("nosuchtool", "no time", "it by hand", lock)


def test_a_tool_that_cannot_be_installed_is_named_with_what_to_install(own_cache: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    tool = locked(tmp_path, f"nosuchtool-of-penstock==1 --hash=sha256:{NO_HASH}")
    offline = {"PATH": BARE, "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": "/dev/null"}
    with pytest.raises(RefusedError, match=r"nosuchtool is missing and could not be installed \(.+\): install it"):
        provide(tool, own_cache, offline, lines.append)
    assert lines == ["nosuchtool is not on this machine: installing it (no time, once)"]
    assert not (own_cache / "tools" / tool.folder / ".whole").exists()


def wheel(folder: Path) -> Path:
    """A package index of one wheel, made here."""
    file = folder / "nosuchtool-1-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("nosuchtool-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: nosuchtool\nVersion: 1\n")
        archive.writestr("nosuchtool-1.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("nosuchtool-1.dist-info/RECORD", "")
    return file


@pytest.mark.parametrize("changed", [False, True], ids=["as locked", "another"])
def test_only_what_the_lock_has_the_hash_of_is_installed(changed: bool, own_cache: Path, tmp_path: Path) -> None:
    file = wheel(tmp_path)
    digest = NO_HASH if changed else hashlib.sha256(file.read_bytes()).hexdigest()
    tool = locked(tmp_path, f"nosuchtool==1 --hash=sha256:{digest}")
    here = {"PATH": BARE, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path), "PIP_CONFIG_FILE": "/dev/null"}
    if not changed:
        assert provide(tool, own_cache, here, print).parent.name == "bin"
        return
    with pytest.raises(RefusedError, match="could not be installed"):
        provide(tool, own_cache, here, print)


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
def test_every_distribution_of_a_lock_has_one_version_and_hashes(tool: Tool) -> None:
    entries = tool.lock.read_text().replace("\\\n", " ").splitlines()
    assert len(entries) > 5
    assert [entry for entry in entries if not re.match(r"[a-z0-9.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", entry)] == []


def stand_ins(
    folder: Path, variables: dict[str, str], say: Callable[[str], None] = print, endpoint: str = ""
) -> StandIns:
    return StandIns(folder / "stand", folder / "cache", variables, say, endpoint=endpoint)


def stand_in(folder: Path, cache: Path, name: str, path: str) -> subprocess.CompletedProcess[str]:
    """What comes of calling a stand-in."""
    return subprocess.run(
        [folder / name, "s3", "ls"], env={"PATH": path}, capture_output=True, text=True, check=False, cwd=cache.parent
    )


def test_a_stand_in_leads_to_the_tool_and_passes_its_arguments(tmp_path: Path) -> None:
    installed(tmp_path / "cache", "sam", 'echo "ours $@"; exit 5')
    folder = stand_ins(tmp_path, {"PATH": BARE}).folder
    done = stand_in(folder, tmp_path / "cache", "sam", BARE)
    assert (done.stdout, done.stderr, done.returncode) == ("ours s3 ls\n", "", 5)


@pytest.mark.parametrize(("own", "seen"), [({}, "http://door"), ({"AWS_ENDPOINT_URL": "http://own"}, "http://own")])
def test_a_stand_in_leads_its_tool_to_the_emulator_unless_the_build_leads_it_elsewhere(
    own: dict[str, str], seen: str, tmp_path: Path
) -> None:
    installed(tmp_path / "cache", "aws", 'echo "$AWS_ENDPOINT_URL"')
    folder = stand_ins(tmp_path, {"PATH": BARE}, endpoint="http://door").folder
    done = subprocess.run([folder / "aws"], env={"PATH": BARE, **own}, capture_output=True, text=True, check=True)
    assert done.stdout == f"{seen}\n"


def test_a_stand_in_looks_for_its_tool_once(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    own = program(tmp_path / "bin" / "sam", f'echo "$1" >> {calls}')
    folder = stand_ins(tmp_path, {"PATH": f"{own.parent}:{BARE}"}).folder
    for _ in range(2):
        stand_in(folder, tmp_path / "cache", "sam", BARE)
    assert calls.read_text().split() == ["--version", "s3", "s3"]


def test_a_build_chooses_neither_what_is_installed_nor_from_where(tmp_path: Path) -> None:
    """Its HOME and its downloads are its own to fill, and a tool is there for the builds to come."""
    seen = tmp_path / "seen"
    own = program(tmp_path / "bin" / "sam", f'[ "$1" = --version ] && echo "$HOME $PIP_CACHE_DIR" > {seen}; true')
    theirs = {"HOME": "/builds", "PIP_CACHE_DIR": "/builds/downloads", "PATH": f"{own.parent}:{BARE}"}
    stand_in(stand_ins(tmp_path, theirs).folder, tmp_path / "cache", "sam", BARE)
    assert "/builds" not in seen.read_text()


def test_what_is_asked_for_and_is_no_tool_is_left_alone(tmp_path: Path) -> None:
    installed(tmp_path / "cache", "sam", "echo ours")
    result = stand_ins(tmp_path, {"PATH": BARE})
    (result.folder / ASKED).write_text("\n../sam\n\n")
    assert stand_in(result.folder, tmp_path / "cache", "sam", BARE).stdout == "ours\n"
    assert sorted(file.name for file in result.folder.iterdir()) == ["asked", "aws", "sam", "sam.found"]


def test_a_stand_in_that_finds_nothing_says_what_to_install(own_cache: Path, tmp_path: Path) -> None:
    variables = {"PATH": BARE, "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": "/dev/null"}
    lines: list[str] = []
    folder = stand_ins(tmp_path, variables, lines.append).folder
    done = stand_in(folder, own_cache, "sam", BARE)
    assert done.returncode == 127
    assert "sam is not on this machine: installing it (about half a minute, once)" in lines[0]
    assert "install the SAM CLI" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_build_that_calls_no_tool_looks_for_none(runner: BuildRunner) -> None:
    spec = "version: 0.2\nphases: {build: {commands: ['command -v sam', 'ls $(dirname $(command -v sam))']}}\n"
    ended = runner.build(spec)
    assert ended.status == "SUCCEEDED"
    assert runner.output()[1:] == ["asked", "aws", "sam"]


def test_a_tool_the_build_installs_itself_comes_first(runner: BuildRunner) -> None:
    spec = """
version: 0.2
phases:
  build:
    commands:
    - printf '#!/bin/sh\\necho its own' > $VIRTUAL_ENV/bin/aws
    - chmod +x $VIRTUAL_ENV/bin/aws
    - aws
"""
    runner.build(spec)
    assert runner.output() == ["its own"]


def test_two_that_want_a_tool_at_once_make_it_once(tmp_path: Path) -> None:
    began: list[Path] = []
    both = threading.Barrier(2)

    def make(folder: Path) -> None:
        began.append(folder)
        (folder / "tool").write_text("whole")

    def want() -> None:
        both.wait()
        assert (make_once(tmp_path / "tool", make) / "tool").read_text() == "whole"

    threads = [threading.Thread(target=want) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert began == [tmp_path / "tool"]


def test_a_build_writes_to_what_is_its_own_and_to_downloads_only(host: Host, outside_tmp: Path) -> None:
    cache, outside = outside_tmp / "cache", outside_tmp / "outside"
    for folder in ("tools", "answers"):
        (cache / folder).mkdir(parents=True)
    # What every build needs takes seconds to make.
    for entry in [*host.cache.glob("codebuild-*"), *host.cache.glob("pip")]:
        (cache / entry.name).symlink_to(entry)
    runner = BuildRunner(outside_tmp, replace(host, cache=cache))
    spec = f"""
version: 0.2
phases:
  build:
    commands:
    - echo x > own && echo x > ../own && echo x > $HOME/own && echo x > $TMPDIR/own && echo x > {cache}/downloads/own
    - "! touch {cache}/tools/new && ! touch {cache}/answers/new && ! touch {outside} && ! echo > $(command -v sam)"
"""
    ended = runner.build(spec)
    assert ended.status == "SUCCEEDED", ended.log
    assert not outside.exists()
