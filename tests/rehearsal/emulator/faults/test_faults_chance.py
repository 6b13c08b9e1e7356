"""A seed says when a fault strikes: the same one strikes the same, another one otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from generator.rehearsal.emulator.faults.chance import MOST, Chance, steady

SUBJECTS = [f"subject number {number}" for number in range(200)]


def struck(seed: int, subjects: list[str]) -> list[str]:
    noted: list[str] = []
    chance = Chance(seed, lambda _kind, subject: noted.append(subject))
    answers = [subject for subject in subjects if chance.strikes("late", subject)]
    assert noted == answers
    return answers


def test_the_same_seed_strikes_the_same() -> None:
    assert struck(1, SUBJECTS) == struck(1, SUBJECTS)


def test_another_seed_strikes_others() -> None:
    assert struck(1, SUBJECTS) != struck(2, SUBJECTS)


def test_what_strikes_does_not_depend_on_the_order_of_things() -> None:
    assert sorted(struck(1, SUBJECTS)) == sorted(struck(1, SUBJECTS[::-1]))


def test_about_half_of_all_subjects_are_struck_the_first_time() -> None:
    assert 60 < len(struck(1, SUBJECTS)) < 140


def test_what_is_asked_again_and_again_is_left_alone_after_a_while() -> None:
    def last(seed: int) -> Iterator[int]:
        chance = Chance(seed, lambda _kind, _subject: None)
        yield from (time for time in range(1, 300) if chance.strikes("throttled", "poll"))

    assert max(max(last(seed), default=0) for seed in range(100)) <= MOST


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Invoke shop-tests-TestFunction-943BCC81EB3F7 of shop-pipeline-StartTestsRole-0A1B2C3D4E5F", ""),
        ("invocation of shop_start_tests", "invocation of shop_start_tests"),
        ("Invoke a-name-withoutdigits", "Invoke a-name-withoutdigits"),
    ],
)
def test_what_cloudformation_made_up_for_a_name_does_not_count(subject: str, expected: str) -> None:
    assert steady(subject) == (expected or "Invoke shop-tests-TestFunction of shop-pipeline-StartTestsRole")
