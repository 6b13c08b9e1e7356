# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's Lambda: functions, where they run, and what happens around an invocation."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from generator.rehearsal.emulator.ministack import context, logs
from generator.rehearsal.emulator.ministack.interception import Intercepted, replace

Function = dict[str, Any]
Run = Callable[[Function, Any, str], dict[str, Any]]
Deliver = Callable[[str, Callable[[], None]], None]

_run_warm = Intercepted("ministack.services.lambda_svc._execute_function_warm")
_invoke_async = Intercepted("ministack.services.lambda_svc.invoke_async_with_retry")
_requests = Intercepted("ministack.services.lambda_svc.handle_request")
_actions = Intercepted("ministack.core.iam_actions._lambda_action")
_INVOKE_ASYNC = re.compile(r"/2014-11-13/functions/([^/]+)/invoke-async/?")
_emit_logs = Intercepted("ministack.services.lambda_svc._emit_lambda_logs")


def run_functions(worker_class: Callable[[Mapping[str, Any]], Any], execute: Run, refuse: Run) -> None:
    """Run Python and Node functions with `execute` on workers of `worker_class(config)`; `refuse` all others."""
    replace(worker_class, "ministack.core.lambda_runtime._worker_class_for")
    _run_warm.around(lambda _inner, function, event, request_id: execute(function, event, request_id))
    replace(refuse, "ministack.services.lambda_svc._execute_function_docker")
    replace(_RouteWorker, "ministack.core.lambda_runtime.get_or_create_worker")


class _RouteWorker:
    """What routes of WebSocket APIs, and nothing else, take for a worker: an invocation like any other."""

    def __init__(self, _name: str, config: Mapping[str, Any], archive: bytes, **_qualifier: str) -> None:
        self._function = {"config": config, "code_zip": archive}

    def invoke(self, event: Any, _request_id: str) -> dict[str, Any]:
        """The answer as the route expects it."""
        outcome = lambda_svc._execute_function(self._function, event)
        answer, _ = lambda_svc.lambda_execute_result_to_api_proxy_response(outcome)
        return {"status": "ok", "result": {"statusCode": 502} if outcome.get("error") else answer}


def name_actions(action_of: Callable[[str, str], str | None]) -> None:
    """Have `action_of(method, path)` say which action of IAM's a request is; None for one that Lambda does not have."""
    _actions.around(lambda _inner, method, path: action_of(method, path))


def accept_invoke_async() -> None:
    """Answer InvokeAsync, which SDKs still have, as the Invoke of an event.

    https://docs.aws.amazon.com/lambda/latest/api/API_InvokeAsync.html
    """

    async def answer(inner: Any, method: str, path: str, headers: Mapping[str, str], *more: Any) -> Any:
        match = _INVOKE_ASYNC.fullmatch(path)
        if match is None:
            return await inner(method, path, headers, *more)
        as_event = {**headers, "x-amz-invocation-type": "Event"}
        return await inner(method, f"/2015-03-31/functions/{match[1]}/invocations", as_event, *more)

    _requests.around(answer)


def around_functions(around: Callable[[Run, Function, Any, str], dict[str, Any]]) -> None:
    """Have every invocation run by `around(the run, function, event, request id)`."""
    _run_warm.around(around)


@contextlib.contextmanager
def leased_worker(function: Mapping[str, Any]) -> Any:
    """A worker for one invocation of a function's record, back in its pool afterwards."""
    config = function.get("config") or function
    worker, _ = lambda_runtime.acquire_worker(
        config["FunctionName"], config, function["code_zip"], qualifier=config.get("Version", "$LATEST")
    )
    try:
        yield worker
    finally:
        lambda_runtime.release_worker(worker)


def execution_credentials(config: Mapping[str, Any]) -> dict[str, str]:
    """The variables that carry a function's execution role."""
    variables: dict[str, str] = lambda_runtime.execution_credentials(config)
    return variables


def function_variables(config: Mapping[str, Any]) -> dict[str, str]:
    """The variables of a function's own configuration, without the reserved ones."""
    variables: dict[str, str] = lambda_svc._runtime_env_vars(config)
    return variables


def layer_archive(layer: Any) -> bytes | None:
    """The zip of a layer a function's configuration names."""
    archive: bytes | None = lambda_svc._resolve_layer_zip(layer)
    return archive


def has_function(name: str) -> bool:
    """Whether there is a function of this name, in the account and region at hand."""
    return name in lambda_svc._functions


def run(function: str, event: Any) -> str:
    """Run a function, by name or ARN, and wait for its end: the error it ended with, empty for none.

    It blocks, and asks nobody whether it may.
    """
    name, qualifier = lambda_svc._resolve_name_and_qualifier(function)
    record, _ = lambda_svc._get_func_record_for_qualifier(name, qualifier)
    if record is None:
        return f"ResourceNotFoundException: Function not found: {function}"
    outcome = lambda_svc._execute_function(record, event)
    if not outcome.get("error"):
        return ""
    body = outcome.get("body")
    failure = body if isinstance(body, Mapping) else {"errorMessage": body}
    return f"{failure.get('errorType', 'Error')}: {failure.get('errorMessage', '')}"


def function_role(name: str) -> str:
    """The ARN of the role a function runs as; empty for a function there is not."""
    return str(((lambda_svc._functions.get(name) or {}).get("config") or {}).get("Role") or "")


def function_timeout(name: str) -> int:
    """Seconds a function may take."""
    return int(lambda_svc._functions[name]["config"].get("Timeout", 3))


def invokers(name: str) -> frozenset[str]:
    """The services that statements of a function's own policy name; empty for a function there is not."""
    function = lambda_svc._functions.get(name) or {}
    principals = [statement.get("Principal") for statement in (function.get("policy") or {}).get("Statement", ())]
    return frozenset(str(each.get("Service") if isinstance(each, Mapping) else each) for each in principals)


def retries(function: Mapping[str, Any]) -> int:
    """How often Lambda runs an asynchronous invocation again when it failed.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html
    """
    configured = function.get("event_invoke_config")
    configured = configured or (function.get("event_invoke_configs") or {}).get("$LATEST") or {}
    attempts = configured.get("MaximumRetryAttempts")
    return 2 if attempts is None else int(attempts)


def divert_invocations(deliver: Deliver) -> None:
    """Have every asynchronous invocation carried out by `deliver(what to whom, the invocation)`."""

    def invoke(inner: Any, function: Function, event: Any) -> None:
        name = (function.get("config") or function)["FunctionName"]
        deliver(f"invocation of {name}", lambda: inner(function, event))

    _invoke_async.around(invoke)


def restrict_logs(allowed: Callable[[str, str, bool], bool]) -> None:
    """Write a function's log only if `allowed(role, log group ARN, whether the group is there)`."""

    def emit(inner: Any, function: Mapping[str, Any], *more: Any, **named: Any) -> None:
        config = function.get("config") or function
        group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config.get('FunctionName')}"
        arn = context.arn("logs", f"log-group:{group}")
        if allowed(str(config.get("Role", "")), arn, logs.has_log_group(group)):
            inner(function, *more, **named)

    _emit_logs.around(emit)
