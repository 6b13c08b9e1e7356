"""What CloudFormation refuses because of the state a stack is in, before it looks at the template.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html (status codes)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generator.rehearsal.emulator.ministack import cloudformation

OPERATIONS = ("CreateChangeSet", "CreateStack", "DeleteStack", "ExecuteChangeSet", "UpdateStack")

Refusal = tuple[str, str]
Stack = Mapping[str, Any]

_UPDATABLE = frozenset({
    *("CREATE_COMPLETE", "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE", "UPDATE_COMPLETE"),
    "UPDATE_ROLLBACK_COMPLETE",
})  # fmt: skip
_NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]{0,127}")


def refusal(operation: str, request: Mapping[str, str], stack: Stack | None) -> Refusal | None:
    """Code and message of the refusal; None for a request that is fine so far."""
    if stack is not None and stack["StackStatus"] == "DELETE_COMPLETE":
        stack = None
    return _JUDGES[operation](request, stack)


def _create(request: Mapping[str, str], stack: Stack | None) -> Refusal | None:
    name = request.get("StackName", "")
    if not _NAME.fullmatch(name):
        return _invalid_name(name)
    return ("AlreadyExistsException", f"Stack [{name}] already exists") if stack else None


def _invalid_name(name: str) -> Refusal:
    rule = "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
    if len(name) not in range(1, 129):
        rule = "Member must have length between 1 and 128, inclusive"
    return (
        "ValidationError",
        f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: {rule}",
    )


def _update(_request: Mapping[str, str], stack: Stack | None) -> Refusal | None:
    if stack is None or stack["StackStatus"] in _UPDATABLE:
        return None
    message = f"Stack:{stack['StackId']} is in {stack['StackStatus']} state and can not be updated."
    return "ValidationError", message


def _change(request: Mapping[str, str], stack: Stack | None) -> Refusal | None:
    kind = request.get("ChangeSetType", "UPDATE")
    if kind == "UPDATE":
        return _update(request, stack)
    if kind == "CREATE" and stack is None:
        name = request.get("StackName", "")
        return None if _NAME.fullmatch(name) else _invalid_name(name)
    if kind == "CREATE" and stack is not None and stack["StackStatus"] != "REVIEW_IN_PROGRESS":
        message = (
            f"Stack [{stack['StackName']}] already exists and cannot be created again"
            f" with the changeSet [{request.get('ChangeSetName', '')}]."
        )
        return "ValidationError", message
    return None


def _execute(request: Mapping[str, str], stack: Stack | None) -> Refusal | None:
    waits = stack is not None and stack["StackStatus"] == "REVIEW_IN_PROGRESS"
    return None if waits else _update(request, stack)


def _delete(_request: Mapping[str, str], stack: Stack | None) -> Refusal | None:
    if stack is None:
        return None
    status = str(stack["StackStatus"])
    if status.startswith("UPDATE_") and status.endswith("_IN_PROGRESS"):
        return "ValidationError", f"Stack [{stack['StackId']}] cannot be deleted while in status {status}"
    for output in stack.get("Outputs", ()):
        export = output.get("ExportName")
        if export and (users := cloudformation.importers(export)):
            return "ValidationError", f"Export {export} cannot be deleted as it is in use by {' and '.join(users)}"
    return None


_JUDGES = {
    "CreateChangeSet": _change,
    "CreateStack": _create,
    "DeleteStack": _delete,
    "ExecuteChangeSet": _execute,
    "UpdateStack": _update,
}
