"""What is assumed where AWS does not document its behaviour: one list, each entry can be flipped by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from generator.errors import InvalidInputError, Problem


@dataclass(frozen=True, slots=True)
class Assumption:
    """A name, two values and what each means; the first is assumed unless the user flips it.

    `silent` names the AWS page that leaves it open, and how.
    """

    name: str
    values: tuple[str, str]
    meanings: tuple[str, str]
    silent: str

    @property
    def default(self) -> str:
        """The value that holds unless another is chosen."""
        return self.values[0]

    def holds(self, chosen: Chosen) -> bool:
        """Whether it is as it is by default, given what was chosen."""
        return chosen.get(self.name, self.default) == self.default

    def relied_on(self, chosen: Chosen) -> ReliedOn:
        """What to tell when somebody relied on it."""
        at = 0 if self.holds(chosen) else 1
        return ReliedOn(self.name, self.values[at], self.meanings[at], self.silent)


@dataclass(frozen=True, slots=True)
class ReliedOn:
    """An assumption that was relied on: its value, what that means, and why it had to be assumed."""

    assumption: str
    value: str
    meaning: str
    why: str


Chosen = Mapping[str, str]
"""The name of an assumption -> its value. Those left out are as they are by default."""
AS_THEY_ARE: Chosen = MappingProxyType({})

_GUIDE = "https://docs.aws.amazon.com/codepipeline/latest/userguide"

ABSOLUTE_ARTIFACT = Assumption(
    "absolute-artifact",
    ("whole-path", "file-name"),
    (
        "a file that the artifacts name by its whole path, outside of the source, has that path inside the artifact",
        "a file that the artifacts name by its whole path, outside of the source, has its name alone in the artifact",
    ),
    "https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html speaks of paths that count from the"
    " source or the base directory",
)
ALARM_STATES = Assumption(
    "alarm-states",
    ("alarm", "no-data-too"),
    (
        "a rule that names no AlarmStates looks for ALARM alone",
        "a rule that names no AlarmStates looks for ALARM and INSUFFICIENT_DATA",
    ),
    f"{_GUIDE}/rule-reference-CloudWatchAlarm.html gives AlarmStates no default, and the API takes rules without it",
)
ALARM_STAYS = Assumption(
    "alarm-stays",
    ("yes", "no"),
    (
        "an alarm that is not red right after its stage does not turn red within WaitTime, which is not waited",
        "an alarm that is not red right after its stage turns red within WaitTime",
    ),
    "what an alarm does later depends on the application under its users, which no page can tell",
)
CONNECTION_COMPLETED = Assumption(
    "connection-completed",
    ("yes", "no"),
    (
        "somebody completed the connection in the console, so that it is AVAILABLE by the time the pipeline runs",
        "nobody completed the connection in the console: it is still PENDING when the pipeline runs",
    ),
    "https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-update.html leaves it to a person",
)
CONTINUED_JOB = Assumption(
    "continued-job",
    ("soon", "later"),
    (
        "a function that returned a continuation token is called again after half a second",
        "a function that returned a continuation token is called again after half a minute",
    ),
    f"{_GUIDE}/actions-invoke-lambda-function.html does not say how soon or how often",
)
CONTINUED_PHASE = Assumption(
    "continued-phase",
    ("succeeds", "fails"),
    (
        "a phase with on-failure: CONTINUE that failed does not fail the build",
        "a phase with on-failure: CONTINUE that failed fails the build once it is through",
    ),
    "https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html says how the build goes on,"
    " not what becomes of it",
)
EMPTY_CHANGE_SET = Assumption(
    "empty-change-set",
    ("succeeds", "fails"),
    (
        "a change set without changes is not a failure: making it succeeds, and executing it does nothing",
        "a change set without changes fails the action that makes or executes it",
    ),
    f"{_GUIDE}/action-reference-CloudFormation.html does not mention a change set without changes",
)
EMPTY_UPDATE = Assumption(
    "empty-update",
    ("succeeds", "fails"),
    (
        "an update without changes is not a failure: the action succeeds, and has the outputs of the stack as it is",
        "an update without changes fails the action",
    ),
    f"{_GUIDE}/action-reference-CloudFormation.html does not mention an update without changes",
)
LEFT_JOB = Assumption(
    "left-job",
    ("never-answered", "answered-later"),
    (
        "nobody answers a job that its function left unanswered, once nothing else runs, waits or is scheduled",
        "a job that its function left unanswered is waited for as long as CodePipeline waits, 20 minutes",
    ),
    f"{_GUIDE}/actions-invoke-lambda-function.html lets anybody with the job's id answer it, of whom no page can tell",
)
REPLACE_ROLLED_BACK = Assumption(
    "replace-rolled-back",
    ("yes", "no"),
    (
        "REPLACE_ON_FAILURE replaces a stack in ROLLBACK_COMPLETE as well",
        "REPLACE_ON_FAILURE updates a stack in ROLLBACK_COMPLETE, which CloudFormation refuses",
    ),
    f"{_GUIDE}/action-reference-CloudFormation.html leaves the state out,"
    " CloudFormation's table of action modes has it",
)
ROLLBACK_ENDS = Assumption(
    "rollback-ends",
    ("with-its-stage", "with-the-last-stage"),
    (
        "a rollback runs all actions of the one stage again, and ends there",
        "a rollback runs all actions of the stage again, and goes on through the stages after it",
    ),
    f"{_GUIDE}/stage-rollback.html mentions the stage that is rolled back, and not those after it",
)
TEMPLATE_UPLOAD = Assumption(
    "template-upload",
    ("pipeline-role", "action-role"),
    (
        "for an action of another account the pipeline's role lays a large template into the artifact store",
        "for an action of another account the action's role lays a large template into the artifact store",
    ),
    f"{_GUIDE}/action-reference-CloudFormation.html does not say how a large template gets to CloudFormation",
)
TRAFFIC_SHIFT = Assumption(
    "traffic-shift",
    ("undisturbed", "alarmed"),
    (
        "CodeDeploy shifts all traffic of an alias at once, and no alarm of the deployment group goes off",
        "an alarm goes off while CodeDeploy shifts an alias's traffic: it shifts back, and the stack rolls back",
    ),
    "how the new version does while it gets a part of the traffic depends on the application under its users,"
    " which no page can tell",
)
ASSUMPTIONS = (
    ABSOLUTE_ARTIFACT,
    ALARM_STATES,
    ALARM_STAYS,
    CONNECTION_COMPLETED,
    CONTINUED_JOB,
    CONTINUED_PHASE,
    EMPTY_CHANGE_SET,
    EMPTY_UPDATE,
    LEFT_JOB,
    REPLACE_ROLLED_BACK,
    ROLLBACK_ENDS,
    TEMPLATE_UPLOAD,
    TRAFFIC_SHIFT,
)


def chosen(words: Iterable[str]) -> Chosen:
    """What "NAME=VALUE" words choose. Raises InvalidInputError that lists every unknown word, and all there are."""
    assumptions = {assumption.name: assumption for assumption in ASSUMPTIONS}
    choices = [word.partition("=")[::2] for word in words]
    problems = [
        f"--assume {name}={value}: {why}" for name, value in choices if (why := _why_not(assumptions, name, value))
    ]
    if repeated := sorted({name for name, value in choices if dict(choices)[name] != value}):
        problems.append(f"--assume: {', '.join(repeated)} has more than one value")
    if problems:
        listed = "there are: " + ", ".join(_choices())
        raise InvalidInputError([Problem(message, hint=listed * (message is problems[-1])) for message in problems])
    return dict(choices)


def _why_not(assumptions: Mapping[str, Assumption], name: str, value: str) -> str:
    if name not in assumptions:
        return "there is no such assumption"
    return "" if value in assumptions[name].values else f"it is {' or '.join(assumptions[name].values)}"


def _choices() -> Iterator[str]:
    for assumption in ASSUMPTIONS:
        yield f"{assumption.name}={'|'.join(assumption.values)}"
