"""What happened: the values of an execution, its stages and its actions, as they are published while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Literal

from generator.errors import PenstockError

ActionStatus = Literal["InProgress", "Abandoned", "Succeeded", "Failed"]
"""AWS's ActionExecutionStatus, of one action."""
StageStatus = Literal["Cancelled", "InProgress", "Failed", "Stopped", "Stopping", "Succeeded", "Skipped"]
"""AWS's StageExecutionStatus, of one stage of one execution."""
ExecutionStatus = Literal["Cancelled", "InProgress", "Stopped", "Stopping", "Succeeded", "Superseded", "Failed"]
"""AWS's PipelineExecutionStatus, of one execution."""

NOT_REHEARSED = "NotRehearsed"
"""The error code of an action that failed only because this machine cannot do what it asks."""


class UnknownEventError(PenstockError):
    """An event message of an unknown kind."""

    exit_code: ClassVar[int] = 3


@dataclass(frozen=True, slots=True)
class ErrorDetails:
    """Why an action failed: a code to tell kinds of failure apart, and a sentence for the reader."""

    code: str
    message: str

    @property
    def not_rehearsed(self) -> bool:
        """Whether it failed for want of a rehearsal, and not because something is wrong."""
        return self.code == NOT_REHEARSED


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a time (aware), in one execution of one version of a pipeline."""

    at: datetime
    pipeline: str
    version: int
    execution: str


@dataclass(frozen=True, slots=True)
class ExecutionStarted(Event):
    """An execution began; `trigger` is AWS's TriggerType, `detail` who or what pulled it."""

    trigger: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ExecutionEnded(Event):
    """An execution came to its end; `stage` and `action` say where, unless it succeeded.

    `not_rehearsed` is set when it failed for no other reason than that something cannot be rehearsed.
    """

    status: ExecutionStatus
    summary: str = ""
    stage: str = ""
    action: str = ""
    not_rehearsed: bool = False


@dataclass(frozen=True, slots=True)
class StageEvent(Event):
    """Something that happened in one stage."""

    stage: str


@dataclass(frozen=True, slots=True)
class StageWaiting(StageEvent):
    """The execution stands before the stage; `reason` says what it waits for."""

    reason: str


@dataclass(frozen=True, slots=True)
class StageStarted(StageEvent):
    """The execution entered the stage, for the first time or to try it again."""

    retry: bool = False


@dataclass(frozen=True, slots=True)
class StageEnded(StageEvent):
    """The execution left the stage or came to a halt in it."""

    status: StageStatus


@dataclass(frozen=True, slots=True)
class ActionEvent(StageEvent):
    """Something that happened in one run of one action.

    `run` is AWS's action execution id, `kind` the four parts of AWS's ActionTypeId: category, owner, provider
    and version.
    """

    action: str
    run: str
    kind: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class ActionStarted(ActionEvent):
    """An action began."""


@dataclass(frozen=True, slots=True)
class ActionWaiting(ActionEvent):
    """An action waits for a person: what the approver was shown, and the token that answers."""

    token: str
    message: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class ActionProgressed(ActionEvent):
    """An action that runs said something about itself."""

    summary: str = ""
    external_id: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class AssumptionMade(ActionEvent):
    """An action relied on something AWS does not document: the assumption's name and value, what that means, why."""

    assumption: str
    value: str
    meaning: str
    why: str


@dataclass(frozen=True, slots=True)
class ActionEnded(ActionEvent):
    """An action came to its end; `log` holds the last lines of what it did, oldest first."""

    status: ActionStatus
    summary: str = ""
    error: ErrorDetails | None = None
    log: tuple[str, ...] = ()
    external_id: str = ""
    url: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)


_KINDS: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        ExecutionStarted,
        ExecutionEnded,
        StageWaiting,
        StageStarted,
        StageEnded,
        ActionStarted,
        ActionWaiting,
        ActionProgressed,
        AssumptionMade,
        ActionEnded,
    )
}


def to_message(event: Event) -> dict[str, Any]:
    """The event as JSON takes it: its kind under `type`, its time as ISO 8601."""
    return {"type": type(event).__name__, **asdict(event), "at": event.at.isoformat()}


def from_message(message: Mapping[str, Any]) -> Event:
    """The event that `to_message` made this message of. Raises UnknownEventError for a kind that is not known."""
    fields = dict(message)
    kind = _KINDS.get(fields.pop("type", ""))
    if kind is None:
        raise UnknownEventError(f"unknown kind of event {message.get('type')!r}")
    fields["at"] = datetime.fromisoformat(fields["at"])
    if fields.get("error"):
        fields["error"] = ErrorDetails(**fields["error"])
    for name in ("kind", "log"):
        if name in fields:
            fields[name] = tuple(fields[name])
    return kind(**fields)
