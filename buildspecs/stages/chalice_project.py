"""Packages a stage of a Chalice project: a SAM template, and the code that it deploys."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec

import packages
import stages

# Where the project's requirements bring none.
_CHALICE = "chalice==1.34.0"
# Its own command may lie in a folder that is not on the PATH.
_PROGRAM = "import sys; from chalice.cli import main; sys.exit(main())"


def template_of(stage: stages.Stage) -> str:
    """The path of the template that `chalice package` makes for a stage."""
    project = os.path.dirname(os.path.dirname(os.path.abspath(os.environ["TEMPLATE_OF_STAGE"])))
    target = tempfile.mkdtemp()
    command = [sys.executable, "-c", _PROGRAM, "package", "--stage", stage.word, target]
    print(f"{stage.word}: chalice package --stage {stage.word}", flush=True)
    environment = {"AWS_DEFAULT_REGION": os.environ["AWS_REGION"], **os.environ}
    if status := subprocess.call(command, cwd=project, env=environment):
        sys.exit(status)
    return f"{target}/sam.json"


if __name__ == "__main__":
    if find_spec("chalice") is None:
        packages.must(f"pip install -q {_CHALICE}", ".")
    stages.each(template_of)
