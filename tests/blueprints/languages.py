"""The blueprints, and how the functions of each are called: in this process, or by Node.js."""

from __future__ import annotations

import json
import runpy
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

Values = dict[str, Any]
Handler = Callable[[Values], Values]
Language = Literal["python", "node"]

FOLDER = Path(__file__).parents[2] / "blueprints"
# Where the integration tests lie; the handler is called the same in both.
CHECKS = {"python": "integration_tests/checks.py", "node": "integration_tests/checks.mjs"}
_CALL = """
const { handler } = await import(process.argv[1]);
console.log(JSON.stringify(await handler(JSON.parse(process.argv[2]), {})));
"""


def blueprint(language: Language) -> Path:
    """The folder of a language's blueprint."""
    return FOLDER / f"time-service-{language}"


def copy(language: Language, target: Path) -> Path:
    """A repository made of a blueprint."""
    shutil.copytree(blueprint(language), target)
    return target


def handler_of(file: Path) -> Handler:
    """The Lambda handler of a module, called with the event alone."""
    if file.suffix != ".py":
        return lambda event: _by_node(file, event)
    # Unlike an import, it leaves no __pycache__ in a folder that is shipped.
    handler = runpy.run_path(str(file))["handler"]
    return lambda event: handler(event, None)


def _by_node(file: Path, event: Values) -> Values:
    command = ["node", "--input-type=module", "-e", _CALL, file.as_uri(), json.dumps(event)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    answer: Values = json.loads(done.stdout)
    return answer
