"""What runs a Python function: an interpreter of this machine, and boto3 and awslambdaric copied once into a cache."""

from __future__ import annotations

import functools
import hashlib
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from generator.rehearsal.codebuild.interpreters import Interpreter, nearest_python
from generator.rehearsal.codebuild.python_packages import closure, copied_packages

PACKAGES = ("boto3", "awslambdaric")
"""Lambda's Python runtimes carry these two and what they need (and nothing of ours)."""

_AT_LEAST = re.compile(r">=\s*3\.(\d+)")
_STAND_IN = Path(__file__).with_name("bootstrap") / "runtime_client.py"


def interpreter_for(runtime: str, variables: Mapping[str, str]) -> Interpreter:
    """The Python of this machine nearest to a Lambda runtime ("python3.13"); this one when none answers.

    One that is too old for the packages a runtime carries would start no function.
    """
    own = Interpreter(getattr(sys, "_base_executable", "") or sys.executable, platform.python_version())
    return nearest_python(runtime.removeprefix("python"), variables, _oldest()) or own


@functools.cache
def _oldest() -> int:
    """The oldest Python 3.x that takes the installed `PACKAGES` and what they need."""
    demands = (demand for each in closure(PACKAGES) for demand in each.metadata.get_all("Requires-Python") or ())
    return max(int(minor) for demand in demands for minor in _AT_LEAST.findall(demand))


def python_environment(cache: Path, interpreter: Interpreter) -> Path:
    """The folder for an interpreter and these versions, made when it is not there yet."""
    digest = hashlib.sha256(_STAND_IN.read_bytes()).hexdigest()[:8]
    return copied_packages(cache, f"lambda-{digest}", PACKAGES, interpreter, _provide_client)


def _provide_client(folder: Path, interpreter: Interpreter) -> None:
    if not has_compiled_client(folder, interpreter):
        shutil.copy(_STAND_IN, folder)


def has_compiled_client(folder: Path, interpreter: Interpreter) -> bool:
    """Whether awslambdaric's compiled part is there and loads in this interpreter."""
    program = f"import sys; sys.path.insert(0, {str(folder)!r}); import runtime_client"
    tried = subprocess.run([interpreter.program, "-S", "-I", "-c", program], capture_output=True, check=False)
    return tried.returncode == 0
