"""What the adapters use of ministack's core; see `contract`."""

from __future__ import annotations

from collections.abc import Mapping

EXPECTED: Mapping[str, str] = {
    "ministack.core.concurrency.run_reentrant": "(fn, *args, thread_name: str = 'ministack-reentrant')",
    "ministack.core.iam_actions.SERVICE_TO_IAM_NAMESPACE": "dict",
    "ministack.core.iam_actions._BOTOCORE_SERVICE_MAP": "dict",
    "ministack.core.iam_actions.access_denied_response": (
        "(service: str, action: str, principal_arn: str, request_id: str, *, error_code: str = '', message: "
        "str = '', headers: dict | None = None, resource_arn: str = '*', explicit_deny: bool = False, "
        "resource_policy_arn: str = '') -> tuple"
    ),
    "ministack.core.iam_actions.extract_resource_arn": (
        "(service: str, method: str, path: str, headers: dict, body: bytes, query_params: dict, region: str, "
        "account_id: str) -> str"
    ),
    "ministack.core.iam_evaluator.EvalResult": (
        "(decision: str, principal_arn: str = '', matched_sid: str = '', reason: str = '', "
        "resource_policy_arn: str = '') -> None"
    ),
    "ministack.core.iam_evaluator._ALWAYS_ALLOWED_ACTIONS": "frozenset",
    "ministack.core.iam_evaluator._RESOURCE_POLICY_LOOKUPS": "dict",
    "ministack.core.iam_evaluator._principal_keys": (
        "(credential: ministack.core.iam_evaluator.ResolvedCredential) -> dict[str, typing.Any]"
    ),
    "ministack.core.iam_evaluator._resolve_managed_policy_document": (
        "(policy_arn: str, account_id: str) -> dict | str | None"
    ),
    "ministack.core.iam_evaluator.caller_arn": "() -> str",
    "ministack.core.iam_evaluator.enforce": (
        "(access_key_id: str, iam_action: str, service: str, region: str, resource_arn: str = '*', "
        "service_context: dict[str, typing.Any] | None = None) -> ministack.core.iam_evaluator.EvalResult | "
        "ministack.core.iam_evaluator.AuthError | None"
    ),
    "ministack.core.iam_evaluator.evaluate_trust_policy": (
        "(trust_doc: str | dict, caller_arn: str, ctx: ministack.core.iam_evaluator.EvalContext | None = None) -> bool"
    ),
    "ministack.core.iam_evaluator.is_root_access_key": "(access_key_id: str) -> bool",
    "ministack.core.iam_evaluator.resolve_credential": (
        "(access_key_id: str, account_id: str | None = None, session_token=<object object>) -> "
        "ministack.core.iam_evaluator.ResolvedCredential | ministack.core.iam_evaluator.CredentialResolutionError"
    ),
    "ministack.core.lambda_runtime._worker_class_for": "(config: dict)",
    "ministack.core.lambda_runtime.acquire_worker": (
        "(func_name: str, config: dict, code_zip: bytes, qualifier: str = '$LATEST', max_concurrency: int | "
        "None = None)"
    ),
    "ministack.core.lambda_runtime.execution_credentials": "(config: dict) -> dict[str, str]",
    "ministack.core.lambda_runtime.get_or_create_worker": (
        "(func_name: str, config: dict, code_zip: bytes, qualifier: str = '$LATEST') -> "
        "ministack.core.lambda_runtime.Worker"
    ),
    "ministack.core.lambda_runtime.release_worker": "(worker: ministack.core.lambda_runtime.Worker) -> None",
    "ministack.core.responses._account_from_sts_session": "(access_key_id: str)",
    "ministack.core.responses.get_account_id": "() -> str",
    "ministack.core.responses.get_region": "() -> str",
    "ministack.core.responses.request_scope": "(account_id: str, region: str)",
    "ministack.core.responses.set_request_account_id": "(access_key_id: str) -> None",
    "ministack.core.responses.set_request_region": "(region: str | None) -> None",
    "ministack.core.router.SERVICE_PATTERNS": "dict",
    "ministack.core.iam_actions._lambda_action": "(method: str, path: str) -> str | None",
    "ministack.core.iam_actions._load_botocore_model": "(botocore_service: str) -> dict",
    "ministack.core.responses._BOTOCORE_NAME": "dict",
    "ministack.core.responses._service_model": "(service: str)",
}

REPLACED: tuple[str, ...] = (
    "ministack.core.iam_actions.access_denied_response",
    "ministack.core.iam_actions._lambda_action",
    "ministack.core.iam_actions.extract_resource_arn",
    "ministack.core.iam_evaluator.enforce",
    "ministack.core.iam_evaluator.evaluate_trust_policy",
    "ministack.core.iam_evaluator.is_root_access_key",
    "ministack.core.lambda_runtime._worker_class_for",
    "ministack.core.lambda_runtime.get_or_create_worker",
    "ministack.core.iam_actions._load_botocore_model",
    "ministack.core.responses._service_model",
)
