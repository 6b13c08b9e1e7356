"""The stages that an application's own parameters allow: a `Stage` of dev and prod has no beta."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from generator.application.template import Parameter, Template
from generator.init.names import stage_word
from generator.model.stage import DEFAULT_STAGES, RESERVED_STAGES

# Environments that people call so hold what must not break: they come last and ask first.
GUARDED = frozenset({"live", "prd", "prod", "production"})
# The pipeline gives every stage's word to the parameter of this name.
_OWN = "Stage"
_LIKE_IT = re.compile(r"(app|deploy|deployment|target)?(stage|env|environment)(name|type)?", re.IGNORECASE)


class Proposed(NamedTuple):
    """A stage whose word a parameter allows, the parameters to be written for it, and whether it asks first."""

    word: str
    parameters: Mapping[str, str]
    approval: bool


def proposed_stages(app: Template | None) -> tuple[Proposed, ...]:
    """A stage for each value that the parameter of the stages allows; none where the usual stages will do."""
    parameter = _parameter(app) if app else None
    if parameter is None or (parameter.name == _OWN and set(DEFAULT_STAGES) <= set(parameter.allowed)):
        return ()
    values = sorted(parameter.allowed, key=lambda value: stage_word(value) in GUARDED)
    stages = {stage_word(value): value for value in values}
    return tuple(
        Proposed(word, {} if (parameter.name, value) == (_OWN, word) else {parameter.name: value}, word in GUARDED)
        for word, value in stages.items()
        if word and word not in RESERVED_STAGES
    )


def _parameter(app: Template) -> Parameter | None:
    """The parameter that tells stages apart, where it allows certain values only."""
    if _OWN in app.parameters:
        return app.parameters[_OWN] if app.parameters[_OWN].allowed else None
    like_it = (parameter for name, parameter in app.parameters.items() if _LIKE_IT.fullmatch(name))
    return next((parameter for parameter in like_it if len(parameter.allowed) > 1), None)
