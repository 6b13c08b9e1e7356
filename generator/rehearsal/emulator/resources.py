"""The resource each call of a mounted service is judged on by IAM.

From AWS's service authorization reference, "Actions, resources, and condition keys for AWS CodePipeline" and its
neighbours (https://docs.aws.amazon.com/service-authorization/latest/reference/).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

Request = Mapping[str, Any]


def resource_of(service: str, headers: Mapping[str, str], body: bytes, region: str, account: str) -> str | None:
    """The ARN of what a request is about; None when the service is not ours or the action has no resource."""
    path_in_arn = _PATHS.get(service)
    if path_in_arn is None:
        return None
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return None
    if not isinstance(request, dict):
        return None
    named = path_in_arn(headers.get("x-amz-target", "").rpartition(".")[2], request)
    if not named or named.startswith("arn:"):
        return named or None
    return f"arn:aws:{service}:{region}:{account}:{named}"


def _codepipeline(operation: str, request: Request) -> str:
    """Pipeline, pipeline/stage or pipeline/stage/action: as deep as the action goes."""
    pipeline = request.get("pipelineName") or request.get("name") or _inside(request, "pipeline", "name")
    parts = [pipeline]
    if operation in {"RetryStageExecution", "EnableStageTransition", "DisableStageTransition", "RollbackStage"}:
        parts.append(request.get("stageName"))
    if operation == "PutApprovalResult":
        parts += [request.get("stageName"), request.get("actionName")]
    return "/".join(part for part in parts if isinstance(part, str)) or str(request.get("resourceArn", ""))


def _codecommit(_operation: str, request: Request) -> str:
    return str(request.get("repositoryName") or request.get("resourceArn") or "")


def _codebuild(_operation: str, request: Request) -> str:
    """The project; builds and reports belong to one, and their ids begin with its name."""
    ids = request.get("ids") or request.get("names") or [""]
    named = request.get("projectName") or request.get("name") or request.get("id") or ids[0]
    return "" if not isinstance(named, str) or not named else _project(named)


def _project(named: str) -> str:
    if named.startswith("arn:"):
        return named
    return f"project/{named.partition(':')[0]}"


def _connection(_operation: str, request: Request) -> str:
    return str(request.get("ConnectionArn") or request.get("ResourceArn") or "")


def _notification(_operation: str, request: Request) -> str:
    return str(request.get("Arn") or "")


def _logs(_operation: str, request: Request) -> str:
    """A log stream; AWS's refusals name one, if an empty one, for calls on a whole group too."""
    group, stream = request.get("logGroupName"), request.get("logStreamName") or ""
    return f"log-group:{group}:log-stream:{stream}" if isinstance(group, str) else ""


def _inside(request: Request, *path: str) -> Any:
    value: Any = request
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


_PATHS: Mapping[str, Callable[[str, Request], str]] = {
    "codebuild": _codebuild,
    "codecommit": _codecommit,
    "codeconnections": _connection,
    "codepipeline": _codepipeline,
    "codestar-connections": _connection,
    "codestar-notifications": _notification,
    "logs": _logs,
}
