"""What the statements of a pipeline's roles were needed for, in words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from generator.rehearsal.driver.permissions import Statement
from generator.rehearsal.driver.steps import PermissionsShown

_VERDICT, _MOST = 10, 3  # columns of the verdict; how many actions or resources are named
_MEANINGS = {
    "covered": "used, but not needed: ",
    "unused": "nothing asked for it: ",
    "spare": "for resource types or properties the stacks do not have: ",
    "documented": "nothing here asks for it, AWS's documentation does: ",
    "logs": "only writes logs: ",
    "guard": "refuses what nothing tried: ",
}


def lines(shown: PermissionsShown) -> Iterator[str]:
    """Role by role each statement with its verdict, then what the scenario left out, then the counts."""
    yield "permissions, by what was asked and what would have been refused without a statement:"
    for holders, statements in groupby(shown.statements, key=lambda statement: statement.holders):
        yield f"  {', '.join(holders)}"
        for entry in statements:
            yield f"    {entry.verdict:<{_VERDICT}} {_name(entry)}: {_explanation(entry)}"
    for reason in shown.left_out:
        yield f"  left out: {reason}"
    counts = {
        verdict: sum(statement.verdict == verdict for statement in shown.statements)
        for verdict in ("needed", *_MEANINGS)
    }
    yield "  " + ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)


def _name(statement: Statement) -> str:
    return f"{statement.policy}/{statement.name}" if statement.name else statement.policy


def _explanation(statement: Statement) -> str:
    if statement.verdict == "needed" or (statement.verdict == "guard" and statement.questions):
        return f"{statement.needing} of {statement.questions} questions, first {_first(statement)}"
    if statement.verdict == "covered":
        also = ", ".join(statement.besides)
        return f"{_MEANINGS['covered']}{statement.questions} questions, first {_first(statement)}; also by {also}"
    page = f" ({statement.documented})" if statement.verdict == "documented" else ""
    return f"{_MEANINGS[statement.verdict]}{_short(statement.actions)} on {_short(statement.resources)}{page}"


def _first(statement: Statement) -> str:
    behind = f" (behind {statement.behind})" if statement.behind else ""
    return f"{statement.action} on {statement.resource} by {statement.principal}{behind}"


def _short(texts: tuple[str, ...]) -> str:
    more = len(texts) - _MOST
    return ", ".join(texts[:_MOST]) + (f" and {more} more" if more > 0 else "") or "the role"
