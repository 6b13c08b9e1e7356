"""The pipeline of pull requests: how it builds what nobody has merged yet, and ends there.

What a pull request says is run before anybody has read it. So its pipeline has no stage that deploys, and its build no
secret, no network of yours, no cache it shares and no place of its own but one folder of the artifact bucket.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.model import images
from generator.model.build import Build
from generator.model.pipeline import CodePipeline, Pipeline, PlannedStage, console
from generator.model.source import Source
from generator.model.template import Output
from generator.pipelines import build
from generator.stages.actions import codebuild

FOLDER = "PullRequests-"
"""What the names of its artifacts begin with in the bucket; with a capital, which no service has.

CodePipeline keeps a pipeline's artifacts in a folder that is called by the first 20 characters of the pipeline's name.
"""
_NAME = FOLDER + "${ServiceName}"
_PACKAGED = f"{FOLDER}Packaged"
_LOGICAL_ID = "PullRequests"
_BUILD = codebuild.Naming(
    _NAME,
    "PullRequestsBuildProject",
    "PullRequestsBuild",
    (
        "Builds a pull request. Its code is nobody's yet: no secrets, no cache and no packaged code of the others.",
        "What the build may do: read the source, write artifacts and packaged code. No right to deploy.",
        "The build's log.",
    ),
)


def codepipelines(pipeline: Pipeline) -> Iterator[CodePipeline]:
    """The pipeline in AWS's words; nothing for a source without pull requests."""
    if pipeline.pull_request is None:
        return
    objects = (pipeline.store.folder(FOLDER),)
    unmerged = _unmerged(pipeline.build)
    project = build.project(_BUILD, unmerged, pipeline.settings, build.Objects(objects, packaged=_PACKAGED))
    stages: tuple[PlannedStage, ...] = (
        build.source_stage(_undetected(pipeline.source)),
        build.build_stage(unmerged, project),
    )
    comment = "What CodePipeline may do with pull requests: read them, build them. No right to deploy."
    yield CodePipeline(
        logical_id=_LOGICAL_ID,
        name=_NAME,
        comment="Builds every pull request and ends there: what is not merged is never deployed.",
        role=build.role("PullRequestsRole", comment, stages, pipeline.store, objects),
        source=pipeline.source.action.name,
        stages=stages,
        # Nothing is deployed: no execution has to wait for another, and none may overtake another.
        mode="PARALLEL",
        store=pipeline.store,
        output=Output("PullRequestsUrl", console(_LOGICAL_ID), "The builds of pull requests in the console."),
        pull_request=pipeline.pull_request,
        variables=pipeline.variables,
    )


def _unmerged(merged: Build) -> Build:
    """The build of every commit, without its secrets, its network, its cache, and a place for its images."""
    machine = merged.machine._replace(cache="none", network=None)
    environment = {name: text for name, text in merged.environment.items() if name != images.VARIABLE}
    return merged._replace(machine=machine, secrets=(), statements=(), environment=environment)


def _undetected(source: Source) -> Source:
    # https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-triggers.html
    configuration = {**source.action.configuration, "DetectChanges": "false"}
    return source._replace(action=source.action._replace(configuration=configuration))
