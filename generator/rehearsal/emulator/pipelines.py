"""CodePipeline as the emulator mounts it: with its neighbours' builds and repositories, with cfn-lint, and its news."""

from __future__ import annotations

from typing import Any

from generator.rehearsal.cfn_lint.linter import Linter
from generator.rehearsal.codepipeline.builds import Build, BuildOrder
from generator.rehearsal.codepipeline.event_publisher import EventPublisher, to_event_bus, to_record
from generator.rehearsal.codepipeline.service import CodePipeline
from generator.rehearsal.codepipeline.stubs import StubsFirst
from generator.rehearsal.codepipeline.triggers import Push
from generator.rehearsal.codepipeline.workers import Neighbours
from generator.rehearsal.emulator.builds import Builds
from generator.rehearsal.emulator.sources import Sources
from generator.rehearsal.service import Caller, Surroundings
from generator.repository.cache.answers import answers_below
from generator.repository.cache.folder import cache_folder


class BuildsAnywhere:
    """The builds of every account and region that an action may name."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings

    def start(self, order: BuildOrder) -> Build:
        """Start a build where its project is."""
        place = order.role.split(":")[4], order.region or self._surroundings.region
        builds = self._surroundings.neighbour("codebuild", place)
        if not isinstance(builds, Builds):
            raise TypeError("CodePipeline runs builds through the CodeBuild of this emulator")
        return builds.runner.start(order)


class Pipelines:
    """The pipelines of the emulator's account; their events go to the event bus and to whoever started it."""

    def __init__(self, surroundings: Surroundings) -> None:
        sources = Sources(surroundings.beside("codecommit"))
        self._publisher = EventPublisher([to_event_bus(surroundings), to_record(surroundings.publish)])
        answers = answers_below(cache_folder(surroundings.variables))
        self._linter = Linter(surroundings.region, surroundings.variables, answers)
        self._service = CodePipeline(
            Neighbours(surroundings, BuildsAnywhere(surroundings), sources, self._linter.errors),
            self._publisher.tell,
            assumptions=surroundings.assumptions,
            find=StubsFirst(surroundings.stubs),
        )

    def handle(self, operation: str, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Answer one operation."""
        return self._service.handle(operation, request, caller)

    def owns(self, operation: str, request: dict[str, Any], caller: Caller) -> bool:
        """Whether a request from elsewhere is about a job of a pipeline of this account and region."""
        return self._service.owns(operation, request, caller)

    def source_changed(self, push: Push) -> list[str]:
        """Start the pipelines a push starts by itself; execution ids."""
        return self._service.source_changed(push)

    def waits_for(self, job: str) -> bool:
        """Whether a job still waits for its answer."""
        return self._service.state.is_open(job)

    def leave(self, job: str) -> None:
        """Nobody will answer a job any more."""
        self._service.state.leave(job)

    def close(self) -> None:
        """Give up what runs, then pass on the last news."""
        self._service.close()
        self._publisher.close()
        self._linter.close()
