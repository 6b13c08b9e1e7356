"""The log of a CodeBuild action: the phase that failed, and the end of the build's log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.aws.door import Door
from generator.aws.log_lines import tail
from generator.aws.pipeline import Run
from generator.aws.section import Section


def sections(door: Door, run: Run, most: int) -> tuple[Section, ...]:
    """The sections of a build action's run."""
    builds = door.client("codebuild").batch_get_builds(ids=[run.external_id])["builds"] if run.external_id else []
    if not builds:
        return (Section("build", ("there is no build of this run (any more)",)),)
    return tuple(filter(None, (_phases(builds[0]), _log(door, builds[0], most))))


def _log(door: Door, build: Mapping[str, Any], most: int) -> Section:
    place = build.get("logs", {})
    title = f"log of build {build['id']}"
    if not place.get("groupName") or not place.get("streamName"):
        return Section(title, ("nothing was written to CloudWatch Logs",))
    lines = tail(door, place["groupName"], place["streamName"], most)
    return Section(title, lines or (f"{place['groupName']} has nothing of this build (any more)",))


def _phases(build: Mapping[str, Any]) -> Section | None:
    """What CodeBuild says about the phases that failed: the log lacks it when the build never got so far."""
    failed = tuple(line for phase in build.get("phases", ()) for line in _phase_lines(phase))
    return Section("failed phase", failed) if failed else None


def _phase_lines(phase: Mapping[str, Any]) -> tuple[str, ...]:
    if phase.get("phaseStatus", "SUCCEEDED") in ("SUCCEEDED", "IN_PROGRESS", "QUEUED"):
        return ()
    messages = [context["message"] for context in phase.get("contexts", ()) if context.get("message")]
    return tuple(f"{phase['phaseType']} {phase['phaseStatus']}: {each}" for each in messages or ["no reason given"])
