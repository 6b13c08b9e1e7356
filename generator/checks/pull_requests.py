"""What builds of pull requests do without: their code is run before anybody has read it."""

from __future__ import annotations

from collections.abc import Iterator

from generator.document import Document
from generator.errors import Problem
from generator.model.pipeline import Pipeline

_TRIGGER = ("trigger", "pull_requests")


def check_pull_requests(pipeline: Pipeline, file: Document) -> Iterator[Problem]:
    """A remark for each thing that a build has and that of a pull request has not."""
    if pipeline.pull_request is None:
        return
    hint = "$CODEBUILD_INITIATOR is codepipeline/PullRequests-<service> there: unit tests can pass over what needs them"
    if secrets := ", ".join(one.name for one in pipeline.build.secrets):
        yield file.problem(_TRIGGER, f"builds of pull requests get no secrets: {secrets}", hint, level="info")
    if pipeline.build.machine.network:
        yield file.problem(_TRIGGER, "builds of pull requests run outside the VPC", hint, level="info")
