"""The seam to source code: which git repository on this machine stands for a repository a source names."""

from __future__ import annotations

import stat
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.repository.git import Answer, Git


class Repositories(Protocol):
    """Whoever knows the repositories of this machine."""

    def codecommit(self, name: str) -> Path | None:
        """The git directory of a CodeCommit repository; None when there is none."""

    def connected(self, full_id: str) -> Path | None:
        """The git directory that stands for "owner/name" behind a connection; None when there is none."""


@dataclass(frozen=True, slots=True)
class Commit:
    """What a source action tells about a commit; dates are ISO 8601."""

    id: str
    message: str
    author_date: str
    committer_date: str

    @property
    def created(self) -> datetime:
        """When it was committed."""
        return datetime.fromisoformat(self.committer_date)


_FORMAT = "--format=%H%n%aI%n%cI%n%B"


def commit(repository: Path, revision: str) -> Commit:
    """The commit a branch or an id names. Raises ActionFailedError when there is none."""
    shown = _git(repository, "show", "--no-patch", _FORMAT, "--end-of-options", f"{revision}^{{commit}}")
    if shown.status:
        raise ActionFailedError(
            "ConfigurationError", f"Revision {revision} does not exist in the repository: {shown.reason}"
        )
    commit_id, author_date, committer_date, *message = shown.output.decode("utf-8", "replace").split("\n")
    return Commit(commit_id, "\n".join(message).rstrip("\n"), author_date, committer_date)


def archive(repository: Path, commit_id: str, file: Path) -> None:
    """Write the files of a commit, without their history, as a zip. Raises ActionFailedError."""
    archived = _git(repository, "archive", "--format=zip", f"--output={file}", commit_id)
    if archived.status:
        raise ActionFailedError("JobFailed", f"Commit {commit_id} could not be archived: {archived.reason}")


def clone_archive(repository: Path, commit_id: str, file: Path, origin: str) -> None:
    """Write a clone at a commit as a zip: what a build has that clones. Raises ActionFailedError.

    It has all branches, tags and history, `origin` as the address it came from, and its HEAD on no branch.
    """
    clone = file.with_suffix("")
    # The repository is the emulator's own, so that cloning it may use git's transport of files.
    local = ("-c", "protocol.file.allow=always", "clone", "--quiet", "--no-checkout", "--no-hardlinks")
    cloned = _git(repository, *local, str(repository), str(clone))
    here = Git(("-C", str(clone)))
    steps = (("checkout", "--quiet", "--detach", commit_id), ("remote", "set-url", "origin", origin))
    answers = [cloned, *(here(*step) for step in steps if not cloned.status)]
    if failed := [answer for answer in answers if answer.status]:
        raise ActionFailedError("JobFailed", f"Commit {commit_id} could not be cloned: {failed[0].reason}")
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archived:
        for path in sorted(clone.rglob("*")):
            _add(archived, path, path.relative_to(clone))


def _add(archived: zipfile.ZipFile, path: Path, name: Path) -> None:
    """Add a file, a folder (git knows a repository by folders that may be empty) or a link, which stays one."""
    if not path.is_symlink():
        archived.write(path, name)
        return
    link = zipfile.ZipInfo(name.as_posix())
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    archived.writestr(link, str(path.readlink()))


def _git(repository: Path, *arguments: str) -> Answer:
    return Git.bare(repository)(*arguments)
