"""Gathers the files of an artifact and packs them into a zip, and the same files into the same bytes."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from generator.rehearsal.codebuild.buildspec import Artifact
from generator.rehearsal.codebuild.failure import PhaseFailedError
from generator.rehearsal.codebuild.patterns import files_below, folders_matching, is_pattern, matches

# A zip has no earlier day; with one time for all, the same files make the same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3

Say = Callable[[str], None]
NameOutside = Callable[[Path], str]
"""What a file that does not lie in the source is called inside an artifact."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an artifact: what it is called inside, and where it lies."""

    name: str
    file: Path


def _whole_path(file: Path) -> str:
    return str(file).lstrip("/")


class _Place(NamedTuple):
    """The build's folder, its log, and how files outside of the folder are called."""

    folder: Path
    say: Say
    name_outside: NameOutside


def gather(artifact: Artifact, folder: Path, say: Say, name_outside: NameOutside = _whole_path) -> list[Member]:
    """The files of an artifact, sorted by name.

    Raises PhaseFailedError in CodeBuild's words when the base directory or every path matches nothing.
    https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#artifacts-build-spec
    """
    say(f"Expanding base directory path: {artifact.base_directory or '.'}")
    bases = folders_matching(artifact.base_directory, folder)
    if not bases:
        say(f"Skipping invalid file path {artifact.base_directory}")
        raise PhaseFailedError("CLIENT_ERROR", "no matching base directory path found")
    members: dict[str, Member] = {}
    for base in bases:
        for member in _below(base, artifact, _Place(folder, say, name_outside)):
            if member.name in members:
                say(f"{member.name} is there twice; {member.file} replaces {members[member.name].file}")
            members[member.name] = member
    if not members:
        raise PhaseFailedError("CLIENT_ERROR", "no matching artifact paths found")
    say(f"Found {len(members)} file(s)")
    return [members[name] for name in sorted(members)]


def _below(base: Path, artifact: Artifact, place: _Place) -> list[Member]:
    """The members below one base directory, pattern by pattern."""
    every = list(files_below(base, through_links=not artifact.enable_symlinks))
    left = [path for path in every if not any(matches(pattern, path) for pattern in artifact.exclude_paths)]
    members: dict[str, Member] = {}
    for pattern in artifact.files:
        place.say(f"Expanding {pattern}")
        relative = _relative(pattern, base, place.folder)
        if relative.startswith("/"):
            members |= _elsewhere(relative, artifact, place)
            continue
        matching = [path for path in left if matches(relative, path) and (base / path).exists()]
        if not matching and not is_pattern(pattern):
            place.say(f"Skipping invalid file path {pattern}")
        for path in matching:
            name = Path(path).name if artifact.discard_paths else path
            members[path] = Member(name, base / path)
    return list(members.values())


def _elsewhere(pattern: str, artifact: Artifact, place: _Place) -> dict[str, Member]:
    """The files of a pattern that leads out of the build's folder."""
    parts = Path(pattern).parts
    fixed = next((index for index, part in enumerate(parts) if is_pattern(part)), len(parts) - 1)
    base, rest = Path(*parts[:fixed]), str(Path(*parts[fixed:]))
    names = files_below(base, through_links=not artifact.enable_symlinks) if base.is_dir() else []
    matching = [base / name for name in names if matches(rest, name)]
    if not matching and not is_pattern(pattern):
        place.say(f"Skipping invalid file path {pattern}")
    names_inside = {file: file.name if artifact.discard_paths else place.name_outside(file) for file in matching}
    return {str(file): Member(name, file) for file, name in names_inside.items()}


def _relative(pattern: str, base: Path, folder: Path) -> str:
    """A pattern that was written with the whole path of the build's folder, as one below the base directory."""
    return os.path.relpath(pattern, base) if pattern.startswith(f"{folder}/") else pattern


def pack(members: list[Member], target: Path, *, keep_links: bool) -> None:
    """Write the members into a new zip; with `keep_links`, a symbolic link stays one."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            if keep_links and member.file.is_symlink():
                archive.writestr(_entry(member.name, stat.S_IFLNK | 0o777), str(member.file.readlink()))
                continue
            mode = stat.S_IFREG | stat.S_IMODE(member.file.stat().st_mode)
            with member.file.open("rb") as source, archive.open(_entry(member.name, mode), "w") as inside:
                while chunk := source.read(1 << 20):
                    inside.write(chunk)


def _entry(name: str, mode: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = _UNIX
    entry.external_attr = mode << 16
    return entry
