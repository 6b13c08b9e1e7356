"""Confirmations before a change: asked at a terminal, given by an option elsewhere."""

from __future__ import annotations

import sys

import click

from generator.errors import InvalidInputError, Problem


def may_ask() -> bool:
    """Whether somebody sits at a terminal and can be asked."""
    return sys.stdin.isatty()


def demand_answer(option: str) -> None:
    """Raises InvalidInputError when nobody can be asked, naming the option that answers instead."""
    if not may_ask():
        message = "cannot ask for confirmation: stdin is not a terminal"
        raise InvalidInputError([Problem(message, hint=f"{option} answers in advance; --dry-run only shows the plan")])


def agreed(question: str) -> bool:
    """Whether the person at the terminal says yes; saying nothing is no."""
    return click.confirm(question, default=False, err=True)


def typed(question: str, expected: str) -> bool:
    """Whether the person at the terminal types just this."""
    answer: str = click.prompt(question, default="", show_default=False, err=True)
    return answer.strip() == expected
