"""start_tests runs the tests of a deployed stage and answers the CodePipeline job, whatever happens.

UserParameters, as JSON: "service", "stage", "stack", "commit", "execution_id"; "url", the name of the output that is
the application's URL; "functions", the tests (Lambda functions, state machines), or "tests_stack" and the names of its
"outputs" that are. A test returns {"passed": n, "failed": n, "summary": "..."} or raises.
https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-Lambda.html

The event carries live credentials and outputs may be secrets: neither is ever printed.
"""

import functools
import json
import re
import threading
import time
from typing import Any, NamedTuple

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

ANSWER_SECONDS = 20  # kept back for the answer: without one the pipeline hangs for 20 minutes
TOKEN_LIMIT, MESSAGE_LIMIT = 2048, 5000  # AWS's
REASON_LIMIT, SUMMARY_LIMIT = 1500, 200  # ours

QUICK = Config(connect_timeout=5, read_timeout=10, retries={"mode": "standard"})
# A test may run for 900 s over a silent connection, and a retry would run it twice.
PATIENT = Config(connect_timeout=5, read_timeout=910, tcp_keepalive=True, retries={"total_max_attempts": 1})

NOT_DEPLOYED = "ROLLBACK|FAILED|DELETE|REVIEW_IN_PROGRESS"
KINDS = {  # CodePipeline's failure types by parts of AWS's error codes
    "PermissionError": "AccessDenied",
    "SystemUnavailable": "Throttl|TooMany|LimitExceeded|Unavailable|ServiceException|Internal",
    "ConfigurationError": "NotFound|NotExist|Validation|Invalid",
}
Values = dict[str, Any]


class JobError(Exception):
    """Why the job fails, in words, and as one of CodePipeline's failure types."""

    def __init__(self, text: str, kind: str = "ConfigurationError") -> None:
        super().__init__(text)
        self.kind = kind


class Result(NamedTuple):
    """What came of one test: its summary or, when `kind` is a failure type, the reason."""

    name: str
    text: str
    kind: str = "JobFailed"
    passed: int = 0


@functools.cache
def client(service: str) -> Any:
    """One client per container, made in the main thread: making one is not thread-safe."""
    make: Any = boto3.client
    return make(service, config=PATIENT if service == "lambda" else QUICK)


def handler(event: Values, context: Any) -> None:
    """Answer the job; raises only when it cannot be answered, for the alarm on errors."""
    job = event["CodePipeline.job"]
    job_id, codepipeline = job["id"], client("codepipeline")
    try:
        token = job["data"].get("continuationToken")
        results, running = resume(token) if token else begin(job, context)
        details = still_running(results, running) if running else verdict(results)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the pipeline waits for an answer
        answer(job_id, codepipeline.put_job_failure_result, failureDetails=failure(error))
    else:
        answer(job_id, codepipeline.put_job_success_result, **details)


def begin(job: Values, context: Any) -> tuple[list[Result], list[str]]:
    """Start the state machines, run the functions: results, and ARNs of executions."""
    asked = user_parameters(job)
    outputs = stack_outputs(asked["stack"])
    tests = asked.get("functions") or pick(stack_outputs(asked["tests_stack"]), asked["outputs"])
    url = pick(outputs, [asked["url"]])[0] if asked.get("url") else None
    given = {key: asked[key] for key in ("stage", "service", "commit", "execution_id")}
    payload = json.dumps({"job_id": job["id"], "api_url": url, **given, "outputs": outputs})
    log(f"testing {asked['stack']} with {', '.join(map(short, tests))}")
    machines = [test for test in tests if ":stateMachine:" in test]
    running = [start(arn, f"{job['id']}-{number}", payload) for number, arn in enumerate(machines)]
    return invoke_all([test for test in tests if test not in machines], payload, context), running


def user_parameters(job: Values) -> Values:
    """UserParameters, with all there that the rest relies on."""
    asked = parse(job["data"]["actionConfiguration"]["configuration"].get("UserParameters"))
    if not isinstance(asked, dict):
        raise JobError("UserParameters is missing or is not a JSON object")
    needed = ["service", "stage", "stack", "commit", "execution_id"]
    needed += ["functions"] if asked.get("functions") else ["tests_stack", "outputs"]
    needed += ["url"] if asked.get("url") else []
    wrong = [key for key in needed if not is_usable(key, asked.get(key))]
    if wrong:
        raise JobError(f"UserParameters has no usable {', '.join(wrong)}")
    return asked


