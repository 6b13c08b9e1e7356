"""The stacks that a rehearsal launches in other accounts, before the pipeline's."""

from __future__ import annotations

from collections.abc import Mapping

from generator.model.environment import PIPELINE_ACCOUNT
from generator.model.pipeline import Pipeline
from generator.model.text import resolved
from generator.rehearsal.driver.launch import Stack
from generator.rehearsal.emulator.handle import Emulator


def stacks_elsewhere(pipeline: Pipeline, templates: Mapping[str, str], emulator: Emulator) -> tuple[Stack, ...]:
    """One for each environment, out of the templates by the names of their stacks."""
    parameters = {PIPELINE_ACCOUNT: emulator.settings.account}
    names = ((resolved(environment.stack, pipeline.service), environment) for environment in pipeline.environments)
    return tuple(Stack(name, templates[name], environment.account, parameters) for name, environment in names)
