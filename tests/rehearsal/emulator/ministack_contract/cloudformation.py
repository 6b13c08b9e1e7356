"""What the adapters use of ministack's CloudFormation; see `contract`."""

from __future__ import annotations

from collections.abc import Mapping

EXPECTED: Mapping[str, str] = {
    "ministack.services.cloudformation._exports": "AccountRegionScopedDict",
    "ministack.services.cloudformation._stacks": "AccountRegionScopedDict",
    "ministack.services.cloudformation.changesets._apply_transforms": (
        "(template: dict, provided_params=None, previous_params=None) -> dict"
    ),
    "ministack.services.cloudformation.changesets._evaluate_conditions": "(template: dict, params: dict) -> dict",
    "ministack.services.cloudformation.changesets._find_change_set": "(cs_name, stack_name='')",
    "ministack.services.cloudformation.changesets._function_import_problem": "(name)",
    "ministack.services.cloudformation.changesets._log_group_import_problem": "(name)",
    "ministack.services.cloudformation.changesets._parse_template": "(template_body: str) -> dict",
    "ministack.services.cloudformation.changesets._resolve_parameters": (
        "(template: dict, provided_params: list[dict], previous_params: dict | None = None) -> dict"
    ),
    "ministack.services.cloudformation.changesets._resolve_refs": (
        "(value, resources, params, conditions, mappings, stack_name, stack_id)"
    ),
    "ministack.services.cloudformation.changesets._role_import_problem": "(name)",
    "ministack.services.cloudformation.changesets._table_import_problem": "(name)",
    "ministack.services.cloudformation.changesets._topological_sort": "(resources: dict, conditions: dict) -> list",
    "ministack.services.cloudformation.changesets.validate_template_support": (
        "(template: dict, conditions: dict, params: dict | None = None) -> None"
    ),
    "ministack.services.cloudformation.custom_resource._pending": "dict",
    "ministack.services.cloudformation.custom_resource._response_url": "(token: str) -> str",
    "ministack.services.cloudformation.custom_resource.deliver_response": "(token: str, response: dict) -> bool",
    "ministack.services.cloudformation.engine._NO_VALUE": "object",
    "ministack.services.cloudformation.engine._TransformFailed": "(template: dict, error: str)",
    "ministack.services.cloudformation.engine._apply_include_transform": "(template: dict) -> dict",
    "ministack.services.cloudformation.engine._apply_transforms": (
        "(template: dict, provided_params=None, previous_params=None) -> dict"
    ),
    "ministack.services.cloudformation.engine._check_provided_parameter_values": (
        "(provided_params: list[dict]) -> None"
    ),
    "ministack.services.cloudformation.engine._evaluate_conditions": "(template: dict, params: dict) -> dict",
    "ministack.services.cloudformation.engine._evaluate_rules": (
        "(template: dict, params: dict, conditions: dict) -> None"
    ),
    "ministack.services.cloudformation.engine._parse_template": "(template_body: str) -> dict",
    "ministack.services.cloudformation.engine._resolve_dynamic_reference": "(literal: str) -> str",
    "ministack.services.cloudformation.engine._resolve_parameters": (
        "(template: dict, provided_params: list[dict], previous_params: dict | None = None) -> dict"
    ),
    "ministack.services.cloudformation.engine._resolve_refs": (
        "(value, resources, params, conditions, mappings, stack_name, stack_id)"
    ),
    "ministack.services.cloudformation.engine._topological_sort": "(resources: dict, conditions: dict) -> list",
    "ministack.services.cloudformation.handlers._ACTION_HANDLERS": "dict",
    "ministack.services.cloudformation.handlers._apply_transforms": (
        "(template: dict, provided_params=None, previous_params=None) -> dict"
    ),
    "ministack.services.cloudformation.handlers._evaluate_conditions": "(template: dict, params: dict) -> dict",
    "ministack.services.cloudformation.handlers._imported_export_names": "(stack, stack_name)",
    "ministack.services.cloudformation.handlers._parse_template": "(template_body: str) -> dict",
    "ministack.services.cloudformation.handlers._resolve_parameters": (
        "(template: dict, provided_params: list[dict], previous_params: dict | None = None) -> dict"
    ),
    "ministack.services.cloudformation.handlers._resolve_refs": (
        "(value, resources, params, conditions, mappings, stack_name, stack_id)"
    ),
    "ministack.services.cloudformation.handlers._resolve_stack": "(stack_name)",
    "ministack.services.cloudformation.handlers.validate_template_support": (
        "(template: dict, conditions: dict, params: dict | None = None) -> None"
    ),
    "ministack.services.cloudformation.helpers._error": "(code, message, status=400)",
    "ministack.services.cloudformation.helpers._extract_members": "(params, prefix)",
    "ministack.services.cloudformation.helpers._p": "(params, key, default='')",
    "ministack.services.cloudformation.helpers._resolve_document": "(params, body_key, url_key, label)",
    "ministack.services.cloudformation.helpers._resolve_template": "(params)",
    "ministack.services.cloudformation.provisioners._CONDITIONALLY_REPLACING_PROPERTIES": "dict",
    "ministack.services.cloudformation.provisioners._NAME_SEED": "ContextVar",
    "ministack.services.cloudformation.provisioners._REPLACING_PROPERTIES": "dict",
    "ministack.services.cloudformation.provisioners._RESOURCE_HANDLERS": "dict",
    "ministack.services.cloudformation.provisioners._STACK_TAG_PROPERTY": "dict",
    "ministack.services.cloudformation.provisioners._delete_predecessor": "(delete_fn, *args, **kwargs)",
    "ministack.services.cloudformation.provisioners._delete_resource": (
        "(resource_type: str, physical_id: str, props: dict, stack_name: str | None = None, logical_id: str | "
        "None = None)"
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
        "(resource_type: str, physical_id: str, props: dict, stack_name: str | None = None, logical_id: str | "
        "None = None)"
    ),
    "ministack.services.cloudformation.stacks._evaluate_conditions": "(template: dict, params: dict) -> dict",
    "ministack.services.cloudformation.stacks._provision_resource": (
        "(resource_type: str, logical_id: str, props: dict, stack_name: str) -> tuple"
    ),
    "ministack.services.cloudformation.stacks._resolve_dynamic_references": (
        "(value, previous: dict | None = None, reuse_ssm: bool = False, reuse_secrets: bool = False)"
    ),
    "ministack.services.cloudformation.stacks._resolve_refs": (
        "(value, resources, params, conditions, mappings, stack_name, stack_id)"
    ),
    "ministack.services.cloudformation.stacks._resolve_stack_outputs": (
        "(outputs_defs, conditions, resources, param_values, mappings, stack_name, stack_id)"
    ),
    "ministack.services.cloudformation.stacks._runs_on_worker_thread": "(resource_type: str) -> bool",
    "ministack.services.cloudformation.stacks._topological_sort": "(resources: dict, conditions: dict) -> list",
    "ministack.services.cloudformation.stacks._update_resource": (
        "(resource_type: str, physical_id: str, old_props: dict, new_props: dict, stack_name: str, "
        "logical_id: str | None = None, old_attrs: dict | None = None) -> tuple"
    ),
}
"""Every name the adapters use, with its signature (of a callable) or its type."""

