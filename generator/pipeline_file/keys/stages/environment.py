"""The key `environment` of a stage: where it lives, if not in the pipeline's own account."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from generator.errors import Problem
from generator.model.environment import is_elsewhere
from generator.pipeline_file import references
from generator.pipeline_file.entry import Entry
from generator.pipeline_file.environments import KEY, of_stage, parameter
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema

SCHEMA: Schema = {
    "$ref": "#/$defs/stage_word",
    "x-what": "the name of an environment",
    "description": "The environment it lives in, one of `environments`; the pipeline's own account when left out.",
}
# What is not carried out there yet, and why.
_NOT_THERE = {
    "before": "commands run in the pipeline's account, and read no outputs of a stack in another one",
    "after": "commands run in the pipeline's account, and read no outputs of a stack in another one",
    "alarms": "CodePipeline's rule looks at alarms of the pipeline's account",
}


def read(_settings: object, entry: Entry) -> Fields:
    """The environment; where the stage's stacks are follows from it."""
    return {"environment": of_stage(entry)}


def problems(settings: object, entry: Entry) -> Iterator[Problem]:
    """An environment that is not there, its parameters in this stage, and what is not supported in another account."""
    document, environments = entry.file.document, entry.file.settings(KEY)
    if not isinstance(settings, str):
        return
    if settings not in environments:
        close = difflib.get_close_matches(settings, environments, n=1)
        hint = f"did you mean '{close[0]}'?" if close else f"add it: {KEY}: {{{settings}: {{account: ...}}}}"
        yield document.problem((*entry.path, "environment"), f"there is no environment '{settings}'", hint)
        return
    for name in (environments[settings] or {}).get("parameters", {}):
        path, text = (KEY, settings, "parameters", name), parameter(entry.file, settings, name)
        yield from references.unknown(document, path, text, entry.namespaces)
        yield from references.free_text(document, path, text)
    for key, why in _NOT_THERE.items() if is_elsewhere(of_stage(entry)) else ():
        if key in entry.settings:
            message = f"'{key}' is not supported yet for a stage in another account: {why}"
            yield document.problem((*entry.path, key), message, "leave it out there", at="key")
