"""What functions run in: folders made once, runtime clients with and without their compiled part, the Runtime API."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.rehearsal.codebuild.interpreters import Interpreter
from generator.rehearsal.emulator.functions import python_environment, runtime_api
from generator.rehearsal.emulator.functions.execution import ExecutionEnvironment, Program
from generator.repository.cache.folder import cache_folder
from tests.rehearsal.emulator.lambdas import ROLE

OWN = Interpreter(sys.executable, platform.python_version())


def interpreters() -> list[Interpreter]:
    """This one, for which awslambdaric's compiled part is installed, and another one if there is any."""
    near = (python_environment.interpreter_for(f"python3.{minor}", os.environ) for minor in range(11, 15))
    return [OWN, *(interpreter for interpreter in near if interpreter.minor != OWN.minor)][:2]


@pytest.fixture(params=[*interpreters(), "stand-in"], ids=str)
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ExecutionEnvironment]:
    """A function that says what serves it, with awslambdaric's compiled part where there is one and without."""
    interpreter = OWN if request.param == "stand-in" else request.param
    packages = python_environment.python_environment(cache_folder(os.environ), interpreter)
    if request.param == "stand-in":
        packages = Path(shutil.copytree(packages, tmp_path / "packages"))
        next(packages.glob("runtime_client*.so")).unlink()
        (packages / "runtime_client.py").write_bytes(python_environment._STAND_IN.read_bytes())
    task = tmp_path / "task"
    task.mkdir()
    (task / "index.py").write_text(
        "import runtime_client\n"
        "def handler(event, context):\n"
        "    if event: raise ValueError(event)\n"
        "    return runtime_client.__file__.endswith('.py')\n"
    )
    start = Path(python_environment.__file__).with_name("bootstrap") / "start.py"
    redirect = Path(runtime_api.__file__).parents[1] / "redirect"
    variables = {"_HANDLER": "index.handler", "PYTHONPATH": str(redirect), "AWS_LAMBDA_FUNCTION_NAME": "f",
                 "AWS_LAMBDA_FUNCTION_VERSION": "1", "AWS_LAMBDA_LOG_GROUP_NAME": "g",
                 "AWS_LAMBDA_LOG_STREAM_NAME": "s", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128"}  # fmt: skip
    command = [interpreter.program, "-S", "-s", "-B", "-u", str(start), str(packages), str(task)]
    result = ExecutionEnvironment(Program(command, variables, task, packages, 3, 128))
    yield result
    result.close()


def test_the_compiled_part_of_the_client_can_be_done_without(
    environment: ExecutionEnvironment, request: pytest.FixtureRequest
) -> None:
    answer = environment.invoke(None, "id-1", ROLE)
    compiled = request.node.callspec.params["environment"] == OWN
    assert (answer.payload, answer.failed) == (not compiled, False)
    refused = environment.invoke("größe €", "id-2", ROLE)
    assert refused.payload["errorType"] == "ValueError"
    assert "REPORT RequestId: id-2" in refused.log


def test_the_runtime_api_takes_one_answer_and_only_for_the_invocation_at_hand() -> None:
    api = runtime_api.RuntimeApi()
    try:
        api.hand_out(runtime_api.Event("id-1", b"{}", 0, ROLE, "trace"))
        assert not api.take("id-0", "response", b"")
        assert api.take("id-1", "response", b"1")
        assert not api.take("id-1", "response", b"2")
        assert api.news.get_nowait() == runtime_api.News("response", b"1")
    finally:
        api.close()


def test_the_runtimes_modules_are_compiled_once_for_all_functions(tmp_path: Path) -> None:
    packages = python_environment.python_environment(tmp_path, OWN)
    assert (packages / "boto3" / "__pycache__" / f"session.{sys.implementation.cache_tag}.pyc").exists()


def test_an_interpreter_of_its_own_has_no_site_packages() -> None:
    program = python_environment.interpreter_for("python3.13", {}).program
    result = subprocess.run([program, "-S", "-I", "-c", "import click"], capture_output=True, check=False)
    assert result.returncode == 1
