"""What is packed: the same files make the same bytes, and only what belongs to the function is in it."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from bundles import pack

from tests.buildspecs.builds import Build, packed, run, zip_of
from tests.buildspecs.conftest import Repository, function

WHOLE = function().replace("      CodeUri: src/\n", "")


def test_the_same_files_make_the_same_bytes_whenever_they_were_written(tmp_path: Path, repository: Repository) -> None:
    source = repository({"src/requirements.txt": "tzdata\n", "src/b.py": "", "src/a/c.py": "x = 1\n"})
    assert run(Build(), source).status == 0
    first = zip_of(source, "Hello").read_bytes()
    os.utime(source / "src/b.py", (1, 1))
    (source / "src/__pycache__").mkdir()
    (source / "src/__pycache__/b.cpython-313.pyc").write_bytes(b"compiled today")
    (tmp_path / "again").mkdir()
    source = source.rename(tmp_path / "again/a repository")
    (source / "app-sam.yaml").write_text(function())
    assert run(Build(), source).status == 0
    assert zip_of(source, "Hello").read_bytes() == first


def test_the_whole_folder_is_packed_where_a_function_says_no_other(repository: Repository) -> None:
    source = repository({"app-sam.yaml": WHOLE, ".git/HEAD": "", "a.py": ""})
    assert run(Build({"UNIT_TEST_COMMAND": "true"}), source).status == 0
    # What the build itself has put there is not part of it.
    assert packed(source, "Hello") == ["a.py", "app-sam.yaml", "src/hello.py"]


def test_functions_of_one_folder_and_runtime_share_what_is_packed(repository: Repository) -> None:
    two = function() + function().partition("Resources:\n")[2].replace("Hello", "Again")
    source = repository({"app-sam.yaml": two, "src/requirements.txt": "tzdata\n"})
    done = run(Build(), source)
    assert len(done.of("pip")) == 1
    assert zip_of(source, "Hello") == zip_of(source, "Again")


def test_a_single_file_is_packed_by_its_name_and_a_zip_stays_the_zip_it_is(repository: Repository) -> None:
    two = function(code="src/hello.py") + function(code="own.zip").partition("Resources:\n")[2].replace("Hello", "Zip")
    source = repository({"app-sam.yaml": two})
    with zipfile.ZipFile(source / "own.zip", "w") as archive:
        archive.writestr("own.py", "")
    assert run(Build(), source).status == 0
    assert packed(source, "Hello") == ["hello.py"]
    assert zip_of(source, "Zip").read_bytes() == (source / "own.zip").read_bytes()


def test_nothing_about_the_machine_is_in_a_zip_but_who_may_run_a_file(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("")
    (tmp_path / "run").chmod(0o700)
    (tmp_path / "read").write_text("")
    (tmp_path / "read").chmod(0o600)
    pack([("run", str(tmp_path / "run")), ("read", str(tmp_path / "read"))], str(tmp_path / "z.zip"))
    with zipfile.ZipFile(tmp_path / "z.zip") as archive:
        assert [entry.date_time for entry in archive.infolist()] == [(1980, 1, 1, 0, 0, 0)] * 2
        assert [oct(entry.external_attr >> 16) for entry in archive.infolist()] == ["0o755", "0o644"]


@pytest.mark.parametrize("link", ["src/loop", "src/deep/loop"])
def test_a_link_that_leads_back_does_not_go_on_for_ever(link: str, repository: Repository) -> None:
    source = repository({"src/deep/a.py": ""})
    (source / link).symlink_to(source / "src")
    assert run(Build(), source).status == 0
    assert packed(source, "Hello") == ["deep/a.py", "hello.py"]
