"""Lambda functions: Python and Node in processes of their own, AWS's errors, times and logs."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.rehearsal.emulator.functions import node_environment, python_environment, runtime_api
from generator.rehearsal.emulator.functions.execution import ExecutionEnvironment, Program
from generator.rehearsal.emulator.functions.node_environment import NoNodeError, named_sdk_packages
from generator.rehearsal.emulator.functions.once import made_once
from generator.rehearsal.emulator.functions.stand_ins import NotRehearsableError, family, stand_in
from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.emulator.lambdas import ROLE, Function, archive

PYTHON, NODE = "python3.13", "nodejs22.x"
REPORT = re.compile(
    r"REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\t"
    r"Max Memory Used: [1-9]\d* MB\t(Init Duration: [\d.]+ ms\t)?"
)


def test_a_python_function_gets_event_and_context(emulator: Emulator) -> None:
    code = """
def handler(event, context):
    print("hello")
    left = context.get_remaining_time_in_millis()
    return [event, context.function_name, context.memory_limit_in_mb, context.invoked_function_arn, left]
"""
    function = Function(emulator, code, PYTHON, Timeout=9)
    arn = f"arn:aws:lambda:us-east-1:123456789012:function:{function.name}"
    *told, left = function({"a": "ü"})
    assert told == [{"a": "ü"}, function.name, "128", arn]
    assert 5000 < left <= 9000
    _, _, log = function.ask({})
    lines = log.splitlines()
    assert lines[0].startswith("START RequestId: ")
    assert lines[1] == "hello"
    assert REPORT.fullmatch(lines[-1])


def test_a_python_function_finds_boto3_and_nothing_of_ours(emulator: Emulator) -> None:
    code = """
import importlib.util
def handler(event, context):
    return {name: importlib.util.find_spec(name) is not None for name in event}
"""
    names = ["boto3", "awslambdaric", "generator", "ministack", "troposphere", "click", "pytest", "pip"]
    found = Function(emulator, code, PYTHON)(names)
    assert [name for name, there in found.items() if there] == ["boto3", "awslambdaric"]


def test_a_function_acts_as_its_role_and_sees_nothing_of_the_users() -> None:
    code = """
import os, boto3
def handler(event, context):
    allowed = boto3.client("s3").list_buckets()["Buckets"]
    try:
        boto3.client("s3").create_bucket(Bucket="not-allowed")
    except Exception as refused:
        allowed = str(refused)
    return [boto3.client("sts").get_caller_identity()["Arn"], allowed, dict(os.environ)]
