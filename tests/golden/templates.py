"""The golden cases, and the template of each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from generator.compiler.own_roles import guarded
from generator.compiler.pipeline import Compilation, compile_file, planned
from generator.render.template_text import templates, to_yaml
from generator.repository.files import Repository

_HERE = Path(__file__).parent
APPLICATION = Repository(_HERE / "application")
CASES = sorted((_HERE / "cases").iterdir())


@cache
def compiled(case: Path) -> Compilation:
    return compile_file(case / "pipeline.yaml", "pipeline.yaml", APPLICATION)


@cache
def of_environments(case: Path) -> Mapping[str, str]:
    """The templates of the environments of a case that are in other accounts, by their stacks."""
    pipeline = compiled(case).pipeline
    if not pipeline.environments:
        return {}
    every = templates(pipeline, "pipeline.yaml", "0")
    return {stack: text for stack, text in every.items() if stack != pipeline.stack}


@cache
def template(case: Path) -> str:
    """The template of a case, without the code of the functions and the buildspecs: they have tests of their own."""
    pipeline = compiled(case).pipeline
    build = pipeline.build if pipeline.build.own else pipeline.build._replace(buildspec="version: 0.2\n")
    shortened = pipeline._replace(
        start_tests="# start_tests.py\n", describe_changes="# describe_changes.py\n", build=build
    )
    # The deploy roles are guarded already; commands that deploy are planned anew.
    again = guarded(planned(shortened))._replace(deploy_rights=pipeline.deploy_rights)
    return to_yaml(again, "pipeline.yaml", "0")
