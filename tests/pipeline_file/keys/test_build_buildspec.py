"""The key `build.buildspec`, and the remark where nobody compares the templates with what is covered."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import Problem
from generator.pipeline_file import schema
from generator.pipeline_file.keys.build import buildspec
from tests.pipeline_file.keys import files

_OWN = "build: {buildspec: own.yml}"
_ROLE = "deploy_role: {arn: 'arn:aws:iam::111122223333:role/deployer'}"


def remarks(folder: Path, text: str) -> list[Problem]:
    file, pipeline = files.pipeline(f"{text}\n", folder, folder)
    return [*schema.keys().remarks(file.data, file, pipeline)]


def test_an_own_buildspec_is_a_path_and_its_own() -> None:
    file = files.written(_OWN)
    assert buildspec.read("own.yml", file) == {"buildspec": "own.yml", "own": True}
    assert buildspec.read("", file) == {"buildspec": "", "own": False}


def test_an_own_buildspec_that_does_not_exist_is_missing(tmp_path: Path) -> None:
    file = files.written(_OWN, tmp_path)
    assert files.messages(buildspec.missing("own.yml", file)) == ["error 4: there is no own.yml in the repository"]
    (tmp_path / "own.yml").write_text("version: 0.2\n")
    assert list(buildspec.missing("own.yml", file)) == []


def test_an_own_buildspec_that_compares_nothing_is_a_remark_with_the_way_to_compare(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text("phases: {build: {commands: [make]}}\n")
    (remark,) = remarks(tmp_path, _OWN)
    assert (remark.level, str(remark.place)) == ("info", "pipeline.yaml:4:20")
    assert "does not compare" in remark.message
    assert "$COVERED_TYPES" in remark.hint


def test_an_own_buildspec_that_asks_what_is_covered_is_not_remarked_upon(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text("phases: {build: {commands: ['grep -Ex \"$COVERED_TYPES\" types']}}\n")
    assert remarks(tmp_path, _OWN) == []


@pytest.mark.parametrize("more", ["", f"\n{_OWN}"])
def test_what_an_existing_role_covers_is_unknown_whoever_builds(tmp_path: Path, more: str) -> None:
    (tmp_path / "own.yml").write_text("phases: {}\n")
    (remark,) = remarks(tmp_path, _ROLE + more)
    assert (remark.level, str(remark.place)) == ("info", "pipeline.yaml:4:20")
    assert "not known here" in remark.message


@pytest.mark.parametrize("text", ["", "deploy_role: exact", "deploy_role: {scope: wide}", "build: {compute: small}"])
def test_a_build_of_ours_for_roles_of_ours_is_not_remarked_upon(tmp_path: Path, text: str) -> None:
    assert remarks(tmp_path, text) == []
