# ruff: noqa: SLF001 - this file exists to be the only one that touches private names of ministack's
"""The one file that imports ministack's insides; `contract` says what each is expected to be."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from ministack import app as _app
from ministack.core import concurrency, iam_actions, iam_evaluator, lambda_runtime, responses, router
from ministack.services import apigateway, apigateway_v1, eventbridge, lambda_svc, sts
from ministack.services.cloudformation import provisioners, stacks

from generator.rehearsal.emulator import iam_internals

Answer = tuple[int, dict[str, str], bytes]
Handler = Callable[[str, str, dict[str, str], bytes, dict[str, Any]], Awaitable[Answer]]
Create = Callable[[str, dict[str, Any], str], tuple[str, dict[str, Any]]]
Update = Callable[[str, dict[str, Any], dict[str, Any], str], tuple[str, dict[str, Any]]]
Delete = Callable[[str, dict[str, Any]], None]
ResourceOf = Callable[[str, Mapping[str, str], bytes, str, str], "str | None"]


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    """The whole emulator as an ASGI application."""
    await _app.app(scope, receive, send)


def mount(service: str, target_prefix: str, handler: Handler) -> None:
    """Answer a service's requests with `handler`, IAM enforced under the service's own name.

    `target_prefix` is the model's; empty for a REST service, which is known by its signature's scope.
    """
    patterns: dict[str, Any] = {"credential_scope": service, "host_patterns": [rf"{service}\."]}
    if target_prefix:
        patterns["target_prefixes"] = [target_prefix + "."]
    else:
        iam_actions._BOTOCORE_SERVICE_MAP[service] = [service]
    router.SERVICE_PATTERNS[service] = patterns
    iam_actions.SERVICE_TO_IAM_NAMESPACE[service] = service
    _app.SERVICE_HANDLERS[service] = handler


def name_resources(resource_of: ResourceOf) -> None:
    """Let `resource_of(service, headers, body, region, account)` name the ARN IAM judges; None: as before.

    It is the one moment the whole request passes by on its way to IAM, so the judge's copy is taken here.
    """
    known = iam_actions.extract_resource_arn

    def extract_resource_arn(  # noqa: PLR0913, PLR0917 - ministack's signature
        service: str,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
        query_params: dict[str, Any],
        region: str,
        account_id: str,
    ) -> str:
        iam_internals.remember_request(headers, body, query_params)
        named = resource_of(service, headers, body, region, account_id)
        return named or known(service, method, path, headers, body, query_params, region, account_id)

    iam_actions.extract_resource_arn = extract_resource_arn


async def on_a_thread(function: Callable[..., Any], *arguments: Any) -> Any:
    """Run what may call back into the emulator on a thread of its own, in the context of the request."""
    return await concurrency.run_reentrant(function, *arguments, thread_name="penstock")


def account() -> str:
    """The account of the request being answered."""
    return str(responses.get_account_id())


def region() -> str:
    """The region of the request being answered."""
    return str(responses.get_region())


def caller_arn() -> str | None:
    """The principal of the request being answered; None for the account's root."""
    arn = str(iam_evaluator.caller_arn())
    return None if arn.endswith(":root") else arn


def acting_for(account_id: str, region_name: str) -> contextlib.AbstractContextManager[None]:
    """Work outside any request as if in this account and region."""
    scope: contextlib.AbstractContextManager[None] = responses.request_scope(account_id, region_name)
    return scope


def put_service_events(entries: Sequence[Mapping[str, Any]]) -> None:
    """Put events of AWS services, which PutEvents itself refuses, on the bus of the account and region at hand."""
    eventbridge._put_events({"Entries": [dict(entry) for entry in entries]}, allow_aws_source=True)


def deliver_events(service: str, deliver: Callable[[Mapping[str, Any], str, str], None]) -> None:
    """Hand events for a target ARN of `service`, which the emulator drops, to `deliver(target, rule ARN, input)`.

    The input is the target's own text (Input or InputTransformer); empty when it has none.
    """
    known = eventbridge._invoke_target

    def invoke_target(target: Any, event: Any, rule: Any, view: Any = None) -> None:
        if target.get("Arn", "").split(":")[2:3] != [service]:
            known(target, event, rule, view)
            return
        given = target.get("Input", "")
        if target.get("InputTransformer"):
            seen = view or eventbridge._pattern_event_view(event)
            given = eventbridge._apply_input_transformer(target["InputTransformer"], rule, seen)
        deliver(target, rule.get("Arn", ""), given)

    eventbridge._invoke_target = invoke_target


def role_session(role_arn: str, session_name: str) -> dict[str, str]:
    """Keys of a session of a role, whoever asks: AccessKeyId, SecretAccessKey, SessionToken."""
    account_id, name = role_arn.split(":")[4], role_arn.rpartition("/")[2]
    keys = {
        "AccessKeyId": f"ASIA{secrets.token_hex(8).upper()}",
        "SecretAccessKey": secrets.token_hex(20),
        "SessionToken": secrets.token_hex(32),
    }
    sts.register_session(
        keys["AccessKeyId"],
        {
            "Arn": f"arn:aws:sts::{account_id}:assumed-role/{name}/{session_name}",
            "UserId": f"{name}:{session_name}",
            "SecretAccessKey": keys["SecretAccessKey"],
            "SessionToken": keys["SessionToken"],
            "Expiration": time.time() + 12 * 3600,
            "AccountId": account_id,
            "PrincipalType": "AssumedRole",
        },
    )
    return keys


