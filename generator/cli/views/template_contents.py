"""What is in a template that is not ours: its pipelines, what of them runs here, and what it must be given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.cli.views.steps import harmless
from generator.rehearsal.driver.users_template import ActionInFile, PipelineInFile, UsersTemplate

_NAME, _TYPE = 32, 44  # columns


def as_data(template: UsersTemplate) -> dict[str, Any]:
    """All of it as JSON shows it."""
    return {
        "pipelines": [_pipeline(template, pipeline) for pipeline in template.pipelines()],
        "missing": [{"name": name, "description": template.described(name)} for name in template.missing],
    }


def _pipeline(template: UsersTemplate, pipeline: PipelineInFile) -> dict[str, Any]:
    actions = [
        {"stage": action.stage, "name": action.name, "type": _type(action), "runs": action.runs}
        for action in pipeline.actions
    ]
    return {"logical_id": pipeline.logical_id, "place": template.places[pipeline.logical_id], "actions": actions}


def lines(template: UsersTemplate) -> Iterator[str]:
    """All of it for people."""
    pipelines = template.pipelines()
    for pipeline in pipelines:
        yield f"{template.places[pipeline.logical_id]}: pipeline {pipeline.logical_id}"
        for action in pipeline.actions:
            how = "runs" if action.runs else f"checked, not run: exit code 5, or --stub {action.provider}=succeed"
            yield harmless(f"  {f'{action.stage}/{action.name}':<{_NAME}} {_type(action):<{_TYPE}} {how}")
    if not pipelines:
        yield "no pipeline: the template's conditions leave none with these parameters"
    sources = dict.fromkeys(action.name for pipeline in pipelines for action in pipeline.sources)
    if sources:
        yield "its sources, each a folder (without the option: the one the command runs in):"
        yield from (harmless(f"  --source {name}=DIR") for name in sources)
    if template.missing:
        yield "parameters without a value (what depends on them is listed as if it were their name):"
    for name in template.missing:
        described = template.described(name).partition("\n")[0]
        yield harmless(f"  --parameter {name}=VALUE{f'  # {described}' if described else ''}")


def _type(action: ActionInFile) -> str:
    return f"{action.category}/{action.owner}/{action.provider}"
