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
    for holders, statements in groupby(shown.statements, key=lambda one: one.holders):
        yield f"  {', '.join(holders)}"
        for one in statements:
            yield f"    {one.verdict:<{_VERDICT}} {_name(one)}: {_said(one)}"
    for reason in shown.left_out:
        yield f"  left out: {reason}"
    counts = {verdict: sum(one.verdict == verdict for one in shown.statements) for verdict in ("needed", *_MEANINGS)}
    yield "  " + ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)


def _name(one: Statement) -> str:
    return f"{one.policy}/{one.name}" if one.name else one.policy


def _said(one: Statement) -> str:
    if one.verdict == "needed" or (one.verdict == "guard" and one.questions):
        return f"{one.needing} of {one.questions} questions, first {_first(one)}"
    if one.verdict == "covered":
        return f"{_MEANINGS['covered']}{one.questions} questions, first {_first(one)}; also by {', '.join(one.besides)}"
    page = f" ({one.documented})" if one.verdict == "documented" else ""
    return f"{_MEANINGS[one.verdict]}{_short(one.actions)} on {_short(one.resources)}{page}"


def _first(one: Statement) -> str:
    return f"{one.action} on {one.resource} by {one.principal}{f' (behind {one.behind})' * bool(one.behind)}"


def _short(texts: tuple[str, ...]) -> str:
    more = len(texts) - _MOST
    return ", ".join(texts[:_MOST]) + (f" and {more} more" if more > 0 else "") or "the role"
