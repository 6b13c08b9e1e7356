"""Generates a pipeline of many stages: `python -m benchmarks.growth FOLDER STAGES`, in a process of its own.

The pipeline file admits what CodePipeline does, 50 stages in all. What the work grows with is seen beyond that, so the
starter's pipeline gets its stages here, after its file was read, and takes the same way through the code from there on.
"""

from __future__ import annotations

import sys
from pathlib import Path

from generator.compiler.pipeline import compile_file, planned
from generator.model.deployment import Deployment, stack_of
from generator.model.iam import DeployRole
from generator.model.pipeline import Pipeline
from generator.model.stage import Stage
from generator.render import template_text
from generator.repository.files import Repository


def main(arguments: list[str]) -> int:
    """Print the template; returns the exit code."""
    folder, stages = Path(arguments[0]), int(arguments[1])
    compiled = compile_file(folder / "pipeline.yaml", "pipeline.yaml", Repository(folder))
    sys.stdout.write(template_text.to_yaml(grown(compiled.pipeline, stages), "pipeline.yaml", "0"))
    return 0


def grown(pipeline: Pipeline, count: int) -> Pipeline:
    """The pipeline with copies of its first stage in the place of all its stages."""
    stages = tuple(_stage(pipeline.stages[0], number) for number in range(count))
    (rights,) = pipeline.deploy_rights
    # The first role is that of the tests.
    roles = (
        *rights.roles[:1],
        *(DeployRole(stage.deployment.role_id, stage.deployment.stack) for stage in stages),
    )
    grown = pipeline._replace(deploy_rights=(rights._replace(roles=roles),), stages=stages)
    return planned(grown)


def _stage(first: Stage, number: int) -> Stage:
    return first._replace(
        word=f"s{number}",
        name=f"S{number}",
        deployments=(Deployment(f"S{number}", stack_of(f"s{number}")),),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