def is_usable(key: str, value: Any) -> bool:
    """Whether it is text, or for two keys a list of texts, nothing of it empty."""
    texts = value if key in ("functions", "outputs") else [value]
    return isinstance(texts, list) and texts != [] and all(isinstance(text, str) and text for text in texts)


def stack_outputs(stack: str) -> dict[str, str]:
    """Every output of a stack whose last deployment went well."""
    found = client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    if re.search(NOT_DEPLOYED, found["StackStatus"]):
        raise JobError(f"stack {stack} is {found['StackStatus']}: the commit is not deployed", "JobFailed")
    return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}


def pick(outputs: dict[str, str], names: list[str]) -> list[str]:
    """Values of the named outputs."""
    missing = ", ".join(name for name in names if name not in outputs)
    if missing:
        raise JobError(f"the stack has no output {missing}; it has {', '.join(sorted(outputs)) or 'none'}")
    return [outputs[name] for name in names]


def start(machine: str, name: str, payload: str) -> str:
    """ARN of the execution; its name makes a job that is delivered twice start but one."""
    states = client("stepfunctions")
    try:
        return str(states.start_execution(stateMachineArn=machine, name=name, input=payload)["executionArn"])
    except states.exceptions.ExecutionAlreadyExists:
        # It has ended already, and AWS does not tell its ARN.
        return re.sub(":stateMachine:([^:]+).*", rf":execution:\1:{name}", machine)


def resume(token: str) -> tuple[list[Result], list[str]]:
    """Look once at each execution; CodePipeline calls again, with a new job, while one runs."""
    executions, kept = json.loads(token)
    results, running = [Result(*result) for result in kept], []
    for arn in executions:
        found = client("stepfunctions").describe_execution(executionArn=arn)
        if found["status"] in ("RUNNING", "PENDING_REDRIVE"):
            running.append(arn)
        elif found["status"] == "SUCCEEDED":
            results.append(judge(short(arn), found.get("output", "")))
        else:
            reason = f"{found['status']} {found.get('error', '')} {found.get('cause', '')}"
            results.append(Result(short(arn), reason))
    return results, running


def still_running(results: list[Result], running: list[str]) -> Values:
    """Ask to be called again; texts are cut, so that they fit the token."""
    room = TOKEN_LIMIT // 2 // (len(results) + len(running))
    kept = [result._replace(text=clip(result.text, room)) for result in results]
    token = json.dumps([running, kept], ensure_ascii=False)
    if token != clip(token, TOKEN_LIMIT):
        raise JobError("too many tests for one action: no continuation token holds them")
    return {"continuationToken": token}


def invoke_all(functions: list[str], payload: str, context: Any) -> list[Result]:
    """Invoke the functions side by side; wait no longer than leaves time to answer."""
    deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - ANSWER_SECONDS
    done: dict[str, Result] = {}
    calls = [(client("lambda"), function, payload, done) for function in functions]
    # Daemons: an executor would wait at its end for a call that hangs.
    threads = [threading.Thread(target=invoke, args=call, daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0, deadline - time.monotonic()))
    late = "had not answered when start_tests, its own time nearly up, had to"
    return [done.get(function) or Result(short(function), late) for function in functions]


def invoke(service: Any, function: str, payload: str, done: dict[str, Result]) -> None:
    """Put what came of one function into `done`, an exception too: a thread's is lost."""
    name = short(function)
    try:
        response = service.invoke(FunctionName=function, InvocationType="RequestResponse", Payload=payload)
        body = response["Payload"].read().decode("utf-8", "replace")
        result = crash(name, body) if "FunctionError" in response else judge(name, body)
    except BaseException as error:  # noqa: BLE001 - it becomes the function's result
        told = failure(error)
        result = Result(name, told["message"], told["type"])
    log(f"{name}: {result.kind or 'passed'}: {result.text}")
    done[function] = result


