"""Collects the problems of a file, as many as anybody reads at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from generator.document.nodes import Mark
from generator.document.page import Page
from generator.errors import Problem, in_order

_MOST_PROBLEMS = 100


def enough(problems: Iterable[Problem]) -> Iterator[Problem]:
    """As many problems as `at_most` needs: a megabyte can hold a million."""
    return islice(problems, _MOST_PROBLEMS + 1)


def at_most(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The first hundred problems in their order; then one that says there are more."""
    ordered = in_order(problems)
    if len(ordered) <= _MOST_PROBLEMS:
        return ordered
    return (*ordered[:_MOST_PROBLEMS], Problem("there are more problems from here on", ordered[_MOST_PROBLEMS].place))


class Report:
    """Takes down problems of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.problems: list[Problem] = []

    def __call__(self, start: Mark, end: Mark, message: str, hint: str) -> None:
        """Something is wrong with what stands between two marks."""
        if len(self.problems) <= _MOST_PROBLEMS:
            self.problems.append(self.page.problem(start, end, message, hint))
