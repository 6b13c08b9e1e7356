"""What the tests of looks share: a template, what it wants, and what stands of it."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from generator.aws.doctor.check import Finding, Look
from generator.aws.doctor.launched_stack import Launched
from generator.aws.doctor.requirements import Requirements, Source, requirements_of
from generator.aws.door import Door
from generator.aws.stacks import Held
from generator.compiler.pipeline import compile_file
from generator.render import template_text
from generator.repository import assets
from generator.repository.files import Repository

SERVICE = "clock"
STACK = "clock-pipeline"
CODECOMMIT = "codecommit: {repository: clock}"
GITHUB = "github: {repository: acme/clock}"
ARN = "arn:aws:codeconnections:us-east-1:123456789012:connection/8f0d2f9e-1111-4222-8333-abcdefabcdef"


@functools.cache
def template(source: str = CODECOMMIT, rest: str = "") -> Any:
    """The template of a pipeline file of these words."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "pipeline.yaml"
        file.write_text(f"service: {SERVICE}\nsource:\n  {source}\n{rest}", encoding="utf-8")
        repository = Repository(assets.folder("blueprints") / "time-service-python")
        compiled = compile_file(file, "pipeline.yaml", repository)
        return json.loads(template_text.to_json(compiled.pipeline, "pipeline.yaml", "0"))


def wants(source: str = CODECOMMIT, rest: str = "") -> Requirements:
    """What that template wants, with its parameters' defaults."""
    document = template(source, rest)
    defaults = {
        name: parameter["Default"] for name, parameter in document["Parameters"].items() if "Default" in parameter
    }
    return requirements_of(document, STACK, defaults)


def sourced(provider: str, **configuration: str) -> Requirements:
    """What is wanted where the source is this."""
    return dataclasses.replace(wants(), source=Source(provider, configuration))


def stands(*held: tuple[str, str]) -> Launched:
    """A launched stack that holds resources of these types and physical ids."""
    return Launched(there=True, resources=tuple(Held(f"R{at}", name, kind) for at, (kind, name) in enumerate(held)))


def findings_of(look: Look, door: Door, requirements: Requirements, launched: Launched | None = None) -> list[Finding]:
    """Everything a look finds."""
    return list(look(door, requirements, launched or Launched()))


def only(findings: Iterator[Finding] | list[Finding]) -> Finding:
    """The only finding."""
    (finding,) = findings
    return finding