def resource_types() -> frozenset[str]:
    """The CloudFormation types that can be created."""
    return frozenset(provisioners._RESOURCE_HANDLERS)


def register_type(resource_type: str, create: Create, update: Update, delete: Delete, *, blocking: bool = True) -> None:
    """Teach CloudFormation a type. `blocking` handlers may call the emulator: they run on a thread of their own."""
    provisioners._RESOURCE_HANDLERS[resource_type] = {"create": create, "update": update, "delete": delete}
    if blocking:
        _BLOCKING_TYPES.add(resource_type)


def known_type(resource_type: str) -> Mapping[str, Callable[..., Any]]:
    """The handlers of a type the emulator brings: create, update (with logical id), delete."""
    return dict(provisioners._RESOURCE_HANDLERS[resource_type])


def replace_handlers(resource_type: str, **handlers: Callable[..., Any]) -> None:
    """Put other handlers in the place of some that the emulator brings; they are called as those were."""
    known = provisioners._RESOURCE_HANDLERS
    known[resource_type] = {**known[resource_type], **handlers}


def tag_property(resource_type: str, name: str, shape: str) -> None:
    """Pass a stack's own tags to this type too; `shape` is "list" or "map"."""
    provisioners._STACK_TAG_PROPERTY[resource_type] = (name, shape)


_BLOCKING_TYPES: set[str] = set()


def provision_blocking_types_on_threads() -> None:
    """Keep the loop that answers requests free while a handler of `register_type` calls the emulator."""
    known = stacks._runs_on_worker_thread
    stacks._runs_on_worker_thread = lambda kind: kind in _BLOCKING_TYPES or known(kind)


def http_api(api_id: str) -> dict[str, Any] | None:
    """The record of an HTTP API, to be changed in place."""
    record: dict[str, Any] | None = apigateway._apis.get(api_id)
    return record


def set_http_api_routes(api_id: str, routes: Mapping[str, Any], integrations: Mapping[str, Any]) -> None:
    """Give an HTTP API exactly these routes and integrations, in the emulator's own records."""
    apigateway._routes[api_id] = dict(routes)
    apigateway._integrations[api_id] = dict(integrations)


def answer_execute_api(host_pattern: Any, domain: str) -> None:
    """Take a Host that `host_pattern` matches (group 1: the API's id) for an API's.

    `domain` follows "<id>.execute-api." in the events of every kind of API; a REST API's lacked it.
    """
    _app._EXECUTE_API_RE = host_pattern
    apigateway._HOST = domain
    known = apigateway_v1._build_lambda_event_v1

    def build_lambda_event(*arguments: Any, **named: Any) -> dict[str, Any]:
        event: dict[str, Any] = known(*arguments, **named)
        api_id = event["requestContext"]["apiId"]
        named_so = {"domainName": f"{api_id}.execute-api.{domain}", "domainPrefix": api_id}
        return {**event, "requestContext": {**event["requestContext"], **named_so}}

    apigateway_v1._build_lambda_event_v1 = build_lambda_event


def run_functions(
    worker_class: Callable[[Mapping[str, Any]], Any],
    execute: Callable[[dict[str, Any], Any, str], dict[str, Any]],
    refuse: Callable[[dict[str, Any], Any, str], dict[str, Any]],
) -> None:
    """Run Python and Node functions with `execute` on workers of `worker_class(config)`; `refuse` all others."""
    lambda_runtime._worker_class_for = worker_class
    lambda_svc._execute_function_warm = execute
    lambda_svc._execute_function_docker = refuse


@contextlib.contextmanager
def leased_worker(func: Mapping[str, Any]) -> Any:
    """A worker for one invocation of a function's record, back in its pool afterwards."""
    config = func.get("config") or func
    worker, _ = lambda_runtime.acquire_worker(
        config["FunctionName"], config, func["code_zip"], qualifier=config.get("Version", "$LATEST")
    )
    try:
        yield worker
    finally:
        lambda_runtime.release_worker(worker)


def execution_credentials(config: Mapping[str, Any]) -> dict[str, str]:
    """The variables that carry a function's execution role."""
    found: dict[str, str] = lambda_runtime.execution_credentials(config)
    return found


def function_variables(config: Mapping[str, Any]) -> dict[str, str]:
    """The variables of a function's own configuration, without the reserved ones."""
    found: dict[str, str] = lambda_svc._runtime_env_vars(config)
    return found


def layer_archive(layer: Any) -> bytes | None:
    """The zip of a layer a function's configuration names."""
    found: bytes | None = lambda_svc._resolve_layer_zip(layer)
    return found
