"""Builds that run a stage's commands, right before or after its deployment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Literal

from generator.model.action import Action
from generator.model.artifact import BUILD_ARTIFACT, SOURCE_ARTIFACT
from generator.model.build import Machine, Project
from generator.model.commands import Commands, Moment
from generator.model.iam import Statement
from generator.model.pipeline import App, Delivery
from generator.model.stage import Stage
from generator.model.text import Text
from generator.stages.actions import codebuild
from generator.stages.actions.cloudformation import reading

EXECUTION = "#{codepipeline.PipelineExecutionId}"
"""The id of the execution, a variable of CodePipeline's own."""
_MACHINE = Machine(
    "LINUX_CONTAINER", "BUILD_GENERAL1_SMALL", "aws/codebuild/amazonlinux-x86_64-standard:5.0", cache="none"
)
# What the commands find of the stack: `OUTPUT_<name>`, a prefix because an output may be called PATH. Before the first
# deployment there is no stack, which is no failure.
_READ_OUTPUTS = """\
version: 0.2
phases:
  build:
    commands:
      - |
        outputs=$(mktemp) refused=$(mktemp)
        if aws cloudformation describe-stacks --stack-name "$STACK" --output text \\
          --query '(Stacks[0].Outputs || `[]`)[].[OutputKey, OutputValue]' > "$outputs" 2> "$refused"; then
          while read -r name value; do export "OUTPUT_$name=$value"; done < "$outputs"
        elif ! grep -q 'does not exist' "$refused"; then
          cat "$refused" >&2
          exit 1
        fi
"""


# The same of several services: `OUTPUT_<service>_<name>`, for no variable has a hyphen.
_READ_SERVICES = """\
version: 0.2
phases:
  build:
    commands:
      - |
        outputs=$(mktemp) refused=$(mktemp) pattern=${STACKS%% *}
        for word in ${STACKS#* }; do
          service=${word%%=*}
          case $word in
            *=*) stack=${word#*=} ;;
            *) stack=${pattern%%\\**}$service${pattern#*\\*} ;;
          esac
          prefix=OUTPUT_$(echo "$service" | tr - _)
          if aws cloudformation describe-stacks --stack-name "$stack" --output text \\
            --query '(Stacks[0].Outputs || `[]`)[].[OutputKey, OutputValue]' > "$outputs" 2> "$refused"; then
            while read -r name value; do export "${prefix}_$name=$value"; done < "$outputs"
          elif ! grep -q 'does not exist' "$refused"; then
            cat "$refused" >&2
            exit 1
          fi
        done
"""

Reads = Literal["stack", "services", "nothing"]
"""What commands read outputs of first: a stack, the stacks of several services, or nothing, where commands deploy."""
_READ: Mapping[Reads, str] = {
    "stack": _READ_OUTPUTS,
    "services": _READ_SERVICES,
    "nothing": "version: 0.2\nphases:\n  build:\n    commands:\n",
}


def stacks(stage: Stage) -> Mapping[str, Text]:
    """The variable that tells commands which stack, or which stacks, the stage has; none where commands deploy it."""
    if not stage.deployments:
        return {}
    return {"STACKS" if stage.deployments[0].service else "STACK": stage.stacks()}


def output_variable(app: App) -> str:
    """The variable of the commands that holds the application's URL."""
    return "_".join(filter(None, ("OUTPUT", app.service.replace("-", "_"), app.url)))


def reads(stages: Iterable[Stage]) -> Reads:
    """What commands of stages read outputs of: either all stages have stacks, or none has."""
    services = {each.service for stage in stages for each in stage.deployments}
    return ("services" if any(services) else "stack") if services else "nothing"


def exported(stage: Stage) -> Mapping[str, Text]:
    """The outputs of the commands that deploy a stage, as later commands find outputs."""
    return {f"OUTPUT_{name}": text for name, text in stage.exported.items()}


def commands(stage: Stage, moment: Moment, delivery: Delivery) -> tuple[Action, ...]:
    """The build that runs the stage's commands of a moment, if it has any, over the commit and what was built of it."""
    if not (written := stage.commands(moment)):
        return ()
    outputs = exported(stage) if moment == "after" else {}
    return (
        codebuild.action(
            moment.capitalize(),
            _project(stage, moment, written, delivery),
            "commands",
            {"COMMIT": delivery.commit, "EXECUTION_ID": EXECUTION, **outputs},
            inputs=(SOURCE_ARTIFACT, BUILD_ARTIFACT),
        ),
    )


def read_outputs(stages: Iterable[Stage]) -> tuple[Statement, ...]:
    """The right to read the outputs of these stages' stacks, or to assume the roles that have it elsewhere."""
    return reading("ReadOutputs", "cloudformation:DescribeStacks", stages)


def buildspec(lines: Iterable[str], reads: Reads, *, install: str = "", first: str = "", last: str = "") -> str:
    """A buildspec that runs these commands with the outputs at hand of what they read.

    `install` is a phase before, `first` are commands as YAML, `last` are sections behind the phases.
    """
    # A JSON text is a YAML text that needs no other quoting.
    written = "".join(f"      - {json.dumps(line, ensure_ascii=False)}\n" for line in lines)
    return _READ[reads].replace("phases:\n", f"phases:\n{install}", 1) + first + written + last


def install(runtimes: Mapping[str, str]) -> str:
    """The phase of a buildspec that chooses versions of languages; empty where there are none to choose."""
    versions = ", ".join(f'{name}: "{version}"' for name, version in sorted(runtimes.items()))
    return f"  install:\n    runtime-versions: {{{versions}}}\n" if versions else ""


def _project(stage: Stage, moment: Moment, written: Commands, delivery: Delivery) -> Project:
    logical_id = f"{stage.logical_id}{moment.capitalize()}"
    around = f"the commands {moment} the deployment of {stage.name}"
    naming = codebuild.Naming(
        f"${{ServiceName}}-{stage.word}-{moment}",
        logical_id,
        logical_id,
        (
            f"Runs commands around the deployment of {stage.name}.",
            f"What {around} may do: read the commit, and what the file gives.",
            f"The log of {around}.",
        ),
    )
    environment = {"SERVICE": "${ServiceName}", **stacks(stage), "STAGE": stage.word}
    text = buildspec(written.commands, reads((stage,)))
    work = codebuild.Work(_MACHINE, text, environment)
    statements = (*codebuild.read_artifacts(delivery.settings), *read_outputs((stage,)), *written.statements)
    return codebuild.project(naming, work, delivery.settings, statements, written.policies)
