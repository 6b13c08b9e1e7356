"""Which statements were needed: the questions that would have been answered differently without each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from generator.rehearsal.iam.authority import Entry, replay
from generator.rehearsal.iam.policy import Policy, Statement
from generator.rehearsal.iam.question import FUNCTION_LOG, Place, Question


@dataclass(frozen=True, slots=True)
class StatementUse:
    """One statement, once for all who hold it, and the questions it had a part in.

    `used` counts those it decided, alone or beside others; `needed` those whose answer turns without it. `first` is
    the first that needs it, else the first that used it. `besides` are the statements that would have done as well
    where it was used and not needed. `only_logs`: all that would be lost without it is the log of a function.
    """

    statement: Statement
    holders: tuple[str, ...]
    used: int
    needed: int
    first: Question | None
    besides: tuple[Place, ...]
    only_logs: bool = False


def statement_uses(entries: Sequence[Entry], held: Iterable[Policy]) -> tuple[StatementUse, ...]:
    """What rests on each statement of these policies, in their order."""
    alike: dict[object, list[Statement]] = {}
    for policy in held:
        for statement in policy.statements:
            alike.setdefault(_identity(statement.place), []).append(statement)
    return tuple(_use(entries, statements) for statements in alike.values())


def _identity(place: Place) -> object:
    """A managed policy, which is named by its ARN, is the same whoever holds it; an inline one is its holder's."""
    shared = place.policy.startswith("arn:")
    return (place.policy, place.statement) if shared else place


def _use(entries: Sequence[Entry], alike: Sequence[Statement]) -> StatementUse:
    places = [statement.place for statement in alike]
    used = [entry for entry in entries if any(place in entry.answer.decided_by for place in places)]
    turned = [entry.question for place in places for entry in _turned(entries, place)]
    first = [*turned, *(entry.question for entry in used)][:1]
    besides = {place for entry in used for place in entry.answer.decided_by if place not in places}
    return StatementUse(
        statement=alike[0],
        holders=tuple(dict.fromkeys(place.holder for place in places)),
        used=len(used),
        needed=len(turned),
        first=first[0] if first else None,
        besides=() if turned else tuple(sorted(besides)),
        only_logs=bool(turned) and all(question.behind == FUNCTION_LOG for question in turned),
    )


def _turned(entries: Sequence[Entry], place: Place) -> Iterator[Entry]:
    """The entries that would have been answered otherwise without a statement."""
    concerned = [entry for entry in entries if _concerns(entry, place)]
    for entry, answer in zip(concerned, replay(concerned, place), strict=True):
        if answer.allowed != entry.answer.allowed:
            yield entry


def _concerns(entry: Entry, place: Place) -> bool:
    """Whether it can matter to an answer: it decided it, or is of a limit or a resource, which decide beside others."""
    inputs = entry.inputs
    own = inputs.resource.policies if inputs.resource else ()
    beside = (*(inputs.principal.boundary or ()), *(inputs.principal.session or ()), *own)
    return place in entry.answer.decided_by or any(place in policy.places for policy in beside)
