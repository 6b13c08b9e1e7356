"""The notes of rehearsals in the user's cache folder."""

from __future__ import annotations

from pathlib import Path

from generator.rehearsal.folders import NOTES, notes


def test_a_machine_on_which_nothing_was_rehearsed_has_no_notes(tmp_path: Path) -> None:
    assert notes(tmp_path / "none") == []


def test_a_note_counts_once_it_is_locked(tmp_path: Path) -> None:
    (tmp_path / NOTES).mkdir()
    for name in ("one", ".not-yet"):
        (tmp_path / NOTES / name).touch()
    assert notes(tmp_path) == [tmp_path / NOTES / "one"]
