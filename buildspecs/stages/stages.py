"""The stages that a build makes templates for, and what becomes of each template: packed, uploaded, looked over."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import bundles
import template_checks
import templates
import uploads

OUTPUT = "packaged-{}.yaml"
DONE = Path(tempfile.mkdtemp())
"""What is done waits here: what makes the template of a later stage may pack the whole repository."""


class Stage(NamedTuple):
    """A stage's word, the stack it is deployed to, and the parameters that the pipeline file gives it."""

    word: str
    stack: str
    parameters: dict[str, str]


def every() -> list[Stage]:
    """The stages in the order of the pipeline."""
    stages: list[dict[str, Any]] = json.loads(os.environ["STAGES"])
    return [Stage(stage["stage"], stage["stack"], stage["parameters"]) for stage in stages]


def each(make: Callable[[Stage], str], *, parameters: bool = True) -> None:
    """Have the template of each stage made and deliver it; end the build with everything that is wrong with any.

    `parameters`: those of the pipeline file are the template's, and do not go into what makes it.
    """
    problems: list[str] = []
    for stage in every():
        output = str(DONE / OUTPUT.format(stage.word))
        deliver(make(stage), output)
        own = stage.parameters if parameters else None
        checked = template_checks.of_application(output, stage.stack, own)
        problems += [f"{stage.word}: {problem}" for problem in checked]
    if problems:
        sys.exit("\n".join(problems))
    for file in DONE.iterdir():
        shutil.move(file, file.name)


def deliver(path: str, output: str) -> None:
    """Pack the local code that a template names, upload it, and write the template that names the objects."""
    template = templates.Template(path)
    for code in template.codes():
        template.place(code.logical_id, bundles.packed_as_is(code.path))
    template.write()
    uploads.package(path, output)
