"""Where a build's files come from: a zip on this machine or in S3, a repository, or nowhere."""

from __future__ import annotations

import shutil
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from botocore.exceptions import ClientError

from generator.rehearsal.codebuild.failure import PhaseFailedError
from generator.repository.git import Git

GetClient = Callable[[str], Any]


class Source(Protocol):
    """Something that puts its files into an empty folder. Raises PhaseFailedError when it cannot."""

    def place(self, folder: Path) -> None:
        """Put the files there."""


@dataclass(frozen=True, slots=True)
class NoSource:
    """No files: the build starts in an empty folder."""

    def place(self, folder: Path) -> None:
        """Leave the folder as it is."""


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A folder on this machine, copied; it stays as it is whatever the build does."""

    origin: Path

    def place(self, folder: Path) -> None:
        """Copy the files, links as links."""
        shutil.copytree(self.origin, folder, symlinks=True, dirs_exist_ok=True)


@dataclass(frozen=True, slots=True)
class ZipSource:
    """A zip on this machine."""

    archive: Path

    def place(self, folder: Path) -> None:
        """Unpack the zip, with the modes and symbolic links it remembers."""
        try:
            with zipfile.ZipFile(self.archive) as archive:
                for entry in archive.infolist():
                    _unpack(archive, entry, folder)
        except (OSError, zipfile.BadZipFile) as error:
            raise PhaseFailedError("CLIENT_ERROR", f"{self.archive.name}: {error}") from error


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> None:
    mode = entry.external_attr >> 16
    target = Path(archive.extract(entry, folder))
    if stat.S_ISLNK(mode):
        to = target.read_text()
        target.unlink()
        # A link out of the folder would let the next entry be written anywhere.
        if not (target.parent / to).resolve().is_relative_to(folder.resolve()):
            raise PhaseFailedError("CLIENT_ERROR", f"{entry.filename} links to {to}, outside of the source")
        target.symlink_to(to)
    elif stat.S_IMODE(mode) and target.is_file():
        target.chmod(stat.S_IMODE(mode))


@dataclass(frozen=True, slots=True)
class S3Source:
    """A zip (or a single file) in S3, read with the build role's rights. `location` is "bucket/key"."""

    location: str
    version: str
    scratch: Path
    client: GetClient

    def place(self, folder: Path) -> None:
        """Download and unpack it."""
        bucket, _, key = self.location.removeprefix("arn:aws:s3:::").partition("/")
        self.scratch.mkdir(parents=True, exist_ok=True)
        file = self.scratch / Path(key).name
        try:
            request = {"Bucket": bucket, "Key": key} | ({"VersionId": self.version} if self.version else {})
            answer = self.client("s3").get_object(**request)
            with file.open("wb") as target:
                shutil.copyfileobj(answer["Body"], target)
        except ClientError as error:
            raise PhaseFailedError("CLIENT_ERROR", f"{error} for primary source {self.location}") from error
        if zipfile.is_zipfile(file):
            ZipSource(file).place(folder)
        else:
            shutil.copy(file, folder)


@dataclass(frozen=True, slots=True)
class RepositorySource:
    """A git repository on this machine, checked out at a commit, branch or tag ("" is its HEAD)."""

    repository: str
    version: str

    @property
    def _revision(self) -> str:
        return self.version.removeprefix("refs/heads/") or "HEAD"

    def commit(self) -> str:
        """The id of the commit; empty where there is none."""
        named = ("--verify", "--quiet", "--end-of-options", f"{self._revision}^{{commit}}")
        answer = Git(())("-C", self.repository, "rev-parse", *named)
        return "" if answer.status else answer.output.decode().strip()

    def place(self, folder: Path) -> None:
        """Clone it and check the version out."""
        self._git("clone", "--quiet", "--no-checkout", self.repository, str(folder))
        self._git("-C", str(folder), "checkout", "--quiet", self._revision)

    def _git(self, *arguments: str) -> None:
        answer = Git(())("-c", "protocol.file.allow=always", *arguments)
        if answer.status:
            raise PhaseFailedError("GIT_ERROR", f"git {arguments[0]} of {self.repository} failed: {answer.reason}")
