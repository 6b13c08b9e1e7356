"""What a rehearsal came to, and how its stages fared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

from generator.execution import ActionEnded, AssumptionMade, Event, ExecutionEnded, StageStarted
from generator.rehearsal.assumptions import ReliedOn
from generator.rehearsal.driver import logs
from generator.rehearsal.driver.denials import Denial
from generator.rehearsal.driver.launch import is_not_rehearsed
from generator.rehearsal.sandbox.attempts import Attempt, Unreachable

Status = Literal["Succeeded", "Failed", "Stopped", "Stubbed", "NotRehearsed"]


@dataclass(frozen=True, slots=True)
class StageReport:
    """What a stage left behind: the URLs among its stacks' outputs, and what its tests counted."""

    name: str
    urls: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended and where; `Stopped` is where it was asked to, all green so far.

    `Stubbed` would be green, but `stubbed` actions ("Stage/Action (Provider)") were not run; `stubs_accepted` says
    whether that is green enough.

    `reason` is what the action answered, `cause` why, as far as a log or a stack's events tell.

    `stand_ins` maps a runtime to what ran in its place, `assumptions` are those that were relied
    upon; `lacking` says what this machine could not do, `denials` what IAM refused to anybody on the way,
    `unchecked` for which resource types it is not known here what CloudFormation calls under a stack's role.
    `protection` says what kept programs on this machine, `protection_reason` why it was not the stronger
    one; `attempts` to leave were refused, `unreachable` are registries that did not answer.
    """

    status: Status
    stage: str = ""
    action: str = ""
    reason: str = ""
    stages: tuple[StageReport, ...] = ()
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    assumptions: tuple[ReliedOn, ...] = ()
    lacking: tuple[str, ...] = ()
    denials: tuple[Denial, ...] = ()
    unchecked: tuple[str, ...] = ()
    protection: str = ""
    protection_reason: str = ""
    attempts: tuple[Attempt, ...] = ()
    unreachable: tuple[Unreachable, ...] = ()
    cause: str = ""
    stubbed: tuple[str, ...] = ()
    stubs_accepted: bool = False

    EXIT_CODES: ClassVar[Mapping[Status, int]] = {
        "Succeeded": 0,
        "Stopped": 0,
        "Failed": 1,
        "Stubbed": 5,
        "NotRehearsed": 5,
    }

    @property
    def exit_code(self) -> int:
        """The exit code of the command: 0 green, 1 red, 5 not rehearsed."""
        return 0 if self.status == "Stubbed" and self.stubs_accepted else self.EXIT_CODES[self.status]


@dataclass(frozen=True, slots=True)
class Stubs:
    """The providers whose actions are not run, and whether that is green enough."""

    providers: frozenset[str] = frozenset()
    accepted: bool = False


NO_STUBS = Stubs()


class Tally:
    """Gathers, event by event, what the outcome will say."""

    def __init__(self, stubs: Stubs = NO_STUBS) -> None:
        self._stubs = stubs
        self._stubbed: list[str] = []
        self._stages: dict[str, StageReport] = {}
        self._urls: dict[tuple[str, str], tuple[str, ...]] = {}
        self._assumptions: dict[str, ReliedOn] = {}
        self._stand_ins: dict[str, str] = {}
        self._failed: ActionEnded | None = None
        self._cause = ""

    def take(self, event: Event) -> None:
        """Note an event."""
        if isinstance(event, ActionEnded) and event.kind[2] in self._stubs.providers:
            self._stubbed.append(f"{event.stage}/{event.action} ({event.kind[2]})")
        match event:
            case StageStarted():
                self._stages.setdefault(event.stage, StageReport(event.stage))
            case AssumptionMade():
                self._assumptions[event.assumption] = ReliedOn(event.assumption, event.value, event.meaning, event.why)
            case ActionEnded(status="Succeeded"):
                self._stages[event.stage] = self._grown(self._stages[event.stage], event)
            case ActionEnded():
                self._failed = event

    def _grown(self, report: StageReport, event: ActionEnded) -> StageReport:
        category, _, provider, _ = event.kind
        if provider == "CloudFormation":
            urls = tuple(value for _, value in sorted(event.variables.items()) if value.startswith("https://"))
            # What a stack has last counts; a stage may have several stacks.
            self._urls |= {(event.stage, event.external_id): urls} if urls else {}
            of_stage = (urls for (stage, _), urls in self._urls.items() if stage == event.stage)
            return replace(report, urls=tuple(url for urls in of_stage for url in urls))
        if category == "Invoke" and "Passed" in event.variables:
            return replace(report, tests=(*report.tests, event.summary))
        return report

    def built(self, stage: str, log: tuple[str, ...]) -> None:
        """Note what only the log of a build tells: the counts of its reports, what stood in for its runtimes."""
        report = self._stages[stage]
        self._stages[stage] = replace(report, tests=(*report.tests, *logs.counts(log)))
        self._stand_ins |= logs.stand_ins(log)

    def failed(self, cause: str) -> None:
        """Note why an action failed, in one line of a log; of several causes the last action's counts."""
        self._cause = cause

    def outcome(self, status: Status, stage: str = "", action: str = "", reason: str = "") -> Outcome:
        """The outcome with all that was noted."""
        return Outcome(
            "Stubbed" if self._stubbed and status in ("Succeeded", "Stopped") else status,
            stage,
            action,
            reason,
            stages=tuple(self._stages.values()),
            stand_ins=dict(self._stand_ins),
            assumptions=tuple(assumption for _, assumption in sorted(self._assumptions.items())),
            stubbed=tuple(self._stubbed),
            stubs_accepted=self._stubs.accepted,
        )

    def ended(self, event: ExecutionEnded, lacking: tuple[str, ...]) -> Outcome:
        """The outcome of an execution that ended, given what this machine could not do meanwhile."""
        if event.status == "Succeeded":
            return replace(self.outcome("NotRehearsed" if lacking else "Succeeded"), lacking=lacking)
        unable = event.not_rehearsed or self._failed_for_want(lacking)
        # The summary names the action, which the outcome does as well.
        reason = event.summary.removeprefix(f"{event.action}: ")
        reason = reason if event.status == "Failed" else f"the execution is {event.status}: {reason}"
        outcome = self.outcome("NotRehearsed" if unable else "Failed", event.stage, event.action, reason)
        return replace(outcome, lacking=lacking, cause=self._cause)

    def _failed_for_want(self, lacking: tuple[str, ...]) -> bool:
        """Whether what failed could not have gone well: a function or a resource that does not exist here."""
        failed = self._failed
        if failed is None or failed.error is None:
            return False
        return is_not_rehearsed(failed.error.message) or (bool(lacking) and failed.kind[0] == "Invoke")
