"""What a pipeline uses of AWS: by its own actions for each commit, and by being there for a month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from generator.model.action import Action
from generator.model.build import Machine, Project
from generator.model.pipeline import Pipeline

DAYS = 30
"""Days of a month."""

MINUTES: Mapping[str, int] = {
    "source": 1,
    "build": 4,
    "commands": 1,
    "deploy": 3,
    "change-set": 1,
    "describe": 1,
    "execute": 2,
    "tests": 3,
    "other": 1,
}
"""Minutes an action of each kind is assumed to take; CodePipeline counts every action up to a full minute."""

_YEAR = 365
_FREE = "approval"
# start_tests and describe_changes have this much; test functions are taken to have as much.
_FUNCTION_GB = Decimal("0.25")
# The packaged application and the packaged tests, beside the build's artifact.
_PACKAGED = 2


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What no pipeline file says: commits a day, minutes by kind of action, MB of an artifact and of new layers."""

    commits_per_day: Decimal = Decimal(5)
    minutes: Mapping[str, int] = field(default_factory=lambda: dict(MINUTES))
    artifact_mb: Decimal = Decimal(5)
    image_mb: Decimal = Decimal(20)

    @property
    def commits(self) -> Decimal:
        """Commits of a month."""
        return self.commits_per_day * DAYS


@dataclass(frozen=True, slots=True)
class ActionTime:
    """The minutes one commit takes in an action; a manual approval is never charged and takes none.

    `kind` is a key of MINUTES, or `approval`.
    """

    stage: str
    action: str
    kind: str
    minutes: int


def action_times(pipeline: Pipeline, assumed: Assumptions) -> tuple[ActionTime, ...]:
    """The actions one commit runs through on its way to the last stage, in order."""
    return tuple(
        ActionTime(stage.name, action.name, kind, 0 if kind == _FREE else assumed.minutes[kind])
        for stage in pipeline.plan
        for action in sorted(stage.actions, key=lambda action: action.run_order)
        for kind in (action.purpose or "other",)
    )


def of_a_commit(pipeline: Pipeline, assumed: Assumptions) -> dict[str, Decimal]:
    """Quantities by item of the price list that one commit uses when it goes all the way."""
    times = action_times(pipeline, assumed)
    actions = [action for stage in pipeline.plan for action in stage.actions]
    puts = sum(len(action.outputs) for action in actions) + _PACKAGED
    gets = sum(len(action.inputs) for action in actions)
    return _used(
        [
            ("codepipeline.v2.minutes", sum(time.minutes for time in times)),
            *_builds(actions, assumed),
            *_functions(pipeline, times),
            ("s3.puts", puts),
            ("s3.gets", gets),
            ("kms.requests", puts + gets if pipeline.encryption == "kms" else 0),
            ("sns.emails", _mails(pipeline)),
        ]
    )


def of_a_month(pipeline: Pipeline, assumed: Assumptions) -> dict[str, Decimal]:
    """Quantities by item that are used by being there, after a year of such commits."""
    return _used(
        [
            ("s3.gb-months", _stored_gb(pipeline, assumed)),
            ("ecr.gb-months", _image_gb(assumed) if pipeline.build.images else 0),
            ("kms.keys", 1 if pipeline.encryption == "kms" and not pipeline.key else 0),
        ]
    )


def compute(machine: Machine) -> str:
    """CodeBuild's compute type as its price page writes it: `general1.small`, `arm1.small`, `lambda.arm.2gb`."""
    name = machine.compute_type.removeprefix("BUILD_").lower().replace("_", ".")
    arm = machine.environment_type.startswith("ARM")
    if machine.on_lambda:
        return name.replace("lambda", f"lambda.{'arm' if arm else 'x86'}")
    return name.replace("general1", "arm1") if arm else name


def _on(machine: Machine, minutes: int) -> tuple[str, int]:
    """What so many minutes on a machine are charged as: Lambda compute by the second."""
    if machine.on_lambda:
        return f"codebuild.{compute(machine)}.seconds", minutes * 60
    return f"codebuild.{compute(machine)}.minutes", minutes


def _builds(actions: Iterable[Action], assumed: Assumptions) -> Iterator[tuple[str, int]]:
    """Each action that runs a project uses its machine for as long as it takes."""
    for action in actions:
        for project in action.blocks:
            if isinstance(project, Project):
                yield _on(project.machine, assumed.minutes[action.purpose])


def _functions(pipeline: Pipeline, times: Iterable[ActionTime]) -> Iterator[tuple[str, Decimal]]:
    """A test action holds start_tests and the test functions for as long as it takes."""
    tests = len(pipeline.tests.outputs) if pipeline.tests else 0
    for time in times:
        calls = {"tests": 1 + tests if pipeline.tests else 0, "describe": 1}.get(time.kind, 0)
        yield "lambda.requests", Decimal(calls)
        yield "lambda.gb-seconds", calls * time.minutes * 60 * _FUNCTION_GB


def _mails(pipeline: Pipeline) -> int:
    """Mails of a commit that succeeds: each waiting approval is sent to its approvers and to everybody."""
    approvals = [stage.approval for stage in pipeline.stages if stage.approval]
    return sum(len(approval.addresses) + len(pipeline.subscriptions) for approval in approvals)


def _stored_gb(pipeline: Pipeline, assumed: Assumptions) -> Decimal:
    """Source and build artifacts until they expire, and packaged code, which never does."""
    kept = 2 * min(pipeline.artifact_expiry_days, _YEAR) + _YEAR
    return assumed.commits_per_day * assumed.artifact_mb * kept / 1000


def _image_gb(assumed: Assumptions) -> Decimal:
    """What the images of a year's commits add. They never expire, and a layer that is there is not stored again."""
    return assumed.commits_per_day * assumed.image_mb * _YEAR / 1000


def _used(uses: Iterable[tuple[str, Decimal | int]]) -> dict[str, Decimal]:
    together: dict[str, Decimal] = {}
    for item, quantity in uses:
        together[item] = together.get(item, Decimal(0)) + quantity
    return {item: quantity for item, quantity in together.items() if quantity}