def judge(name: str, body: str) -> Result:
    """Read a test's answer; it passes when at least one test ran and none failed."""
    told = parse(body)
    if told is None or told == "":
        return Result(name, "returned nothing and had not answered the job")
    counts = [told.get("passed"), told.get("failed")] if isinstance(told, dict) else [None]
    if not all(type(count) is int and 0 <= count < 10**9 for count in counts):  # True is an int as well
        return Result(name, f'returned {clip(body, SUMMARY_LIMIT)}; wanted: {{"passed": 1, "failed": 0}}')
    summary = one_line(str(told.get("summary") or "")) or "no summary"
    if counts[1] or not counts[0]:
        return Result(name, f"{counts[1]} failed, {counts[0]} passed: {summary}")
    return Result(name, summary, "", counts[0])


def crash(name: str, body: str) -> Result:
    """What Lambda tells of a function that raised, exited or timed out."""
    told = parse(body)
    if not isinstance(told, dict):
        return Result(name, f"failed: {body}")
    trace = told.get("stackTrace") or told.get("trace")  # Python's name, Node's name
    end = "\n".join(map(str, trace))[-700:] if isinstance(trace, list) else ""
    return Result(name, f"{told.get('errorType')}: {told.get('errorMessage')}"[:700] + "\n" + end)


def parse(text: Any) -> Any:
    """The JSON value of `text`, or itself where it is none."""
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return text


def verdict(results: list[Result]) -> Values:
    """Counts and summary of tests that all passed; JobError when one did not."""
    bad = [result for result in results or [Result("start_tests", "ran no test")] if result.kind]
    if bad:
        text = "\n".join(f"{result.name}: {clip(result.text, REASON_LIMIT)}" for result in bad)
        raise JobError(text, bad[0].kind)
    passed = sum(result.passed for result in results)
    texts = [f"{result.name}: {result.text}" if results[1:] else result.text for result in results]
    summary = clip("; ".join(texts), SUMMARY_LIMIT)
    return {
        "outputVariables": {"Passed": str(passed), "Failed": "0", "Summary": summary},
        "executionDetails": {"summary": f"{passed} passed, 0 failed: {summary}"},
    }


def failure(error: BaseException) -> dict[str, str]:
    """FailureDetails; AWS refuses a message that is empty or too long."""
    kind, text = "JobFailed", str(error)
    if isinstance(error, JobError):
        kind = error.kind if error.kind in KINDS else kind
    elif isinstance(error, ClientError):
        code = error.response["Error"]["Code"]
        kind = next((known for known, codes in KINDS.items() if re.search(codes, code)), kind)
    else:
        kind = "SystemUnavailable" if isinstance(error, BotoCoreError) else kind
        text = f"{type(error).__name__}: {error}"
    return {"type": kind, "message": clip("\n".join(map(one_line, text.splitlines())), MESSAGE_LIMIT)}


def answer(job_id: str, report: Any, **details: Any) -> None:
    """Report; where a test has done so, or it is too late, the first answer stands."""
    log(f"answering job {job_id}: {details}")
    refused = client("codepipeline").exceptions
    try:
        report(jobId=job_id, **details)
    except (refused.InvalidJobStateException, refused.JobNotFoundException) as error:
        log(f"job {job_id} has its answer already: {error}")
    except BaseException as error:
        log(f"COULD NOT ANSWER job {job_id}: {error}")
        raise


def short(arn: str) -> str:
    """Name in the ARN of a function, state machine or execution."""
    return re.sub(r"^.*:(function|stateMachine|execution):", "", arn).split(":")[0]


def one_line(text: str) -> str:
    """Without line breaks and control characters."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split())


def clip(text: str, limit: int) -> str:
    """At most `limit` UTF-16 units, the strictest count; no lone surrogates, which cannot be sent."""
    return text.encode("utf-16-le", "replace")[: 2 * limit].decode("utf-16-le", "ignore")


def log(text: str) -> None:
    """One line to CloudWatch."""
    print(clip(one_line(f"start_tests: {text}"), REASON_LIMIT))  # noqa: T201 - Lambda sends it there
