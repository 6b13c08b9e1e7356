"""A repository's first pipeline file: short, since it leaves out whatever can be detected."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from generator.init.proposed_stages import Proposed
from generator.init.stages import BEFORE_PROD, PROD, Stages
from generator.init.survey import Findings
from generator.init.templates import Templates

MODELINE = "# yaml-language-server: $schema="
SCHEMA_FILE = "pipeline.schema.json"
SHIPPED_SCHEMA = Path(__file__).parent.parent / SCHEMA_FILE
# YAML reads these as something else than text, in one version of it or another.
_NO_TEXT = re.compile(r"(?i)y|n|yes|no|on|off|true|false|null")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./@+-]*")


def pipeline_file(findings: Findings, schema: str, services: Iterable[str] = ()) -> str:
    """The text of pipeline.yaml; `schema` is where the editor finds the schema: a path beside it, or a URI.

    `services` are the lines of a project that has several, in place of the application's.
    """
    lines = (
        *_modeline(schema),
        f"service: {scalar(findings.service)}",
        "source:",
        f"  {findings.source.kind}:",
        *_entries(findings.source.settings, "    "),
        *(tuple(services) or _app(findings.templates)),
        *_tests(findings.templates, findings.expected_tests),
        *_buildspec(findings.buildspec),
        *_stages(findings.stages, findings.configuration),
    )
    return "".join(f"{line}\n" for line in lines)


def _modeline(schema: str) -> Iterator[str]:
    yield f"{MODELINE}{schema}"
    if schema != SCHEMA_FILE:
        # An installed package has a path of its own on every machine; the repository can have one for all.
        yield "# The line above helps the editor of one machine. For the whole team, commit the schema beside this file"
        yield f"# (penstock schema > {SCHEMA_FILE}) and end the line with $schema={SCHEMA_FILE}"


def _app(templates: Templates) -> Iterator[str]:
    settings = {}
    if templates.app and not templates.app_is_usual:
        settings["template"] = templates.app
    if templates.url:
        settings["url"] = templates.url
    if settings:
        yield "app:"
        yield from _entries(settings, "  ")


def _tests(templates: Templates, expected: str) -> Iterator[str]:
    settings = {}
    if templates.tests and not templates.tests_are_usual:
        settings["template"] = templates.tests
    if templates.function:
        settings["function"] = templates.function
    if settings:
        yield "tests:"
        yield from _entries(settings, "  ")
    elif not templates.tests:
        yield f"# No integration tests were found. Once {expected} is there, remove this: every stage is tested."
        yield "tests: none"


def _buildspec(path: str) -> Iterator[str]:
    if path:
        yield f"# {path} is there and is not used: the pipeline's own build does what the template asks for."
        yield f"# To use it instead: build: {{buildspec: {path}}}"


def _stages(stages: Stages, configuration: str) -> Iterator[str]:
    if stages.adopted or stages.proposed:
        yield "stages:"
    for proposal in stages.proposed:
        settings = list(_proposed(proposal))
        yield f"  - {scalar(proposal.word)}{':' if settings else ''}"
        yield from (f"      {setting}" for setting in settings)
    for stage in stages.adopted:
        yield f"  - {scalar(stage.word)}:"
        yield from _entries({"stack": stage.stack, **({"approval": True} if stage.approval else {})}, "      ")
    if stages.suggested:
        if stages.proposed:
            yield f"# {configuration} deploys to the stack {stages.suggested}. A stage that names it takes it over:"
            yield f"#     stack: {scalar(stages.suggested)}"
            return
        yield f"# {configuration} deploys to the stack {stages.suggested}. To have prod take it over:"
        yield from (f"# {line}" for line in _with_prod(stages))


def _proposed(stage: Proposed) -> Iterator[str]:
    if stage.approval:
        yield "approval: true"
    if stage.parameters:
        values = ", ".join(f"{name}: {scalar(value)}" for name, value in stage.parameters.items())
        yield f"parameters: {{{values}}}"


def _with_prod(stages: Stages) -> Iterator[str]:
    if not stages.adopted:
        yield "stages:"
        yield from (f"  - {word}" for word in BEFORE_PROD)
    yield from (f"  - {PROD}:", f"      stack: {scalar(stages.suggested)}")


def _entries(settings: Mapping[str, Any], indent: str) -> Iterator[str]:
    return (f"{indent}{key}: {scalar(value)}" for key, value in settings.items())


def scalar(value: Any) -> str:
    """A value as YAML that any reader takes for the same."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and not _NO_TEXT.fullmatch(value):
        return value
    return json.dumps(value)
