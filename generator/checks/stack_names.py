"""Stacks whose deploy role also reaches another stack, because one name is a prefix of the other.

CloudFormation begins the names it makes with the stack's, so `orders-*` holds what a stack `orders-beta` makes as well.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.checks.phrases import listed
from generator.checks.stages import stage_path
from generator.document import Document, quote
from generator.errors import Problem
from generator.model.deployment import PIPELINE_STACK
from generator.model.pipeline import Pipeline
from generator.model.text import resolved


def check_stack_names(pipeline: Pipeline, file: Document) -> Iterator[Problem]:
    """A warning for each stage whose role could change what belongs to another stack of this pipeline."""
    if not pipeline.deploy_rights:
        return
    stacks = [
        (index, " in ".join(filter(None, (each.service, stage.word))), resolved(each.stack, pipeline.service))
        for index, stage in enumerate(pipeline.stages)
        for each in stage.deployments
    ]
    others = {*(stack for _, _, stack in stacks), resolved(PIPELINE_STACK, pipeline.service)}
    others |= {resolved(pipeline.tests.deployment.stack, pipeline.service)} if pipeline.tests else set()
    for index, word, stack in stacks:
        reached = tuple(sorted(name for name in others if name.startswith(f"{stack}-")))
        if reached:
            message = f"the deploy role of {word} covers names that begin with {quote(f'{stack}-')}: it reaches "
            hint = "choose names or stacks so that none is the beginning of another"
            yield file.problem(
                stage_path(file, index, "stack"), f"{message}{listed(reached)} too", hint, at="key", level="warning"
            )
