"""The scenario that asks for every right: each commit comes to its end, and each statement gets a verdict."""

from __future__ import annotations

import os
from dataclasses import dataclass

from generator.rehearsal.driver.declared import stack_name
from generator.rehearsal.driver.execution_watch import Wishes
from generator.rehearsal.driver.outcome import Outcome
from generator.rehearsal.driver.rehearsal import Rehearsal
from generator.rehearsal.driver.scenario import Parts, Scenario
from generator.rehearsal.driver.source import SourceChoice, take
from generator.rehearsal.driver.steps import PermissionsShown, Remarked, Step
from tests.rehearsal.driver.rehearsals import Stage
from tests.rehearsal.driver.small import Small, template


@dataclass(frozen=True, slots=True)
class Played:
    """What a scenario came to, and what was told."""

    outcome: Outcome
    steps: tuple[Step, ...]

    @property
    def remarks(self) -> str:
        return "\n".join(step.message for step in self.steps if isinstance(step, Remarked))


def play(stage: Stage, small: Small) -> Played:
    file = small.commit(stage.folder / small.name)
    text = template(file)
    source = take(file.parent, SourceChoice(), stage.folder / "source", os.environ)
    steps: list[Step] = []
    rehearsal = Rehearsal(stage.emulator, steps.append, Wishes(lambda _event: True))
    outcome = Scenario(stage.emulator, steps.append, rehearsal).run(
        stack_name(text), text, source, Parts(("app.yaml",), "tests.yaml")
    )
    return Played(outcome, tuple(steps))


def test_a_commit_that_is_red_by_itself_shows_no_permissions(stage: Stage) -> None:
    played = play(stage, Small("red-first", build="exit 1", stages="[beta]"))
    assert (played.outcome.status, played.outcome.stage) == ("Failed", "Build")
    assert not any(isinstance(step, PermissionsShown) for step in played.steps)
    assert "only shown for a commit that is green" in played.remarks


def test_a_commit_that_comes_to_another_end_is_red(stage: Stage) -> None:
    # The build fails for every commit but the first.
    first_only = 'test "$CODEBUILD_BUILD_NUMBER" = 1'
    played = play(stage, Small("ends-otherwise", build=first_only, stages="[beta]"))
    assert played.outcome.status == "Failed"
    first, second, *_ = played.outcome.reason.splitlines()
    assert first.startswith("the commit that changes tags, descriptions and code is Failed at Build/Build")
    assert second.startswith("the commit that makes the update of a stack fail and roll back failed at Build/Build for")