REPLACED: tuple[str, ...] = (
    "ministack.services.cloudformation.changesets._apply_transforms",
    "ministack.services.cloudformation.changesets._evaluate_conditions",
    "ministack.services.cloudformation.changesets._parse_template",
    "ministack.services.cloudformation.changesets._resolve_parameters",
    "ministack.services.cloudformation.changesets._resolve_refs",
    "ministack.services.cloudformation.changesets._topological_sort",
    "ministack.services.cloudformation.changesets.validate_template_support",
    "ministack.services.cloudformation.engine._apply_transforms",
    "ministack.services.cloudformation.engine._evaluate_conditions",
    "ministack.services.cloudformation.engine._evaluate_rules",
    "ministack.services.cloudformation.engine._parse_template",
    "ministack.services.cloudformation.engine._resolve_dynamic_reference",
    "ministack.services.cloudformation.engine._resolve_parameters",
    "ministack.services.cloudformation.engine._resolve_refs",
    "ministack.services.cloudformation.engine._topological_sort",
    "ministack.services.cloudformation.handlers._apply_transforms",
    "ministack.services.cloudformation.handlers._evaluate_conditions",
    "ministack.services.cloudformation.handlers._parse_template",
    "ministack.services.cloudformation.handlers._resolve_parameters",
    "ministack.services.cloudformation.handlers._resolve_refs",
    "ministack.services.cloudformation.handlers.validate_template_support",
    "ministack.services.cloudformation.helpers._resolve_document",
    "ministack.services.cloudformation.provisioners._delete_predecessor",
    "ministack.services.cloudformation.provisioners._delete_resource",
    "ministack.services.cloudformation.custom_resource._response_url",
    "ministack.services.cloudformation.provisioners._provision_resource",
    "ministack.services.cloudformation.provisioners._update_resource",
    "ministack.services.cloudformation.stacks._delete_resource",
    "ministack.services.cloudformation.stacks._evaluate_conditions",
    "ministack.services.cloudformation.stacks._provision_resource",
    "ministack.services.cloudformation.stacks._resolve_dynamic_references",
    "ministack.services.cloudformation.stacks._resolve_refs",
    "ministack.services.cloudformation.stacks._resolve_stack_outputs",
    "ministack.services.cloudformation.stacks._runs_on_worker_thread",
    "ministack.services.cloudformation.stacks._topological_sort",
    "ministack.services.cloudformation.stacks._update_resource",
)
"""Those in whose place ours is put, each once."""
