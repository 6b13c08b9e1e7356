"""Runs the commands of the pipeline file: once for each stage, whose template they leave, or for what others deploy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import assemblies
import stages


def template_of(stage: stages.Stage) -> str:
    """The path of the template that the commands leave for a stage; what an earlier stage left is not taken for it."""
    path = os.environ["TEMPLATE_OF_STAGE"].replace("{stage}", stage.word)
    Path(path).unlink(missing_ok=True)
    print(f"{stage.word}: the commands that leave {path}", flush=True)
    run(f"{stage.word}: ", {"STAGE": stage.word, "STACK": stage.stack})
    if not os.path.isfile(path):
        sys.exit(f"{stage.word}: the commands left no {path}, which app: {{template: ...}} names")
    assemblies.resolve(path)
    return path


def leave_artifact() -> None:
    """Have the commands leave what deploys in a folder, which says at least which commit it is of."""
    folder = Path("penstock-artifact")
    folder.mkdir(exist_ok=True)
    (folder / "commit").write_text(os.environ.get("CODEBUILD_RESOLVED_SOURCE_VERSION", ""))
    run("", {"ARTIFACT": str(folder.absolute())})


def run(label: str, variables: dict[str, str]) -> None:
    """Run the commands with these variables; a command that fails ends the build."""
    command = ["bash", "-eo", "pipefail", "-c", os.environ.get("TEMPLATE_COMMANDS", "")]
    if status := subprocess.call(command, env={**os.environ, **variables}):
        print(f"{label}the commands ended with status {status}", flush=True)
        sys.exit(status)


if __name__ == "__main__":
    if "STAGES" in os.environ:
        stages.each(template_of)
    else:
        leave_artifact()
