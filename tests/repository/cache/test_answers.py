"""What slow libraries answered is remembered, and what cannot be remembered is asked again."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.repository.cache import answers
from generator.repository.cache.answers import FORGETFUL, Answers, answers_below


class Library:
    """Counts how often it is asked."""

    def __init__(self, answer: Any = ("yes", 1)) -> None:
        self.asked = 0
        self._answer = answer

    def __call__(self) -> Any:
        self.asked += 1
        return self._answer


def test_a_question_is_asked_once_and_its_answer_is_the_same_the_first_time_and_later(tmp_path: Path) -> None:
    library = Library()
    for _ in range(3):
        assert Answers(tmp_path / "new").remembered(("a", "b"), library) == ["yes", 1]
    assert library.asked == 1


@pytest.mark.parametrize("other", [("a", "c"), ("ab",), ("a", "b", ""), ("b", "a")])
def test_other_words_are_another_question(other: tuple[str, ...], tmp_path: Path) -> None:
    library = Library()
    Answers(tmp_path).remembered(("a", "b"), library)
    Answers(tmp_path).remembered(other, library)
    assert library.asked == 2


def test_nothing_is_remembered_without_a_folder() -> None:
    library = Library()
    for _ in range(2):
        FORGETFUL.remembered(("a",), library)
    assert library.asked == 2


def _cut(folder: Path) -> None:
    (file,) = folder.iterdir()
    file.write_text(file.read_text(encoding="utf-8")[:-1], encoding="utf-8")


def _replace_by_a_folder(folder: Path) -> None:
    (file,) = folder.iterdir()
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("spoil", [_cut, _replace_by_a_folder])
def test_a_spoilt_file_counts_as_none(spoil: Callable[[Path], None], tmp_path: Path) -> None:
    library = Library()
    Answers(tmp_path).remembered(("a",), library)
    spoil(tmp_path)
    assert Answers(tmp_path).remembered(("a",), library) == ["yes", 1]
    assert library.asked == 2


@pytest.mark.parametrize("folder", ["/proc/answers", "/dev/null/answers"])
def test_where_nothing_can_be_written_the_library_is_asked(folder: str) -> None:
    assert Answers(Path(folder)).remembered(("a",), Library()) == ["yes", 1]


def test_what_is_raised_is_not_kept(tmp_path: Path) -> None:
    def refuse() -> Any:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Answers(tmp_path).remembered(("a",), refuse)
    assert Answers(tmp_path).remembered(("a",), Library()) == ["yes", 1]


def test_the_oldest_half_goes_when_there_are_too_many(tmp_path: Path) -> None:
    folder = tmp_path / answers.NAME
    folder.mkdir()
    for number in range(answers.MOST_ANSWERS):
        file = folder / f"{number}.json"
        file.write_text("1", encoding="utf-8")
        os.utime(file, (number, number))
    answers_below(tmp_path).remembered(("a",), Library())
    left = sorted(int(file.stem) for file in folder.iterdir() if file.stem.isdigit() and len(file.stem) < 5)
    assert left == [*range(answers.MOST_ANSWERS // 2, answers.MOST_ANSWERS)]
    assert len([*folder.iterdir()]) == len(left) + 1
