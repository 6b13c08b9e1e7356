"""The pipeline of pull requests: how it builds what nobody has merged yet, and ends there.

What a pull request says is run before anybody has read it. So its pipeline has no stage that deploys, and its build no
secret, no network of yours, no cache it shares and no place of its own but one folder of the artifact bucket.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.action import Action
from generator.model.build import Build
from generator.model.iam import Statement
from generator.model.pipeline import Pipeline, PlannedStage

FOLDER = "PullRequests-"
"""What the names of its artifacts begin with in the bucket; with a capital, which no service has.

CodePipeline keeps a pipeline's artifacts in a folder that is called by the first 20 characters of the pipeline's name.
"""
NAME = FOLDER + "${ServiceName}"
"""The name of the pipeline, and of the project that builds for it."""
_PACKAGED = f"{FOLDER}Packaged"
PROJECT = "PullRequestsBuildProject"
"""The logical id of that project."""


def plan(pipeline: Pipeline) -> tuple[PlannedStage, ...]:
    """Source and Build, and nothing else."""
    source, build = pipeline.plan[0], pipeline.plan[1]
    return (
        source._replace(actions=tuple(_unheard(action) for action in source.actions)),
        build._replace(actions=tuple(_elsewhere(action) for action in build.actions), statements=tuple(_rights(build))),
    )


def build(pipeline: Pipeline) -> Build:
    """The build of every commit, without its secrets, its network and its cache; what it packages lies apart."""
    environment = {**pipeline.build.environment, "BUILD_OUTPUT_PREFIX": _PACKAGED}
    machine = pipeline.build.machine._replace(cache="none", network=None)
    return pipeline.build._replace(environment=environment, machine=machine, secrets=())


def _unheard(source: Action) -> Action:
    # https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-triggers.html
    return source._replace(configuration={**source.configuration, "DetectChanges": "false"})


def _elsewhere(action: Action) -> Action:
    return action._replace(configuration={**action.configuration, "ProjectName": f"${{{PROJECT}}}"})


def _rights(stage: PlannedStage) -> Iterator[Statement]:
    for statement in stage.statements:
        yield statement._replace(resources=(f"${{{PROJECT}.Arn}}",))
