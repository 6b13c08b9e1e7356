"""Whether the installed ministack is the package that was looked at: one pinned wheel, by its files' hashes.

It starts programs and answers with the user's rights, so that no other version of it is run unseen. That its insides
are what the adapters take them for is tested with this one, and asked no more when it starts.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from contextlib import suppress
from importlib import metadata
from pathlib import Path

VERSION = "1.5.33"
RECORD = "41860819143c5ca90235da91a0184e36c0f1f4c6329018fefda5e8a3e9cd0502"
"""The hash of the list of all files and their hashes, `recorded` of the wheel; CONTRIBUTING.md says how to get it."""

_FOLDER = "ministack"


class ForeignEmulatorError(Exception):
    """The installed ministack is another than the one that was looked at."""


def refuse_another(cache: Path, distribution: metadata.Distribution | None = None) -> None:
    """Raise ForeignEmulatorError for a package that is not the pinned one, file for file.

    Its files are read once; a note in the cache spares that as long as none of them was written to.
    """
    installed = distribution or metadata.distribution("ministack")
    files = dict(_files(installed))
    if installed.version != VERSION or recorded(installed) != RECORD:
        words = f"the installed ministack {installed.version} is not the {VERSION} of PyPI"
        raise ForeignEmulatorError(f"{words}: {_REMEDY}")
    # An installation each, for the user may have several.
    note = cache / f"{_FOLDER}-{VERSION}-{_state(files)[:16]}.checked"
    if not note.is_file():
        for file, digest in files.items():
            if _digest(file) != digest:
                raise ForeignEmulatorError(f"{file} is not what ministack {VERSION} of PyPI has there: {_REMEDY}")
        with suppress(OSError):
            note.touch()


def recorded(installed: metadata.Distribution) -> str:
    """The hash of what a distribution says that its files are."""
    folder = Path(str(installed.locate_file("")))
    rows = sorted(f"{file.relative_to(folder).as_posix()} {digest}" for file, digest in _files(installed))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _files(installed: metadata.Distribution) -> Iterator[tuple[Path, str]]:
    """The files of the package itself, each with the hash that it is said to have."""
    for file in installed.files or ():
        if file.parts[0] == _FOLDER and file.hash and file.suffix != ".pyc":
            yield Path(str(file.locate())), file.hash.value


def _digest(file: Path) -> str:
    """A file's hash in the form of a wheel's RECORD; empty for one that is gone."""
    # https://packaging.python.org/en/latest/specifications/recording-installed-packages/
    if not file.is_file():
        return ""
    return base64.urlsafe_b64encode(hashlib.sha256(file.read_bytes()).digest()).rstrip(b"=").decode()


def _state(files: dict[Path, str]) -> str:
    """What changes when a file is written to."""
    stats = [(str(file), file.stat()) for file in sorted(files) if file.is_file()]
    words = [f"{name} {stat.st_size} {stat.st_mtime_ns} {stat.st_ino}" for name, stat in stats]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


_REMEDY = f"pip install --force-reinstall ministack=={VERSION}"
