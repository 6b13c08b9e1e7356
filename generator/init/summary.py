"""The output of `init`: what it found, and the resulting pipeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from generator.init.services import Service
from generator.init.survey import Findings
from generator.model.pipeline import Pipeline

_NONE = "none found"


def lines(findings: Findings, pipeline: Pipeline, services: Sequence[Service] = ()) -> list[str]:
    """One line a subject, as `  unit tests   python -m pytest tests/unit`."""
    return [f"  {subject:<12} {text}" for subject, text in _subjects(findings, pipeline, services) if text]


def as_data(findings: Findings, pipeline: Pipeline, services: Sequence[Service] = ()) -> dict[str, Any]:
    """The same for programs: null where something was not found."""
    templates, tests = findings.templates, pipeline.tests
    return {
        "service": findings.service,
        "source": {findings.source.kind: findings.source.settings, "because": findings.source.because},
        "application": {"template": templates.app or None, "url": pipeline.app.url, "because": templates.because},
        "services": [service._asdict() for service in services],
        "tests": {"template": tests.template, "functions": tests.outputs} if tests else None,
        "also_seen": templates.others,
        "framework": pipeline.build.framework,
        "languages": templates.languages,
        "packages": findings.installs,
        "buildspec": findings.buildspec or None,
        "unit_tests": pipeline.build.environment.get("UNIT_TEST_COMMAND"),
        "stages": [stage.name for stage in pipeline.plan],
    }


def _subjects(findings: Findings, pipeline: Pipeline, services: Sequence[Service]) -> Iterator[tuple[str, str]]:
    templates = findings.templates
    yield "service", findings.service
    yield "source", _source(findings)
    yield from _services(pipeline, services) if services else [("application", _application(findings, pipeline))]
    yield "tests", _tests(findings, pipeline)
    inside = tuple(f"{service.folder}/" for service in services)
    yield "also seen", ", ".join(path for path in templates.others if not path.startswith(inside))
    yield "framework", "" if services else ", ".join([pipeline.build.framework, *templates.languages])
    yield "packages", ", ".join(findings.installs) or _NONE
    if services:
        yield "unit tests", "; ".join(f"{each.word}: {each.unit_tests or _NONE}" for each in services)
    else:
        yield "unit tests", str(pipeline.build.environment.get("UNIT_TEST_COMMAND", _NONE))
    if findings.buildspec:
        yield "buildspec", f"{findings.buildspec} is not used: see the file"
    yield "stages", _stages(pipeline)
    configuration = findings.configuration.partition(".")[0]
    for stage in findings.stages.adopted:
        region = f" in {stage.region}" if stage.region else ""
        yield configuration, f"{stage.word} takes over the stack {stage.stack}{region}"
    if findings.stages.suggested:
        yield configuration, f"prod may take over the stack {findings.stages.suggested}: see the end of the file"


def _services(pipeline: Pipeline, services: Sequence[Service]) -> Iterator[tuple[str, str]]:
    for number, service in enumerate(services):
        yield "" if number else "services", service.summary
    if pipeline.app.url:
        yield "address", f"output {pipeline.app.url} of {pipeline.app.service}"


def _source(findings: Findings) -> str:
    source = findings.source
    branch = source.settings.get("branch", "main")
    return f"{source.kind} {source.settings['repository']}, branch {branch} ({source.because})"


def _application(findings: Findings, pipeline: Pipeline) -> str:
    if not findings.templates.app:
        return f"{_NONE}; {pipeline.app.template} is expected"
    url = f"its URL in output {pipeline.app.url}" if pipeline.app.url else "no output is a URL"
    because = f" ({findings.templates.because})" if findings.templates.because else ""
    return f"{findings.templates.app}{because}, {url}"


def _tests(findings: Findings, pipeline: Pipeline) -> str:
    if not pipeline.tests:
        return _NONE
    return f"{findings.templates.tests}, run by output {', '.join(pipeline.tests.outputs)}"


def _stages(pipeline: Pipeline) -> str:
    asked = {stage.asking for stage in pipeline.stages if stage.approval}
    return " > ".join(
        f"{planned.name} (approval)" if planned.name in asked else planned.name for planned in pipeline.plan
    )
