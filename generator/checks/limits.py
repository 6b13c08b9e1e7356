"""CodePipeline's and CloudFormation's limits that no linter knows: counts, names, providers and sizes.

https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from generator.application.template import is_written
from generator.aws_rules import limits
from generator.checks.action_limits import check_action
from generator.checks.longest import longest
from generator.checks.stages import stage_path
from generator.document import Document, Path
from generator.errors import Problem
from generator.model.action import Action
from generator.model.pipeline import Pipeline, PlannedStage

_NAME = re.compile(rf"[A-Za-z0-9.@\-_]{{1,{limits.PIPELINE_NAME_LENGTH}}}")
_STACK = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_RESERVED_NAMESPACES = frozenset({"codepipeline", "variables"})
# Where the pipeline file has the stages that every pipeline has.
_ELSEWHERE: dict[str, Path] = {"Source": ("source",), "Build": ("build",), "DeployTests": ("tests",)}


def check_limits(pipeline: Pipeline, file: Document) -> tuple[Problem, ...]:
    """What CodePipeline would refuse of a planned pipeline, at the stage of the pipeline file it belongs to.

    Texts are judged as long as they can become: a template serves every service of `SERVICE_LENGTH` characters.
    """
    problems = [file.problem((), message) for message in (*_counts(pipeline), *_repeated(pipeline))]
    for stage in pipeline.plan:
        path = _path(pipeline, stage, file)
        messages = [(path, message, "") for message in (*_stage(stage), *_rollback(stage, pipeline))]
        for action in stage.actions:
            own = _of_service(pipeline, action) or path
            messages += [(own, message, hint) for message, hint in check_action(action, pipeline)]
        problems += [
            file.problem(own, f"{message} (stage '{stage.name}')", hint, at="key") for own, message, hint in messages
        ]
    return (*problems, *_stacks(pipeline, file))


def check_template_size(size: int, name: str) -> tuple[Problem, ...]:
    """Whether CloudFormation takes a template of `size` bytes, which launch and the console hand over by way of S3."""
    if size > limits.TEMPLATE_BYTES:
        message = f"{name} has {size:,} bytes; CloudFormation takes {limits.TEMPLATE_BYTES:,}"
        return (Problem(message, hint="fewer stages, or shorter messages and parameters"),)
    return ()


def _path(pipeline: Pipeline, planned: PlannedStage, file: Document) -> Path:
    for index, stage in enumerate(pipeline.stages):
        if stage.name in (planned.stage, planned.name):
            path = stage_path(file, index)
            # What several services make of a stage that the file does not name is for them to change.
            return path if is_written(file.data, path) or not pipeline.app.service else ("services",)
    return _ELSEWHERE.get(planned.name, ())


def _of_service(pipeline: Pipeline, action: Action) -> Path:
    """The service whose stack an action changes, where there are several; else empty."""
    stack = action.configuration.get("StackName")
    deployments = (each for stage in pipeline.stages for each in stage.deployments if each.service)
    return next((("services", each.service) for each in deployments if each.stack == stack), ())


def _counts(pipeline: Pipeline) -> Iterator[str]:
    least, *_, most = limits.STAGES
    if len(pipeline.plan) not in limits.STAGES:
        yield f"the pipeline has {len(pipeline.plan)} stages; CodePipeline takes {least} to {most}"
    actions = sum(len(stage.actions) for stage in pipeline.plan)
    if actions > limits.ACTIONS:
        yield f"the pipeline has {actions} actions; CodePipeline takes {limits.ACTIONS}"


def _repeated(pipeline: Pipeline) -> Iterator[str]:
    actions = [action for stage in pipeline.plan for action in stage.actions]
    for name in _twice(stage.name for stage in pipeline.plan):
        yield f"two stages are named '{name}'"
    for name in _twice(action.namespace for action in actions if action.namespace):
        yield f"two actions have the namespace '{name}'"
    artifacts = [name for action in actions for name in action.outputs]
    for name in _twice(iter(artifacts)):
        yield f"two actions write the artifact '{name}'"
    for name in sorted({action.namespace for action in actions} & (_RESERVED_NAMESPACES | set(artifacts))):
        yield f"namespace '{name}' is reserved or the name of an artifact"


def _twice(names: Iterator[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _stage(stage: PlannedStage) -> Iterator[str]:
    if not _NAME.fullmatch(stage.name):
        yield f"'{stage.name}' is not a valid stage name: 1 to 100 letters, digits and .@-_"
    if len(stage.actions) not in limits.ACTIONS_OF_A_STAGE:
        yield f"it has {len(stage.actions)} actions; CodePipeline takes 1 to {limits.ACTIONS_OF_A_STAGE[-1]}"
    for name in _twice(action.name for action in stage.actions):
        yield f"two actions are named '{name}'"


def _rollback(stage: PlannedStage, pipeline: Pipeline) -> Iterator[str]:
    results = (stage.on_success and stage.on_success.result, stage.on_failure and stage.on_failure.result)
    # https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html
    if "ROLLBACK" in results and pipeline.execution == "PARALLEL":
        yield "it rolls back, which CodePipeline never does while executions run side by side"
    if "ROLLBACK" in results and any(action.category == "Source" for action in stage.actions):
        yield "it rolls back, which CodePipeline does not do with sources"


def _stacks(pipeline: Pipeline, file: Document) -> Iterator[Problem]:
    named = [
        (stage_path(file, index, "stack"), deployment.stack)
        for index, stage in enumerate(pipeline.stages)
        for deployment in stage.deployments
    ]
    if pipeline.tests:
        named.append((("tests",), pipeline.tests.deployment.stack))
    for path, stack in named:
        name = longest(stack, pipeline)
        if not _STACK.fullmatch(name) or len(name) > limits.STACK_NAME_LENGTH:
            hint = f"1 to {limits.STACK_NAME_LENGTH} letters, digits and hyphens, the first a letter"
            yield file.problem(path, f"'{stack}' is not a valid stack name", hint)
