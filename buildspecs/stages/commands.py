"""Runs the commands of the pipeline file once for each stage: they leave the application's template."""

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
    command = ["bash", "-eo", "pipefail", "-c", os.environ["TEMPLATE_COMMANDS"]]
    environment = {**os.environ, "STAGE": stage.word, "STACK": stage.stack}
    if status := subprocess.call(command, env=environment):
        print(f"{stage.word}: the commands ended with status {status}", flush=True)
        sys.exit(status)
    if not os.path.isfile(path):
        sys.exit(f"{stage.word}: the commands left no {path}, which app: {{template: ...}} names")
    assemblies.resolve(path)
    return path


if __name__ == "__main__":
    stages.each(template_of)