"""
    users = {"AWS_PROFILE": "secret-profile", "AWS_ACCESS_KEY_ID": "AKIASECRET", "GITHUB_TOKEN": "secret-token"}
    with Emulator({**os.environ, **users}) as own:
        function = Function(own, code, PYTHON, Environment={"Variables": {"LEVEL": "debug", "AWS_REGION": "x"}})
        arn, refused, variables = function()
    assert arn == f"arn:aws:sts::123456789012:assumed-role/functions/{function.name}"
    assert "AccessDenied" in refused
    assert not [value for value in variables.values() if "secret" in value.lower()]
    assert variables["LEVEL"] == "debug"
    assert variables["AWS_REGION"] == "us-east-1"
    assert variables["AWS_EXECUTION_ENV"] == f"AWS_Lambda_{PYTHON}"


def test_one_process_serves_the_next_invocation_and_new_code_another(emulator: Emulator) -> None:
    code = "count = 0\ndef handler(event, context):\n    global count\n    count += 1\n    return count\n"
    function = Function(emulator, code, PYTHON)
    assert [function(), function()] == [1, 2]
    function.change("def handler(event, context): return 'changed'")
    assert function() == "changed"


FAILING = [
    ("def handler(event, context): raise ValueError('boo')", "ValueError", "boo"),
    ("def handler(event, context): raise ValueError('größe €')", "ValueError", "größe €"),
    ("import nothere", "Runtime.ImportModuleError", "Unable to import module 'index': No module named 'nothere'"),
    ("x = 1", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'index'"),
    ("def handler(:", "Runtime.UserCodeSyntaxError", "Syntax error in module 'index'"),
    ("def handler(event, context): return object()", "Runtime.MarshalError", "Unable to marshal response"),
    ("def handler(event, context): import sys; sys.exit(2)", "Runtime.ExitError", "exit status 2"),
    ("def handler(event, context): import os; os._exit(0)", "Runtime.ExitError", "without providing a reason"),
    ("def handler(event, context): import os; os.kill(os.getpid(), 9)", "Runtime.ExitError", "signal: killed"),
    ("def handler(event, context): return 'x' * 6_300_000", "Function.ResponseSizeTooLarge", "6291556 bytes"),
]


@pytest.mark.parametrize(("code", "kind", "message"), FAILING)
def test_a_failing_python_function_fails_as_on_aws(emulator: Emulator, code: str, kind: str, message: str) -> None:
    payload, failed, log = Function(emulator, code, PYTHON).ask()
    assert failed
    assert payload["errorType"] == kind
    assert message in payload["errorMessage"]
    assert REPORT.fullmatch(log.splitlines()[-1])


def test_a_trace_names_awss_paths(emulator: Emulator) -> None:
    payload, _, log = Function(emulator, FAILING[0][0], PYTHON).ask()
    assert payload["stackTrace"] == ['  File "/var/task/index.py", line 1, in handler\n    ' + FAILING[0][0] + "\n"]
    assert "[ERROR] ValueError: boo\nTraceback (most recent call last):\n" in log
    assert 'File "/var/task/index.py", line 1, in handler\n' in log


def test_a_function_that_hangs_is_ended_at_its_timeout(emulator: Emulator) -> None:
    code = "import time\ndef handler(event, context):\n    print('going', flush=True)\n    time.sleep(event)\n"
    function = Function(emulator, code, PYTHON, Timeout=1)
    began = time.monotonic()
    payload, failed, log = function.ask(60)
    assert time.monotonic() - began < 5
    assert failed
    assert payload["errorType"] == "Sandbox.Timedout"
    assert re.fullmatch(r"RequestId: \S+ Error: Task timed out after 1\.00 seconds", payload["errorMessage"])
    assert "going\n" in log
    assert re.search(r"Z \S+ Task timed out after 1\.00 seconds\n", log)
    assert function(0) is None


def test_an_event_is_taken_at_once_and_tells_its_log(emulator: Emulator) -> None:
    function = Function(emulator, "def handler(event, context): print('got', event['id'])", PYTHON)
    assert function.send({"id": 7}) == 202
    deadline = time.monotonic() + 8
    while "got 7" not in function.log and time.monotonic() < deadline:
        time.sleep(0.01)
    assert "got 7" in function.log


def test_invocations_side_by_side_have_processes_of_their_own(emulator: Emulator) -> None:
    code = "import os, time\ndef handler(event, context):\n    time.sleep(0.5)\n    return os.getpid()\n"
    function, seen = Function(emulator, code, PYTHON), []
    threads = [threading.Thread(target=lambda: seen.append(function())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(seen)) == 2


def test_a_layer_is_found(emulator: Emulator) -> None:
    client = emulator.client("lambda")
    content = {"ZipFile": archive({"python/shared.py": "WORD = 'layered'", "nodejs/node_modules/word/index.js":
                                   "module.exports = 'layered'"})}  # fmt: skip
    layer = client.publish_layer_version(LayerName="shared", Content=content)["LayerVersionArn"]
    python = "import shared\ndef handler(event, context): return shared.WORD"
    assert Function(emulator, python, PYTHON, Layers=[layer])() == "layered"
    node = "exports.handler = async () => require('word');"
    assert Function(emulator, node, NODE, Layers=[layer])() == "layered"


def test_a_node_function_gets_event_and_context(emulator: Emulator) -> None:
    code = """
exports.handler = async (event, context) => {
  console.log("hello");
  return [event, context.functionName, typeof context.awsRequestId, process.env.AWS_EXECUTION_ENV];
};
"""
    function = Function(emulator, code, NODE)
    assert function({"a": "ü"}) == [{"a": "ü"}, function.name, "string", f"AWS_Lambda_{NODE}"]
    _, _, log = function.ask({})
    assert re.search(r"Z\t\S+\tINFO\thello\n", log)


@pytest.mark.parametrize(
    ("code", "kind", "message"),
    [
        ("exports.handler = async () => { throw new TypeError('boo'); };", "TypeError", "boo"),
        ("exports.handler = async () => { throw new TypeError('größe €'); };", "TypeError", "größe €"),
        ("exports.handler = (event, context, done) => done(new Error('late'));", "Error", "late"),
        ("exports.other = 1;", "Runtime.HandlerNotFound", "index.handler is undefined or not exported"),
        ("require('nothere');", "Runtime.ImportModuleError", "Cannot find module 'nothere'"),
        ("exports.handler = async () => process.exit(3);", "Runtime.ExitError", "exit status 3"),
        ("exports.handler = () => { setTimeout(() => { throw new RangeError('late'); }, 1); };", "RangeError", "late"),
        (
            "exports.handler = (e, c) => { setTimeout(() => { Promise.reject(new Error('lost')); }, 1); };",
            "Runtime.UnhandledPromiseRejection",
            "lost",
        ),
    ],
)
def test_a_failing_node_function_fails_as_on_aws(emulator: Emulator, code: str, kind: str, message: str) -> None:
    payload, failed, _ = Function(emulator, code, NODE).ask()
    assert failed
    assert payload["errorType"] == kind
    assert message in payload["errorMessage"]
    assert "penstock" not in str(payload)


def test_handlers_with_callbacks_work_until_node_22_and_are_refused_from_24_on(emulator: Emulator) -> None:
    code = "exports.handler = (event, context, done) => done(null, event);"
    assert Function(emulator, code, NODE)("told") == "told"
    payload, failed, _ = Function(emulator, code, "nodejs24.x").ask()
    assert failed
    assert payload["errorType"] == "Runtime.CallbackHandlerDeprecated"


def test_a_node_module_finds_the_sdk_it_names(emulator: Emulator) -> None:
    code = """
