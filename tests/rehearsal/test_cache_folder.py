"""The user's cache folder, and the notes of rehearsals in it."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from generator.rehearsal.cache_folder import NOTES, cache_folder, notes

OWN_HOME = pwd.getpwuid(os.getuid()).pw_dir


@pytest.mark.parametrize(
    ("variables", "platform", "expected"),
    [
        ({"HOME": "/home/me"}, "linux", "/home/me/.cache/penstock"),
        ({"HOME": "/Users/me"}, "darwin", "/Users/me/Library/Caches/penstock"),
        ({"HOME": "/home/me", "XDG_CACHE_HOME": "/fast"}, "linux", "/fast/penstock"),
        ({"HOME": "/home/me", "XDG_CACHE_HOME": "fast"}, "linux", "/home/me/.cache/penstock"),
        ({"HOME": "me"}, "linux", f"{OWN_HOME}/.cache/penstock"),
        ({}, "linux", f"{OWN_HOME}/.cache/penstock"),
    ],
)
def test_the_cache_lies_where_the_platform_has_caches(variables: dict[str, str], platform: str, expected: str) -> None:
    assert cache_folder(variables, platform) == Path(expected)


def test_a_machine_on_which_nothing_was_rehearsed_has_no_notes(tmp_path: Path) -> None:
    assert notes(tmp_path / "none") == []


def test_a_note_counts_once_it_is_locked(tmp_path: Path) -> None:
    (tmp_path / NOTES).mkdir()
    for name in ("one", ".not-yet"):
        (tmp_path / NOTES / name).touch()
    assert notes(tmp_path) == [tmp_path / NOTES / "one"]
