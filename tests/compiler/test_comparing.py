"""A build that does not compare the templates with what is covered is remarked upon, and never more than that."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.compiler.comparing import remarks
from generator.document import PIPELINE_FILE, parse
from generator.errors import Problem
from generator.repository.files import Repository

_OWN = "build: {buildspec: own.yml}"
_ROLE = "deploy_role: {arn: 'arn:aws:iam::111122223333:role/deployer'}"


def said(folder: Path, written: str) -> list[Problem]:
    file = parse(f"service: x\n{written}\n", "pipeline.yaml", PIPELINE_FILE)
    return [*remarks(file, Repository(folder))]


def test_an_own_buildspec_that_compares_nothing_is_a_remark_with_the_way_to_compare(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text("phases: {build: {commands: [make]}}\n")
    (remark,) = said(tmp_path, _OWN)
    assert (remark.level, str(remark.place)) == ("info", "pipeline.yaml:2:20")
    assert "does not compare" in remark.message
    assert "$COVERED_TYPES" in remark.hint


def test_an_own_buildspec_that_asks_what_is_covered_is_not_remarked_upon(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text("phases: {build: {commands: ['grep -Ex \"$COVERED_TYPES\" types']}}\n")
    assert said(tmp_path, _OWN) == []


@pytest.mark.parametrize("more", ["", f"\n{_OWN}"])
def test_what_an_existing_role_covers_is_said_to_be_unknown_whoever_builds(tmp_path: Path, more: str) -> None:
    (tmp_path / "own.yml").write_text("phases: {}\n")
    (remark,) = said(tmp_path, _ROLE + more)
    assert (remark.level, str(remark.place)) == ("info", "pipeline.yaml:2:20")
    assert "not known here" in remark.message


@pytest.mark.parametrize("written", ["", "deploy_role: exact", "deploy_role: {scope: wide}", "build: {compute: small}"])
def test_a_build_of_ours_for_roles_of_ours_is_not_remarked_upon(tmp_path: Path, written: str) -> None:
    assert said(tmp_path, written) == []
