"""What the adapters use of ministack: a new version of it moves some names, and then this says which."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from importlib import import_module

from tests.rehearsal.emulator.ministack_contract import cloudformation, core, s3

_ADDRESS = re.compile(r" at 0x[0-9a-f]+")

_V1 = (
    "(integration, api_id, stage_name, stage, resource, request_path, method, headers, body, query_params, "
    "path_params, *, owner_account_id=None, owner_region=None, binary_media_types=None, authorizer_context=None, "
    "caller_identity=None)"
)

EXPECTED: Mapping[str, str] = {
    "ministack.app.AUTH": "bool",
    "ministack.app.SERVICE_HANDLERS": "dict",
    "ministack.app._EXECUTE_API_RE": "Pattern",
    "ministack.app._LAMBDA_URL_RE": "Pattern",
    "ministack.app._asgi_header_list": "(headers: dict) -> list",
    "ministack.app._handle_execute_api_request": (
        "(host: str, path: str, method: str, headers: dict, body: bytes, query_params: dict, raw_path: str | None"
        " = None, raw_query_string: str | None = None)"
    ),
    "ministack.app._handle_lambda_url_request": (
        "(host: str, path: str, method: str, headers: dict, body: bytes, query_params: dict, source_ip: str | "
        "None = None)"
    ),
    "ministack.app._handle_post_body_shortcuts": (
        "(method: str, path: str, headers: dict, body: bytes, query_params: dict, request_id: str)"
    ),
    "ministack.app._handle_pre_body_request": (
        "(method: str, path: str, headers: dict, query_params: dict, request_id: str)"
    ),
    "ministack.app._handle_special_data_plane_request": (
        "(method: str, path: str, headers: dict, body: bytes, query_params: dict, request_id: str, raw_path: str "
        "| None = None, raw_query_string: str = '', client_ip: str = '127.0.0.1')"
    ),
    "ministack.app._parse_execute_api_url": "(host: str, path: str) -> tuple[str, str, str] | None",
    "ministack.app._read_request_body": "(receive, method: str, headers: dict) -> bytes",
    "ministack.app._send_response": "(send, status, headers, body, *, head=False)",
    "ministack.app._with_data_plane_headers": (
        "(response, request_id: str, include_s3_id: bool = False, wildcard_cors: bool = True)"
    ),
    "ministack.app.app": "(scope, receive, send)",
    "ministack.app.pin_signed_body": "(body: bytes) -> None",
    "ministack.services.apigateway._HOST": "str",
    "ministack.services.apigateway._apis": "AccountRegionScopedDict",
    "ministack.services.apigateway._extract_lambda_ref_from_integration_uri": "(uri: str) -> str",
    "ministack.services.apigateway._integrations": "AccountRegionScopedDict",
    "ministack.services.apigateway._authorizers": "AccountRegionScopedDict",
    "ministack.services.apigateway._invoke_request_authorizer_lambda": "(authorizer, event, account_id, region)",
    "ministack.services.apigateway._invoke_ws_lambda": (
        "(api_id: str, account_id: str, region: str, route: dict, stage: str, connection_id: str, event_type: str, "
        "message_id: str, body_text: str, source_ip: str, headers: dict, query_params: dict | None = None, **kwargs) "
        "-> dict | None"
    ),
    "ministack.services.apigateway_v1._OPENAPI_HTTP_METHODS": "set",
    "ministack.services.apigateway_v1._import_path_item": (
        "(api_id, path, path_item, scheme_map=None, default_security=None)"
    ),
    "ministack.services.apigateway_v1._invoke_authorizer_lambda": "(authorizer, event, account_id, region)",
    "ministack.services.apigateway_v1._invoke_sqs_v1": (
        "(integration, api_id, stage_name, stage, resource, request_path, method, headers, body, query_params, "
        "path_params, *, owner_account_id=None, owner_region=None, binary_media_types=None, authorizer_context=None, "
        "caller_identity=None)"
    ),
    "ministack.services.secretsmanager._resolve": "(secret_id, *, use_arn_scope=False)",
    "ministack.services.ssm._parameters": "AccountRegionScopedDict",
    "ministack.services.apigateway._invoke_lambda_proxy": (
        "(integration, api_id, stage, path, method, headers, body, query_params, route_key='$default', "
        "path_params=None, *, authorizer_claims=None, authorizer_scopes=None, authorizer_lambda_context=None, "
        "authorizer_iam=None, owner_account_id=None, owner_region=None, raw_query_string=None)"
    ),
    "ministack.services.apigateway._route_responses": "AccountRegionScopedDict",
    "ministack.services.apigateway._routes": "AccountRegionScopedDict",
    "ministack.services.apigateway_v1._build_lambda_event_v1": (
        "(api_id, stage_name, stage, resource, request_path, method, headers, body, query_params, "
        "path_params, *, binary_media_types=None, authorizer_context=None, caller_identity=None)"
    ),
    "ministack.services.apigateway_v1._invoke_lambda_custom_v1": _V1,
    "ministack.services.apigateway_v1._invoke_lambda_proxy_v1": _V1,
    "ministack.services.apigateway_v1._resources": "AccountRegionScopedDict",
    "ministack.services.apigateway_v1._rest_apis": "AccountRegionScopedDict",
    "ministack.services.cloudwatch_logs._append_log_events": "(stream, events)",
    "ministack.services.cloudwatch_logs._log_groups": "AccountRegionScopedDict",
    "ministack.services.cloudwatch_logs._log_records": "AccountRegionScopedDict",
    "ministack.services.dynamodb._tables": "AccountRegionScopedDict",
    "ministack.services.eventbridge._apply_input_transformer": "(transformer, rule, view)",
    "ministack.services.eventbridge._invoke_target": "(target, event, rule, view=None)",
    "ministack.services.eventbridge._pattern_event_view": "(event)",
    "ministack.services.eventbridge._put_events": "(data, allow_aws_source=False)",
    "ministack.services.iam._IAM_HANDLERS": "dict",
    "ministack.services.iam._attach_group_policy": "(p)",
    "ministack.services.iam._attach_role_policy": "(p)",
    "ministack.services.iam._attach_user_policy": "(p)",
    "ministack.services.iam._aws_managed_policies": "dict",
    "ministack.services.iam._error": "(status, code, message, ns='iam')",
    "ministack.services.iam._group_inline_policies": "AccountScopedDict",
    "ministack.services.iam._groups": "AccountScopedDict",
    "ministack.services.iam._is_aws_managed_arn": "(arn: str) -> bool",
    "ministack.services.iam._lookup_policy": "(arn: str)",
    "ministack.services.iam._make_aws_managed_record": "(name: str, document: str, description: str = '') -> dict",
    "ministack.services.iam._p": "(params, key, default='')",
    "ministack.services.iam._policies": "AccountScopedDict",
    "ministack.services.iam._policy_exists": "(arn: str) -> bool",
    "ministack.services.iam._roles": "AccountScopedDict",
    "ministack.services.iam._user_inline_policies": "AccountScopedDict",
    "ministack.services.iam._users": "AccountScopedDict",
    "ministack.services.kms._resolve_key": "(key_id_or_arn)",
    "ministack.services.lambda_svc.handle_request": (
        "(method: str, path: str, headers: dict, body: bytes, query_params: dict) -> tuple"
    ),
    "ministack.services.lambda_svc._emit_lambda_logs": (
        "(func: dict, request_id: str, log_text: str, error: bool, duration_ms: int, *, log_source: str | "
        "None = None) -> None"
    ),
    "ministack.services.lambda_svc._execute_function": "(func: dict, event: dict) -> dict",
    "ministack.services.lambda_svc.lambda_execute_result_to_api_proxy_response": (
        "(exec_result: dict) -> tuple[dict | None, str | None]"
    ),
    "ministack.services.lambda_svc._execute_function_docker": "(func: dict, event: dict, request_id: str) -> dict",
    "ministack.services.lambda_svc._execute_function_warm": "(func: dict, event: dict, request_id: str) -> dict",
    "ministack.services.lambda_svc._functions": "AccountRegionScopedDict",
    "ministack.services.lambda_svc._get_func_record_for_qualifier": (
        "(name: str, qualifier: str | None) -> tuple[dict | None, dict | None]"
    ),
    "ministack.services.lambda_svc._resolve_name_and_qualifier": "(name_or_arn: str) -> tuple[str, str | None]",
    "ministack.services.lambda_svc._resolve_layer_zip": "(attachment: str | dict) -> bytes | None",
    "ministack.services.lambda_svc._runtime_env_vars": "(config: dict) -> dict",
    "ministack.services.lambda_svc.invoke_async_with_retry": "(func: dict, event: dict) -> None",
    "ministack.services.sns._confirm_subscription": "(params)",
    "ministack.services.sns._deliver_to_lambda": (
        "(endpoint: str, envelope: str, topic_arn: str, sub_arn: str, msg_id: str, raw_message: str, "
        "message_attributes: dict)"
    ),
    "ministack.services.sns._deliver_to_sqs": (
        "(endpoint: str, envelope: str, raw: bool, raw_message: str, message_group_id: str = '', "
        "message_dedup_id: str = '', message_attributes: dict | None = None, topic_arn: str = '')"
    ),
    "ministack.services.sns._fanout": (
        "(topic_arn: str, msg_id: str, message: str, subject: str, message_structure: str = '', "
        "message_attributes: dict | None = None, message_group_id: str = '', message_dedup_id: str = '')"
    ),
    "ministack.services.sns._get_subscription_attributes": "(params)",
    "ministack.services.sns._get_topic_attributes": "(params)",
    "ministack.services.sns._list_subscriptions": "(params)",
    "ministack.services.sns._list_subscriptions_by_topic": "(params)",
    "ministack.services.sns._refresh_subscription_counts": "(topic: dict)",
    "ministack.services.sns._subscribe": "(params)",
    "ministack.services.sns._topics": "AccountRegionScopedDict",
    "ministack.services.sqs._queue_by_arn": "(arn: str) -> dict | None",
    "ministack.services.ssm.resolve_parameter_value": "(name_or_arn, version=None, decrypt=False)",
    "ministack.services.apigateway_v1._v1_tags": "AccountScopedDict",
    "ministack.services.cognito._user_pools": "AccountRegionScopedDict",
    "ministack.services.stepfunctions._tags": "AccountRegionScopedDict",
    "ministack.services.stepfunctions._service_model": "(service: str)",
    "ministack.services.sts._sessions": "dict",
    "ministack.services.sts.is_root_access_key": "(access_key_id: str) -> bool",
    "ministack.services.sts.register_session": "(access_key: str, session: dict) -> None",
    "ministack.services.tagging.resource_tags": "(arn: str) -> dict[str, str] | None",
    **core.EXPECTED,
    **cloudformation.EXPECTED,
    **s3.EXPECTED,
}
"""Every name the adapters use, with its signature (of a callable) or its type."""

REPLACED: tuple[str, ...] = (
    "ministack.app._EXECUTE_API_RE",
    "ministack.app._handle_post_body_shortcuts",
    "ministack.app._handle_pre_body_request",
    "ministack.app._handle_special_data_plane_request",
    "ministack.app._parse_execute_api_url",
    "ministack.app._read_request_body",
    "ministack.app._send_response",
    "ministack.services.apigateway._HOST",
    "ministack.services.apigateway._invoke_lambda_proxy",
    "ministack.services.apigateway._invoke_request_authorizer_lambda",
    "ministack.services.apigateway._invoke_ws_lambda",
    "ministack.services.apigateway_v1._build_lambda_event_v1",
    "ministack.services.apigateway_v1._import_path_item",
    "ministack.services.apigateway_v1._invoke_authorizer_lambda",
    "ministack.services.apigateway_v1._invoke_lambda_custom_v1",
    "ministack.services.apigateway_v1._invoke_lambda_proxy_v1",
    "ministack.services.apigateway_v1._invoke_sqs_v1",
    "ministack.services.cloudwatch_logs._append_log_events",
    "ministack.services.eventbridge._invoke_target",
    "ministack.services.iam._attach_group_policy",
    "ministack.services.iam._attach_role_policy",
    "ministack.services.iam._attach_user_policy",
    "ministack.services.iam._error",
    "ministack.services.iam._lookup_policy",
    "ministack.services.lambda_svc._emit_lambda_logs",
    "ministack.services.lambda_svc._execute_function_docker",
    "ministack.services.lambda_svc._execute_function_warm",
    "ministack.services.lambda_svc.handle_request",
    "ministack.services.lambda_svc.invoke_async_with_retry",
    "ministack.services.sns._confirm_subscription",
    "ministack.services.sns._deliver_to_lambda",
    "ministack.services.sns._deliver_to_sqs",
    "ministack.services.sns._fanout",
    "ministack.services.sns._get_subscription_attributes",
    "ministack.services.sns._get_topic_attributes",
    "ministack.services.sns._list_subscriptions",
    "ministack.services.sns._list_subscriptions_by_topic",
    "ministack.services.sns._subscribe",
    "ministack.services.stepfunctions._service_model",
    "ministack.services.sts.is_root_access_key",
    "ministack.services.sts.register_session",
    *core.REPLACED,
    *cloudformation.REPLACED,
    *s3.REPLACED,
)
"""Those in whose place ours is put, each once."""


def moved(expected: Mapping[str, str] = EXPECTED) -> list[str]:
    """What of ministack's is not as expected, one sentence each; empty when all is well."""
    return [problem for name, shape in expected.items() if (problem := _moved(name, shape))]


def _moved(name: str, expected: str) -> str:
    module, _, attribute = name.rpartition(".")
    try:
        current = getattr(import_module(module), attribute)
    except (ImportError, AttributeError):
        return f"{name} is gone"
    is_callable = inspect.isroutine(current) or inspect.isclass(current)
    shape = _ADDRESS.sub("", str(inspect.signature(current))) if is_callable else type(current).__name__
    return "" if shape == expected else f"{name} is now {shape}, was {expected}"
