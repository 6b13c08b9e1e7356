"""start_tests runs the tests of a deployed stage and answers the CodePipeline job, whatever happens.

UserParameters, as JSON: "service", "stage", "commit", "execution_id"; "stack", or "deployed", the outputs themselves
where there is no stack; "url", the output that is the URL; "subset", which tests to run; "functions", the tests
(functions, state machines), or "tests_stack" and its "outputs" that name them. A test returns
{"passed": n, "failed": n, "summary": "..."} or raises.
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

ANSWER_SECONDS = 20  # kept for the answer: without one the pipeline hangs 20 minutes
TOKEN_LIMIT, MESSAGE_LIMIT = 2048, 5000  # AWS's
REASON_LIMIT, SUMMARY_LIMIT = 1500, 200  # ours
EVENT_KEYS = ("service", "stage", "commit", "execution_id")  # passed to the tests as they are

QUICK = Config(connect_timeout=5, read_timeout=10)
# A test may run for 900 s over a silent connection; a retry would run it twice.
PATIENT = Config(connect_timeout=5, read_timeout=910, tcp_keepalive=True, retries={"total_max_attempts": 1})
Values = dict[str, Any]


class JobError(Exception):
    """Why the job fails, in words."""


class Result(NamedTuple):
    """What came of one test: its summary or, when none passed, the reason."""

    name: str
    passed: int
    text: str


@functools.cache
def client(service: str) -> Any:
    """One client per container, made in the main thread: that is not thread-safe."""
    make: Any = boto3.client
    return make(service, config=PATIENT if service == "lambda" else QUICK)


def handler(event: Values, context: Any) -> None:
    """Answer the job; raises only when it cannot be answered."""
    job, codepipeline = event["CodePipeline.job"], client("codepipeline")
    refused = codepipeline.exceptions
    try:
        token = job["data"].get("continuationToken")
        results, running = resume(token) if token else begin(job, context)
        details = still_running(results, running) if running else verdict(results)
        report = codepipeline.put_job_success_result
    except BaseException as error:  # noqa: BLE001 - the pipeline waits for an answer
        message = str(error) if isinstance(error, JobError) else f"{type(error).__name__}: {error}"
        details = {"failureDetails": {"type": "JobFailed", "message": clip(message, MESSAGE_LIMIT)}}
        report = codepipeline.put_job_failure_result
    log(f"answering job {job['id']}: {details}")
    try:
        report(jobId=job["id"], **details)
    except (refused.InvalidJobStateException, refused.JobNotFoundException) as error:
        log(f"a test has answered, or it is too late: {error}")


def begin(job: Values, context: Any) -> tuple[list[Result], list[str]]:
    """Start state machines, run functions: results, ARNs of executions."""
    asked = user_parameters(job)
    outputs = asked["deployed"] if "deployed" in asked else stack_outputs(asked["stack"])
    url = pick(outputs, [asked["url"]])[0] if asked.get("url") else None
    tests = asked.get("functions") or pick(stack_outputs(asked["tests_stack"]), asked["outputs"])
    event = {"job_id": job["id"], "api_url": url, "outputs": outputs}
    event |= {key: asked.get(key) for key in (*EVENT_KEYS, "subset")}
    payload = json.dumps(event)
    log(f"testing {asked.get('stack', asked['stage'])} with {', '.join(map(short, tests))}")
    machines = [test for test in tests if ":stateMachine:" in test]
    running = [start(arn, f"{job['id']}-{number}", payload) for number, arn in enumerate(machines)]
    return invoke_all([test for test in tests if test not in machines], payload, context), running


def user_parameters(job: Values) -> Values:
    """UserParameters, usable."""
    asked = parse(job["data"]["actionConfiguration"]["configuration"].get("UserParameters"))
    if not isinstance(asked, dict):
        raise JobError("UserParameters is missing or is not a JSON object")
    tests = {"functions": list} if asked.get("functions") else {"tests_stack": str, "outputs": list}
    stack = {} if isinstance(asked.get("deployed"), dict) else {"stack": str}
    kinds = {**dict.fromkeys(EVENT_KEYS, str), **stack, **tests}
    wrong = [key for key, kind in kinds.items() if not (asked.get(key) and isinstance(asked[key], kind))]
    if wrong:
        raise JobError(f"UserParameters has no usable {', '.join(wrong)}")
    return asked


def stack_outputs(stack: str) -> dict[str, str]:
    """Every output of a stack that has a whole template deployed.

    UPDATE_ROLLBACK_COMPLETE has: the last good one. Rolling a stage back deploys that once more, which changes nothing.
    """
    description = client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    if re.search("^ROLLBACK|ROLLBACK_IN_PROGRESS|FAILED|DELETE|REVIEW_IN_PROGRESS", description["StackStatus"]):
        raise JobError(f"stack {stack} is {description['StackStatus']}: the commit is not deployed")
    return {output["OutputKey"]: output["OutputValue"] for output in description.get("Outputs", [])}


def pick(outputs: dict[str, str], names: list[str]) -> list[str]:
    """Values of the named outputs."""
    missing = ", ".join(name for name in names if name not in outputs)
    if missing:
        raise JobError(f"the stack has no output {missing}; it has {', '.join(sorted(outputs)) or 'none'}")
    return [outputs[name] for name in names]


def start(machine: str, name: str, payload: str) -> str:
    """ARN of the execution; its name makes a job delivered twice start but one."""
    states = client("stepfunctions")
    try:
        return str(states.start_execution(stateMachineArn=machine, name=name, input=payload)["executionArn"])
    except states.exceptions.ExecutionAlreadyExists:
        # It has ended; AWS does not tell its ARN.
        return re.sub(":stateMachine:([^:]+).*", rf":execution:\1:{name}", machine)


def resume(token: str) -> tuple[list[Result], list[str]]:
    """Look once at each execution; CodePipeline calls again while one runs."""
    executions, kept = json.loads(token)
    results, running = [Result(*result) for result in kept], []
    for arn in executions:
        execution = client("stepfunctions").describe_execution(executionArn=arn)
        if execution["status"] in ("RUNNING", "PENDING_REDRIVE"):
            running.append(arn)
        elif execution["status"] == "SUCCEEDED":
            results.append(judge(short(arn), execution.get("output", "")))
        else:
            reason = f"{execution['status']} {execution.get('error', '')} {execution.get('cause', '')}"
            results.append(Result(short(arn), 0, reason))
    return results, running


def still_running(results: list[Result], running: list[str]) -> Values:
    """Ask to be called again; texts are cut to fit the token."""
    room = TOKEN_LIMIT // 2 // (len(results) + len(running))
    kept = [result._replace(text=clip(result.text, room)) for result in results]
    token = json.dumps([running, kept], ensure_ascii=False)
    if len(token.encode("utf-16-le")) > 2 * TOKEN_LIMIT:
        raise JobError("too many tests for one action: no continuation token holds them")
    return {"continuationToken": token}


def invoke_all(functions: list[str], payload: str, context: Any) -> list[Result]:
    """Invoke the functions side by side, leaving time to answer."""
    deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - ANSWER_SECONDS
    late = "had not answered when start_tests, its own time nearly up, had to"
    done = {function: Result(short(function), 0, late) for function in functions}
    # Daemons: an executor waits for calls that hang.
    calls = [(client("lambda"), function, payload, done) for function in done]
    threads = [threading.Thread(target=invoke, args=call, daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0, deadline - time.monotonic()))
    return list(done.values())


def invoke(service: Any, function: str, payload: str, done: dict[str, Result], pauses: Any = (1, 2, 4, 8, 16)) -> None:
    """Put what came of a function into `done`, exceptions too; pause when throttled."""
    name = short(function)
    for pause in (*pauses, None):
        try:
            response = service.invoke(FunctionName=function, Payload=payload)
            body = response["Payload"].read().decode("utf-8", "replace")
            done[function] = crash(name, body) if "FunctionError" in response else judge(name, body)
        except BaseException as error:  # noqa: BLE001 - it becomes the function's result
            done[function] = Result(name, 0, f"{type(error).__name__}: {error}")
            if pause is not None and "TooMany" in type(error).__name__:  # it has not run
                time.sleep(pause)
                continue
        break
    log(str(done[function]))


def judge(name: str, body: str) -> Result:
    """Read an answer; it passes when a test ran and none failed."""
    answer = parse(body)
    if answer is None or answer == "":
        return Result(name, 0, "returned nothing and had not answered the job")
    passed, failed = map(answer.get, ("passed", "failed")) if isinstance(answer, dict) else (None, None)
    if not all(type(count) is int and 0 <= count < 10**9 for count in (passed, failed)):  # True is an int too
        return Result(name, 0, f'returned {clip(body, SUMMARY_LIMIT)}; wanted: {{"passed": 1, "failed": 0}}')
    summary = clip(str(answer.get("summary") or ""), REASON_LIMIT) or "no summary"
    if failed or not passed:
        return Result(name, 0, f"{failed} failed, {passed} passed: {summary}")
    return Result(name, passed, summary)


def crash(name: str, body: str) -> Result:
    """A function that raised, exited or timed out."""
    error = parse(body)
    text = f"{error.get('errorType')}: {error.get('errorMessage')}" if isinstance(error, dict) else f"failed: {body}"
    return Result(name, 0, text)


def parse(text: Any) -> Any:
    """The JSON value of `text`, or `text`."""
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return text


def verdict(results: list[Result]) -> Values:
    """Counts and summary; JobError when a test did not pass."""
    bad = [result for result in results or [Result("start_tests", 0, "ran no test")] if not result.passed]
    if bad:
        raise JobError("; ".join(f"{result.name}: {clip(result.text, REASON_LIMIT)}" for result in bad))
    passed = sum(result.passed for result in results)
    texts = [f"{result.name}: {result.text}" if results[1:] else result.text for result in results]
    summary = clip("; ".join(texts), SUMMARY_LIMIT)
    return {
        "outputVariables": {"Passed": str(passed), "Failed": "0", "Summary": summary},
        "executionDetails": {"summary": f"{passed} passed, 0 failed: {summary}"},
    }


def short(arn: str) -> str:
    """The name in an ARN."""
    return re.sub(r"^.*:(function|stateMachine|execution):", "", arn).split(":")[0]


def clip(text: str, limit: int) -> str:
    """One line of at most `limit` UTF-16 units, the strictest count, without lone surrogates."""
    line = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split())
    return line.encode("utf-16-le", "replace")[: 2 * limit].decode("utf-16-le", "ignore")


def log(text: str) -> None:
    """One line to CloudWatch."""
    print(clip(text, REASON_LIMIT))  # noqa: T201 - Lambda sends it there


# [services
outputs_of_one = stack_outputs


def outputs_of_services(stack: str) -> dict[str, str]:
    """Every output of several stacks as `service.Output`; `shop-*-beta database api=old`: a pattern, the services."""
    pattern, *words = stack.split()
    outputs = {} if words else outputs_of_one(stack)
    for service, _, named in (word.partition("=") for word in words):
        own = outputs_of_one(named or pattern.replace("*", service))
        outputs |= {f"{service}.{name}": value for name, value in own.items()}
    return outputs


stack_outputs = outputs_of_services  # for all above; at the end, so that no line of theirs moves
# services]


# [environments
begin_at_home, client_at_home = begin, client
place: Values = {}  # "role" and "region" of the stack that is asked about; nothing: it is where the pipeline is


def begin_there(job: Values, context: Any) -> tuple[list[Result], list[str]]:
    """The same, of a stage whose stack may be in another account: only CloudFormation is asked there."""
    asked = user_parameters(job)
    place.update({key: asked[key] for key in ("role", "region") if asked.get(key)})
    try:
        return begin_at_home(job, context)
    finally:
        place.clear()


def client_there(service: str) -> Any:
    """The client of a service; CloudFormation's with the role that reads the stage's stack."""
    if service != "cloudformation" or not place:
        return client_at_home(service)
    assumed = client_at_home("sts").assume_role(RoleArn=place["role"], RoleSessionName="start_tests")
    keys = {key: assumed["Credentials"][name] for key, name in CREDENTIALS.items()}
    return session_client(service, region_name=place["region"], config=QUICK, **keys)


session_client: Any = functools.lru_cache(maxsize=1)(boto3.client)
CREDENTIALS = {
    "aws_access_key_id": "AccessKeyId",
    "aws_secret_access_key": "SecretAccessKey",
    "aws_session_token": "SessionToken",
}
anywhere: Any = client_there
begin, client = begin_there, anywhere  # for all above; at the end, so that no line of theirs moves
# environments]
