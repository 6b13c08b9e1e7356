"""Compiles a pipeline file, keeping the permissions an exact role was launched with until they are pruned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from generator.compiler.pipeline import Compilation
    from generator.model.pipeline import Pipeline

Launched = Callable[[str], "str | Mapping[str, Any] | None"]
"""The template that stands for a service, as text or values; None where there is none."""

prune_option = click.option(
    "--prune", is_flag=True, help="With `deploy_role: exact`: remove permissions that no template needs any more."
)


def compiled(pipeline: Path, launched: Launched, *, prune: bool) -> Compilation:
    """The pipeline of a file. What it keeps from the launched one is reported on stderr."""
    from generator.compiler.pipeline import compile_file  # noqa: PLC0415 - the help needs none of these
    from generator.permissions.launched import covered_by  # noqa: PLC0415
    from generator.repository.files import Repository  # noqa: PLC0415

    repository = Repository(pipeline.parent)
    first = compile_file(pipeline, str(pipeline), repository)
    if prune or not any(rights.exact for rights in first.pipeline.deploy_rights):
        return first
    template = launched(first.pipeline.service)
    if template is None:
        return first
    second = compile_file(pipeline, str(pipeline), repository, covered_by(values(template)))
    kept = sorted(set(_added(first.pipeline, second.pipeline)))
    if kept:
        click.echo(f"keeps permissions for {', '.join(kept)}, no longer used: --prune removes them", err=True)
    return second


def _added(before: Pipeline, after: Pipeline) -> Iterator[str]:
    from generator.permissions.lists import rights_of  # noqa: PLC0415 - as above

    for was, now in zip(before.deploy_rights, after.deploy_rights, strict=True):
        # What takes no rights has none to keep.
        yield from filter(rights_of, {*now.covers} - {*was.covers})


def values(template: str | Mapping[str, Any]) -> Mapping[str, Any]:
    """A template as values, its short forms of functions in their long form."""
    from generator import document  # noqa: PLC0415 - as above

    if not isinstance(template, str):
        return template
    parsed: Mapping[str, Any] = document.parse(template, "the launched template", document.TEMPLATE).data
    return parsed