import { STSClient, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
export const handler = async () => (await new STSClient({}).send(new GetCallerIdentityCommand({}))).Arn;
"""
    function = Function(emulator, {"index.mjs": code}, NODE, Timeout=10)
    assert function() == f"arn:aws:sts::123456789012:assumed-role/functions/{function.name}"


def test_sdk_packages_that_are_carried_or_only_named_by_others_are_not_fetched() -> None:
    code = archive(
        {
            "index.js": 'require("@aws-sdk/client-sts"); require("@aws-sdk/client-s3")',
            "node_modules/@aws-sdk/client-s3/index.js": 'require("@aws-sdk/util-user-agent")',
            "README.md": "@aws-sdk/client-ec2",
        }
    )
    assert named_sdk_packages(code) == {"@aws-sdk/client-sts"}


def test_stand_ins_and_what_nothing_stands_in_for_are_told(emulator: Emulator) -> None:
    Function(emulator, "def handler(event, context): return 1", PYTHON)()
    payload, failed, _ = Function(emulator, {"a.class": ""}, "java21").ask()
    assert failed
    said = "functions of runtime java21 are not rehearsed; python and nodejs ones are"
    assert payload == {"errorType": "Penstock.NotRehearsed", "errorMessage": said}
    assert emulator.runtime_stand_ins()[PYTHON] == f"Python {platform.python_version()}"
    assert said in emulator.ledger()["not_rehearsed"]


def test_families() -> None:
    assert [family(runtime) for runtime in ("python3.9", "nodejs18.x")] == ["python", "nodejs"]
    with pytest.raises(NotRehearsableError, match="container image"):
        family("")


def test_without_node_it_says_what_to_install() -> None:
    with pytest.raises(NotRehearsableError, match="needs `node`"):
        stand_in(NODE, {"PATH": "/nowhere"})
    with pytest.raises(NoNodeError, match="needs `npm`"):
        node_environment.npm([], Path(), {"PATH": "/nowhere"})


def test_a_node_that_only_looks_like_one_is_not_taken(tmp_path: Path) -> None:
    shim = tmp_path / "node"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    with pytest.raises(NoNodeError):
        node_environment.node_program({"PATH": str(tmp_path)})


def test_a_failing_npm_is_told_by_its_last_line(tmp_path: Path) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho one >&2\necho 'code E404' >&2\nexit 1\n")
    npm.chmod(0o755)
    with pytest.raises(NoNodeError, match="npm pack failed: code E404"):
        node_environment.node_environment(
            tmp_path / "cache", {"PATH": f"{tmp_path}:/usr/bin:/bin"}, node_environment.UNTIL_22
        )
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_folder_is_made_once_even_by_two_at_a_time(tmp_path: Path) -> None:
    both = threading.Barrier(2)

    def make(folder: Path) -> None:
        (folder / "who").write_text(threading.current_thread().name)
        both.wait()

    threads = [threading.Thread(target=made_once, args=(tmp_path / "once", make)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.name for path in tmp_path.iterdir()] == ["once"]
    made_once(tmp_path / "once", lambda _folder: pytest.fail("made again"))


def test_a_folder_that_could_not_be_made_is_not_there(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").write_text("")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        made_once(tmp_path / "once", fail)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(params=["compiled", "stand-in"])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ExecutionEnvironment]:
    """A function that says what serves it, once with awslambdaric's compiled part and once without."""
    packages = python_environment.python_environment(tmp_path / "cache")
    if request.param == "stand-in":
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
    command = [python_environment.interpreter(), "-S", "-s", "-B", "-u", str(start), str(packages), str(task)]
    made = ExecutionEnvironment(Program(command, variables, task, packages, 3, 128))
    yield made
    made.close()


def test_the_compiled_part_of_the_client_can_be_done_without(
    environment: ExecutionEnvironment, request: pytest.FixtureRequest
) -> None:
    answer = environment.invoke(None, "id-1", ROLE)
    assert (answer.payload, answer.failed) == (request.node.callspec.id == "stand-in", False)
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


def test_an_interpreter_of_its_own_has_no_site_packages() -> None:
    said = subprocess.run(
        [python_environment.interpreter(), "-S", "-I", "-c", "import click"], capture_output=True, check=False
    )
    assert said.returncode == 1
