"""Which statements were needed: the questions that would have been answered differently without each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from generator.rehearsal.iam.evaluation import decide
from generator.rehearsal.iam.inputs import Inputs
from generator.rehearsal.iam.policy import Policy, Statement
from generator.rehearsal.iam.question import FUNCTION_LOG, Answer, Place, Question


@dataclass(frozen=True, slots=True)
class Entry:
    """One question, its answer, and what the answer rests on."""

    question: Question
    answer: Answer
    inputs: Inputs

    def turns_without(self, place: Place) -> bool:
        """Whether the answer would have been another with one statement left out."""
        return decide(self.question, self.inputs.without(place)).allowed != self.answer.allowed

    def concerned(self) -> frozenset[Place]:
        """The statements that can matter: those that decided, and those of limits and resources, which decide beside.

        Those of a session's own policy go with the session: no report asks for them.
        """
        inputs = self.inputs
        own = inputs.resource.policies if inputs.resource else ()
        beside = (policy.places for policy in (*(inputs.principal.boundary or ()), *own))
        return (
            frozenset(self.answer.decided_by)
            .union(*beside)
            .difference(*(policy.places for policy in inputs.principal.session or ()))
        )


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


@dataclass(slots=True)
class _Count:
    """What rests on a statement at one place."""

    used: int = 0
    needed: int = 0
    first_used: Question | None = None
    first_needed: Question | None = None
    besides: set[Place] = field(default_factory=set)
    only_logs: bool = True


class Tally:
    """What rests on each statement. It grows with the statements there are, not with the questions that were asked."""

    def __init__(self) -> None:
        self._counts: defaultdict[Place, _Count] = defaultdict(_Count)

    def add(self, entry: Entry) -> None:
        """Count a question; the earlier one comes first."""
        for place in entry.concerned():
            count = self._counts[place]
            if place in entry.answer.decided_by:
                count.used += 1
                count.first_used = count.first_used or entry.question
                count.besides.update(entry.answer.decided_by)
            if entry.turns_without(place):
                count.needed += 1
                count.first_needed = count.first_needed or entry.question
                count.only_logs &= entry.question.behind == FUNCTION_LOG

    def uses(self, held: Iterable[Policy]) -> tuple[StatementUse, ...]:
        """What rests on each statement of these policies, in their order."""
        alike: dict[object, list[Statement]] = {}
        for policy in held:
            for statement in policy.statements:
                alike.setdefault(_identity(statement.place), []).append(statement)
        return tuple(map(self._use, alike.values()))

    def _use(self, alike: Sequence[Statement]) -> StatementUse:
        places = list(dict.fromkeys(statement.place for statement in alike))
        counts = [self._counts[place] for place in places if place in self._counts]
        needed = sum(count.needed for count in counts)
        firsts = (*(count.first_needed for count in counts), *(count.first_used for count in counts))
        besides = frozenset().union(*(count.besides for count in counts)).difference(places)
        return StatementUse(
            statement=alike[0],
            holders=tuple(dict.fromkeys(place.holder for place in places)),
            used=sum(count.used for count in counts),
            needed=needed,
            first=next(filter(None, firsts), None),
            besides=() if needed else tuple(sorted(besides)),
            only_logs=bool(needed) and all(count.only_logs for count in counts),
        )


def _identity(place: Place) -> object:
    """A managed policy, which is named by its ARN, is the same whoever holds it; an inline one is its holder's."""
    shared = place.policy.startswith("arn:")
    return (place.policy, place.statement) if shared else place
