"""The pipeline of pull requests with all it has for itself: a role, a project, the project's role and log."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.iam import Statement
from generator.model.pipeline import Pipeline, PlannedStage
from generator.model.template import Output, Resource
from generator.model.trigger import PullRequest
from generator.pipelines import pull_request
from generator.pipelines.pull_request import FOLDER, NAME, PROJECT
from generator.render import building, delivery
from generator.render.policies import role

_ROLE = "PullRequestsRole"
_OBJECTS = f"${{ArtifactBucket.Arn}}/{FOLDER}*"
# A closed one has nothing to build.
_EVENTS = ("OPEN", "UPDATED")


def resources(pipeline: Pipeline) -> Iterator[Resource]:
    """Everything that builds pull requests; nothing for a pipeline that hears of none."""
    heard = pipeline.source.pull_request
    if heard is None:
        return
    plan = pull_request.plan(pipeline)
    yield _pipeline(pipeline, plan, heard)
    comment = "What CodePipeline may do with pull requests: read them, build them. No right to deploy."
    yield from role(_ROLE, "codepipeline", _statements(pipeline, plan), comment)
    yield from building.project(
        pipeline,
        pull_request.build(pipeline),
        building.Place(PROJECT.removesuffix("Project"), NAME, _OBJECTS),
        "Builds a pull request. Its code is nobody's yet: no secrets, no cache and no packaged code of the others.",
    )


def outputs(pipeline: Pipeline) -> Iterator[Output]:
    """Where somebody sees what became of a pull request."""
    if pipeline.source.pull_request:
        console = "https://${AWS::Region}.console.aws.amazon.com/codesuite/codepipeline/pipelines/${PullRequests}/view"
        yield Output("PullRequestsUrl", console, "The builds of pull requests in the console.")


def _pipeline(pipeline: Pipeline, plan: tuple[PlannedStage, ...], heard: PullRequest) -> Resource:
    chosen = {"Branches": heard.branches, "FilePaths": heard.paths}
    filters = {key: delivery.patterns(one) for key, one in chosen.items() if one}
    trigger = delivery.trigger(pipeline, PullRequest=[{**filters, "Events": list(_EVENTS)}])
    # Nothing is deployed: no execution has to wait for another, and none may overtake another.
    properties = delivery.declaration(pipeline, plan, [trigger], name=NAME, role=f"${{{_ROLE}.Arn}}", mode="PARALLEL")
    comment = "Builds every pull request and ends there: what is not merged is never deployed."
    return Resource("PullRequests", "AWS::CodePipeline::Pipeline", properties, comment)


def _statements(pipeline: Pipeline, plan: tuple[PlannedStage, ...]) -> Iterator[Statement]:
    for stage in plan:
        yield from stage.statements
    yield from delivery.artifacts(pipeline, _OBJECTS)
