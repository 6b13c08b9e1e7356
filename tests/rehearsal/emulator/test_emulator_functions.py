"""Lambda functions: Python and Node in processes of their own, AWS's errors, times and logs."""

from __future__ import annotations

import json
import os
import platform
import re
import threading
import time
from pathlib import Path

import pytest

from generator.rehearsal.codebuild.interpreters import Interpreter, nearest_python
from generator.rehearsal.emulator.functions.python_environment import interpreter_for
from generator.rehearsal.emulator.functions.stand_ins import NotRehearsableError, family, stand_in
from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.emulator.lambdas import Function, archive
from tests.rehearsal.emulator.stacks import role_trust

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
    *answers, left = function({"a": "ü"})
    assert answers == [{"a": "ü"}, function.name, "128", arn]
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
    environment_seen = Function(emulator, code, PYTHON)(names)
    assert [name for name, there in environment_seen.items() if there] == ["boto3", "awslambdaric"]


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
    payload, failed, log = function.ask(1000)
    assert failed
    assert payload["errorType"] == "Sandbox.Timedout"
    assert re.fullmatch(r"RequestId: \S+ Error: Task timed out after 1\.00 seconds", payload["errorMessage"])
    assert "going\n" in log
    assert re.search(r"Z \S+ Task timed out after 1\.00 seconds\n", log)
    assert function(0) is None


def test_an_event_is_taken_at_once_and_tells_its_log(emulator: Emulator) -> None:
    function = Function(emulator, "def handler(event, context): print('got', event['id'])", PYTHON)
    assert function.send({"id": 7}) == 202
    deadline = time.monotonic() + 120
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


def test_stand_ins_and_what_nothing_stands_in_for_are_told(emulator: Emulator) -> None:
    Function(emulator, "def handler(event, context): return 1", PYTHON)()
    payload, failed, _ = Function(emulator, {"a.class": ""}, "java21").ask()
    assert failed
    text = "functions of runtime java21 are not rehearsed; python and nodejs ones are"
    assert payload == {"errorType": "Penstock.NotRehearsed", "errorMessage": text}
    assert emulator.ledger()["stand_ins"][PYTHON] == stand_in(PYTHON, os.environ).program
    assert text in emulator.ledger()["not_rehearsed"]


def test_families() -> None:
    assert [family(runtime) for runtime in ("python3.9", "nodejs18.x")] == ["python", "nodejs"]
    with pytest.raises(NotRehearsableError, match="container image"):
        family("")


def test_a_role_that_does_not_trust_lambda_fails_the_function(emulator: Emulator) -> None:
    trust = json.dumps(role_trust("codebuild"))
    role = emulator.client("iam").create_role(RoleName="not-lambdas", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    payload, failed, _ = Function(emulator, "def handler(event, context): return 1", PYTHON, Role=role).ask()
    assert failed
    assert payload["errorMessage"] == "The role defined for the function cannot be assumed by Lambda."


def test_the_nearest_python_of_the_machine_stands_in(emulator: Emulator) -> None:
    function = Function(
        emulator, "import platform\ndef handler(event, context): return platform.python_version()", PYTHON
    )
    assert f"Python {function()}" == stand_in(PYTHON, os.environ).program


def test_a_python_too_old_for_what_lambda_carries_stands_in_for_no_function(tmp_path: Path) -> None:
    old = tmp_path / "python3.9"
    old.write_text("#!/bin/sh\nprintf '3.9.18\\n/nowhere\\n'\n", encoding="utf-8")
    old.chmod(0o755)
    variables = {"PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": "/nowhere"}
    assert nearest_python("3.9", variables) == Interpreter(str(old), "3.9.18")
    assert int(interpreter_for("python3.9", variables).minor.partition(".")[2]) >= 10


def test_without_any_other_python_this_one_stands_in() -> None:
    assert stand_in(PYTHON, {"PATH": "/nowhere", "HOME": "/nowhere"}).program == f"Python {platform.python_version()}"
