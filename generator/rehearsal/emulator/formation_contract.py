"""What the insides of ministack's CloudFormation are, as those files called internals expect them that serve it."""

from __future__ import annotations

from collections.abc import Mapping

_CLOUDFORMATION = "ministack.services.cloudformation"
_STACK = "stack_name, stack_id"
_OPERATIONS = ("engine", "handlers", "changesets")
# What is looked up in several modules, each of which has it by the name it was imported by.
_SEAM: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("_apply_transforms", "(template: dict, provided_params=None, previous_params=None) -> dict"): _OPERATIONS,
    ("_evaluate_conditions", "(template: dict, params: dict) -> dict"): (*_OPERATIONS, "stacks"),
    ("_parse_template", "(template_body: str) -> dict"): _OPERATIONS,
    ("_resolve_refs", "(value, resources, params, conditions, mappings, stack_name, stack_id)"): (
        *_OPERATIONS,
        "stacks",
    ),
    ("_topological_sort", "(resources: dict, conditions: dict) -> list"): ("engine", "changesets", "stacks"),
}

EXPECTED: Mapping[str, str] = {
    **{f"{_CLOUDFORMATION}.{module}.{name}": shape for (name, shape), modules in _SEAM.items() for module in modules},
    "ministack.services.cloudformation.engine._NO_VALUE": "object",
    "ministack.services.cloudformation.engine._TransformFailed": "(template: dict, error: str)",
    "ministack.services.cloudformation.engine._apply_include_transform": "(template: dict) -> dict",
    "ministack.services.cloudformation.engine._check_provided_parameter_values": (
        "(provided_params: list[dict]) -> None"
    ),
    "ministack.services.cloudformation.engine._evaluate_rules": (
        "(template: dict, params: dict, conditions: dict) -> None"
    ),
    "ministack.services.cloudformation.helpers._resolve_document": "(params, body_key, url_key, label)",
    "ministack.services.ssm.resolve_parameter_value": "(name_or_arn, version=None, decrypt=False)",
    "ministack.services.cloudformation._exports": "AccountRegionScopedDict",
    "ministack.services.cloudformation._stacks": "AccountRegionScopedDict",
    "ministack.services.cloudformation.changesets._find_change_set": "(cs_name, stack_name='')",
    "ministack.services.cloudformation.changesets._function_import_problem": "(name)",
    "ministack.services.cloudformation.changesets._log_group_import_problem": "(name)",
    "ministack.services.cloudformation.changesets._resolve_parameters": (
        "(template: dict, provided_params: list[dict], previous_params: dict | None = None) -> dict"
    ),
    "ministack.services.cloudformation.changesets._role_import_problem": "(name)",
    "ministack.services.cloudformation.changesets._table_import_problem": "(name)",
    "ministack.services.cloudformation.changesets.validate_template_support": (
        "(template: dict, conditions: dict, params: dict | None = None) -> None"
    ),
    "ministack.services.cloudformation.engine._resolve_parameters": (
        "(template: dict, provided_params: list[dict], previous_params: dict | None = None) -> dict"
    ),
    "ministack.services.cloudformation.engine.validate_template_support": (
        "(template: dict, conditions: dict, params: dict | None = None) -> None"
    ),
    "ministack.services.cloudformation.handlers._ACTION_HANDLERS": "dict",
    "ministack.services.cloudformation.handlers._error": "(code, message, status=400)",
    "ministack.services.cloudformation.handlers._imported_export_names": "(stack, stack_name)",
    "ministack.services.cloudformation.handlers._resolve_parameters": (
        "(template: dict, provided_params: list[dict], previous_params: dict | None = None) -> dict"
    ),
    "ministack.services.cloudformation.handlers._resolve_stack": "(stack_name)",
    "ministack.services.cloudformation.handlers.validate_template_support": (
        "(template: dict, conditions: dict, params: dict | None = None) -> None"
    ),
    "ministack.services.cloudformation.helpers._error": "(code, message, status=400)",
    "ministack.services.cloudformation.helpers._extract_members": "(params, prefix)",
    "ministack.services.cloudformation.helpers._p": "(params, key, default='')",
    "ministack.services.cloudformation.helpers._resolve_template": "(params)",
    "ministack.services.cloudformation.provisioners._CONDITIONALLY_REPLACING_PROPERTIES": "dict",
    "ministack.services.cloudformation.provisioners._REPLACING_PROPERTIES": "dict",
    "ministack.services.cloudformation.provisioners._delete_predecessor": "(delete_fn, *args, **kwargs)",
    "ministack.services.cloudformation.provisioners._delete_resource": (
        "(resource_type: str, physical_id: str, props: dict, stack_name: str | None = None, logical_id: str "
        "| None = None)"
    ),
    "ministack.services.cloudformation.provisioners._provision_resource": (
        "(resource_type: str, logical_id: str, props: dict, stack_name: str) -> tuple"
    ),
    "ministack.services.cloudformation.provisioners._requires_replacement": "(resource_type, old_props, new_props)",
    "ministack.services.cloudformation.provisioners._update_resource": (
        "(resource_type: str, physical_id: str, old_props: dict, new_props: dict, stack_name: str, "
        "logical_id: str | None = None, old_attrs: dict | None = None) -> tuple"
    ),
    "ministack.services.cloudformation.stacks._delete_resource": (
        "(resource_type: str, physical_id: str, props: dict, stack_name: str | None = None, logical_id: str "
        "| None = None)"
    ),
    "ministack.services.cloudformation.stacks._provision_resource": (
        "(resource_type: str, logical_id: str, props: dict, stack_name: str) -> tuple"
    ),
    "ministack.services.cloudformation.stacks._resolve_dynamic_references": (
        "(value, previous: dict | None = None, reuse_ssm: bool = False, reuse_secrets: bool = False)"
    ),
    "ministack.services.cloudformation.stacks._resolve_stack_outputs": (
        "(outputs_defs, conditions, resources, param_values, mappings, stack_name, stack_id)"
    ),
    "ministack.services.cloudformation.stacks._update_resource": (
        "(resource_type: str, physical_id: str, old_props: dict, new_props: dict, stack_name: str, "
        "logical_id: str | None = None, old_attrs: dict | None = None) -> tuple"
    ),
    "ministack.services.lambda_svc._functions": "AccountRegionScopedDict",
    "ministack.services.apigateway_v1._resources": "AccountRegionScopedDict",
    "ministack.services.dynamodb._tables": "AccountRegionScopedDict",
    "ministack.services.s3._policy_is_public": "(policy_text: str) -> bool",
    "ministack.services.s3._public_access_blocked": "(owner_account: str, bucket_name: str, setting: str) -> bool",
    "ministack.services.s3._put_bucket_encryption": "(name: str, body: bytes)",
    "ministack.services.sqs._queue_by_arn": "(arn: str) -> dict | None",
    "ministack.services.s3._bucket_has_versions": "(name: str) -> bool",
    "ministack.services.s3._get_object_data": (
        "(bucket_name: str, key: str, version_id: str | None = None) -> bytes | None"
    ),
}
"""Every name used there beyond those of `contract`, with its signature (of a callable) or its type."""
