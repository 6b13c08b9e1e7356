"""Sources: how files come into a build's folder, and what is refused."""

from __future__ import annotations

import stat
import subprocess
import zipfile
from pathlib import Path

import pytest

from generator.rehearsal.codebuild.failure import PhaseFailedError
from generator.rehearsal.codebuild.sources import FolderSource, NoSource, RepositorySource, S3Source, ZipSource
from tests.rehearsal.codebuild.fake_services import Buckets


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    return tmp_path / "src"


def entry(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    return info


def test_no_source_leaves_the_folder_empty(place: Path) -> None:
    NoSource().place(place)
    assert list(place.iterdir()) == []


def test_a_folder_is_copied_with_its_links_and_modes(tmp_path: Path, place: Path) -> None:
    origin = tmp_path / "origin"
    origin.mkdir()
    (origin / "run").write_text("x")
    (origin / "run").chmod(0o755)
    (origin / "link").symlink_to("run")
    FolderSource(origin).place(place)
    assert stat.S_IMODE((place / "run").stat().st_mode) == 0o755
    assert (place / "link").is_symlink()


def test_a_zip_keeps_its_modes_and_links(tmp_path: Path, place: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(entry("bin/run", stat.S_IFREG | 0o755), "x")
        archive.writestr(entry("link", stat.S_IFLNK | 0o777), "bin/run")
        archive.writestr("plain", "y")
    ZipSource(tmp_path / "a.zip").place(place)
    assert stat.S_IMODE((place / "bin/run").stat().st_mode) == 0o755
    assert (place / "link").read_text() == "x"
    assert (place / "plain").read_text() == "y"


def test_a_zip_cannot_write_outside_of_the_folder(tmp_path: Path, place: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("../outside", "x")
        archive.writestr("/absolute", "x")
    ZipSource(tmp_path / "a.zip").place(place)
    assert not (tmp_path / "outside").exists()
    assert sorted(path.name for path in place.iterdir()) == ["absolute", "outside"]


@pytest.mark.parametrize("to", ["/etc", "../..", "x/../../.."])
def test_a_link_out_of_the_source_is_refused(tmp_path: Path, place: Path, to: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(entry("link", stat.S_IFLNK | 0o777), to)
    with pytest.raises(PhaseFailedError, match="outside of the source"):
        ZipSource(tmp_path / "a.zip").place(place)


@pytest.mark.parametrize("data", [b"", b"not a zip"])
def test_what_is_no_zip_is_said(tmp_path: Path, place: Path, data: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(PhaseFailedError, match=r"a\.zip: File is not a zip file"):
        ZipSource(tmp_path / "a.zip").place(place)


def test_a_single_file_in_s3_is_a_source_too(tmp_path: Path, place: Path) -> None:
    buckets = Buckets({"b/k/file.txtv1": b"text"})
    S3Source("arn:aws:s3:::b/k/file.txt", "v1", tmp_path / "scratch", lambda _service: buckets).place(place)
    assert (place / "file.txt").read_text() == "text"


def test_a_repository_that_is_not_there_is_said(tmp_path: Path, place: Path) -> None:
    with pytest.raises(PhaseFailedError, match=r"git clone of .*nowhere failed") as caught:
        RepositorySource(str(tmp_path / "nowhere"), "").place(place)
    assert caught.value.code == "GIT_ERROR"


def test_a_repository_is_checked_out_at_its_version(tmp_path: Path) -> None:
    repository, place = tmp_path / "repository", tmp_path / "place"
    place.mkdir()
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-C", str(repository)]
    subprocess.run(["git", "init", "-q", "-b", "main", str(repository)], check=True)
    for text in ("first", "second"):
        (repository / "file").write_text(text)
        subprocess.run([*git, "add", "file"], check=True)
        subprocess.run([*git, "commit", "-q", "-m", text], check=True)
    RepositorySource(str(repository), "main~1").place(place)
    assert (place / "file").read_text() == "first"
