"""The build that deploys a stage with commands: it has no stack, and its outputs are variables that it exports."""

from __future__ import annotations

import json

from generator.model.action import Action
from generator.model.artifact import BUILD_ARTIFACT, COMMANDS_ARTIFACT, SOURCE_ARTIFACT
from generator.model.build import Project
from generator.model.commands import DeployCommands
from generator.model.pipeline import Delivery
from generator.model.stage import Stage
from generator.stages.actions import codebuild
from generator.stages.actions.commands import EXECUTION, buildspec, install

_ARTIFACT = f'export ARTIFACT="$CODEBUILD_SRC_DIR_{BUILD_ARTIFACT}/{COMMANDS_ARTIFACT}"'
# An output without a value, or one that would break the JSON of what reads it, ends the build here, in words.
_CHECK = """\
for name in {names}; do
  value=$(printenv "$name") || value=
  case $value in
    "") echo "the commands exported no $name, which is one of the stage's outputs"; exit 1 ;;
    *[[:cntrl:]\\"\\\\]*) echo "output $name has a quote, a backslash or a line break: no action takes it"; exit 1 ;;
  esac
done"""


def deploy(stage: Stage, delivery: Delivery) -> Action:
    """The action that runs a stage's commands over the commit and its build. Raises ValueError if it has none."""
    if stage.by_commands is None:
        raise ValueError(f"stage {stage.word} has no commands that deploy it")
    return codebuild.action(
        "Deploy",
        _project(stage, stage.by_commands, delivery),
        "deploy",
        {"COMMIT": delivery.commit, "EXECUTION_ID": EXECUTION},
        inputs=(SOURCE_ARTIFACT, BUILD_ARTIFACT),
        namespace=stage.namespace_of(""),
    )


def _project(stage: Stage, written: DeployCommands, delivery: Delivery) -> Project:
    # Not called as the role that deploys a stack: where a stage had one, it outlives its template.
    logical_id = f"{stage.logical_id}Commands"
    naming = codebuild.Naming(
        f"${{ServiceName}}-{stage.word}-deploy",
        logical_id,
        logical_id,
        (
            f"Deploys {stage.name} with commands: there is no stack, no change set and no rollback.",
            f"What the commands that deploy {stage.name} may do: read the commit, and what the file gives.",
            f"The log of the commands that deploy {stage.name}.",
        ),
    )
    work = codebuild.Work(
        delivery.machine._replace(cache="none"),
        _buildspec(written),
        {"SERVICE": "${ServiceName}", "STAGE": stage.word},
        written.secrets,
    )
    statements = (*codebuild.read_artifacts(delivery.settings), *written.commands.statements)
    return codebuild.project(naming, work, delivery.settings, statements, written.commands.policies)


def _buildspec(written: DeployCommands) -> str:
    names = written.outputs
    last = (_CHECK.format(names=" ".join(names)),) if names else ()
    exported = f"env:\n  exported-variables: {json.dumps(names)}\n" if names else ""
    lines = (_ARTIFACT, *written.commands.commands, *last)
    return buildspec(lines, "nothing", install=install(written.runtimes), last=exported)
