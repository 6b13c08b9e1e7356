"""What is rehearsed: a commit of the user's repository, or files as they are, in a repository of our own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from generator.errors import InvalidInputError, Problem
from generator.repository.git import Git, GitError, make, our_repository, users_repository


@dataclass(frozen=True, slots=True)
class Source:
    """A commit, the bare git directory that has it, and its files in a folder.

    `description` says in words what it is ("commit 3ffabb71d235 (first)"), `left_out` what of the user's is not in it.
    """

    commit: str
    git_directory: Path
    files: Path
    description: str
    left_out: str
    _git: Git

    def archive(self, file: Path) -> None:
        """Write its files as a zip."""
        self._git.text("archive", "--format=zip", f"--output={file}", self.commit)

    def read(self, path: str) -> str:
        """The text of one of its files. Raises InvalidInputError when there is none of this name."""
        try:
            return (self.files / path).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInputError([Problem(f"{path} cannot be read in {self.description}: {error}")]) from None

    def changed(self, files: Mapping[str, str], message: str) -> Source:
        """The commit that follows with these files (path below the root to text) in it; `files` stays what it was."""
        self._git.text("read-tree", self.commit)
        for path, text in files.items():
            blob = self._git.text("hash-object", "-w", "--stdin", stdin=text)
            self._git.text("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
        commit = self._git.text("commit-tree", "-p", self.commit, "-m", message, self._git.text("write-tree"))
        return replace(self, commit=commit, description=f"commit {commit[:12]} ({message})", left_out="")


@dataclass(frozen=True, slots=True)
class SourceChoice:
    """What the user asks for: the commit of a revision, the files as they are, or (neither) what suits."""

    revision: str = ""
    worktree: bool = False


def take(root: Path, choice: SourceChoice, target: Path, environ: Mapping[str, str]) -> Source:
    """The source whose root is the folder `root`, put together in the new folder `target`.

    Without a wish it is HEAD when `root` is the root of a git repository that has commits, else the folder's files
    as they are, those git ignores left out. The user's repository is only read. Raises InvalidInputError for a
    revision there is none of, RefusedError without git or with git's own words.
    """
    target.mkdir(parents=True)
    ours = make(our_repository(target / "source.git", environ))
    theirs = users_repository(root, environ)
    place = _place(theirs)
    revision = choice.revision or ("HEAD" if place == "" and not choice.worktree and _resolved(theirs, "HEAD") else "")
    if not revision:
        commit, description, left_out = _files(root, place, ours, theirs), f"the files of {root} as they are", ""
    elif place is None:
        raise _no_commit(f"{root} is not in a git repository", "leave --commit out")
    else:
        # For commits only: what git adds to a repository freshens the files of the same objects in those it borrows.
        _borrow(theirs, target / "source.git")
        commit, description = _revision(theirs, ours, revision, place)
        left_out = _changes(theirs) if revision == "HEAD" else ""
    files = _checked_out(ours, commit, target / "files")
    return Source(commit, target / "source.git", files, description, left_out, ours)


def _place(theirs: Git) -> str | None:
    """Where the folder is in its repository ("" for the root, "services/time/"); None outside of any."""
    try:
        return theirs.text("rev-parse", "--show-prefix")
    except GitError:
        return None


def _resolved(theirs: Git, revision: str) -> str:
    """The commit of a revision; empty when there is none."""
    try:
        return theirs.text("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except GitError:
        return ""


def _borrow(theirs: Git, directory: Path) -> None:
    """Let our repository see their objects without a copy; a shallow one stays shallow."""
    objects, shallow = (_path(theirs, name) for name in ("objects", "shallow"))
    (directory / "objects" / "info").mkdir(exist_ok=True)
    # Quoted as git reads it: a path may have a line break.
    quoted = os.fsencode(objects).replace(b"\\", rb"\\").replace(b'"', rb"\"").replace(b"\n", rb"\n")
    (directory / "objects" / "info" / "alternates").write_bytes(b'"' + quoted + b'"\n')
    if Path(shallow).exists():
        (directory / "shallow").write_bytes(Path(shallow).read_bytes())


def _path(theirs: Git, name: str) -> str:
    return theirs.text("rev-parse", "--path-format=absolute", "--git-path", name)


def _revision(theirs: Git, ours: Git, revision: str, place: str) -> tuple[str, str]:
    commit = _resolved(theirs, revision)
    if not commit:
        raise _no_commit(f"{revision!r} names no commit", "git log --oneline shows the commits there are")
    subject = theirs.text("show", "--no-patch", "--format=%s", commit)
    description = f"commit {commit[:12]} ({subject})"
    if not place:
        return commit, description
    try:
        tree = theirs.text("rev-parse", "--verify", "--quiet", f"{commit}:{place.rstrip('/')}")
    except GitError:
        raise _no_commit(f"{description} has no folder {place}", "name a commit that has it") from None
    return ours.text("commit-tree", "-m", subject, tree), f"{place} of {description}"


def _files(root: Path, place: str | None, ours: Git, theirs: Git) -> str:
    """A commit of the files of a folder, as its repository sees them (without one, as .gitignore has it)."""
    here = ("-C", str(root.resolve()), "--work-tree=.")
    listed = ("ls-files", "--cached", "--others", "--exclude-standard", "-z")
    names = theirs.text(*listed) if place is not None else ours.text(*here, *listed)
    # A name that ends in a slash is a repository within this one: no source action hands those over.
    there = [name for name in dict.fromkeys(names.split("\0")) if name[-1:] not in ("", "/")]
    there = [name for name in there if os.path.lexists(root / name)]
    ours.text(*here, "update-index", "--add", "-z", "--stdin", stdin="".join(f"{name}\0" for name in there))
    return ours.text("commit-tree", "-m", f"The files of {root.resolve().name} as they are", ours.text("write-tree"))


def _changes(theirs: Git) -> str:
    # Inside of a submodule its own configuration would count.
    changed = len(
        theirs.text("status", "--porcelain", "--untracked-files=all", "--ignore-submodules=dirty").splitlines()
    )
    return f"{changed} uncommitted change{'s' * (changed != 1)}: --worktree takes the files as they are" * bool(changed)


def _checked_out(ours: Git, commit: str, folder: Path) -> Path:
    """The files of a commit, as CodePipeline hands them to a build."""
    folder.mkdir()
    ours.text("-C", str(folder), "--work-tree=.", "read-tree", "--reset", "-u", commit)
    return folder


def _no_commit(message: str, hint: str) -> InvalidInputError:
    return InvalidInputError([Problem(message, hint=hint)])
