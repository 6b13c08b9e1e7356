"""What CodePipeline takes of one action: names, provider, order, timeout and the size of its configuration.

https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionDeclaration.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.aws_rules import limits
from generator.checks.longest import longest
from generator.model.action import Action
from generator.model.pipeline import Pipeline

_NAME = re.compile(rf"[A-Za-z0-9.@\-_]{{1,{limits.PIPELINE_NAME_LENGTH}}}")
_NAMESPACE = re.compile(rf"[A-Za-z0-9@\-_]{{1,{limits.PIPELINE_NAME_LENGTH}}}")
_ARTIFACT = re.compile(rf"[A-Za-z0-9_\-]{{1,{limits.PIPELINE_NAME_LENGTH}}}")
_VERSION = re.compile(rf"[0-9A-Za-z_\-]{{1,{limits.PROVIDER_VERSION_LENGTH}}}")
_OVERRIDES = "ParameterOverrides"
# The values that grow with what the pipeline file says.
_REMEDIES = {
    "EnvironmentVariables": "give fewer or shorter `environment` variables with `#{...}` in them",
    "CustomData": "shorten the approval's `message`",
    _OVERRIDES: "give fewer or shorter `parameters`, or give them a Default in the template",
    "UserParameters": "name fewer test functions, or give stacks and outputs shorter names",
}

# https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-valid-providers.html
PROVIDERS: Mapping[str, frozenset[str]] = {
    "Source": frozenset({"CodeCommit", "CodeStarSourceConnection", "ECR", "S3"}),
    "Build": frozenset({"CodeBuild", "ECRBuildAndPublish"}),
    "Test": frozenset({"CodeBuild", "DeviceFarm"}),
    "Deploy": frozenset({
        "AppConfig", "CloudFormation", "CloudFormationStackInstances", "CloudFormationStackSet", "CodeDeploy",
        "CodeDeployToECS", "EC2", "ECS", "EKS", "ElasticBeanstalk", "Lambda", "S3", "ServiceCatalog",
    }),
    "Invoke": frozenset({"CodePipeline", "InspectorScan", "Lambda", "StepFunctions"}),
    "Approval": frozenset({"Manual"}),
    "Compute": frozenset({"Commands"}),
}  # fmt: skip


def check_action(action: Action, pipeline: Pipeline) -> Iterator[tuple[str, str]]:
    """Each thing CodePipeline refuses of an action: a sentence, and what to try (empty: the sentence says it)."""
    yield from ((message, "") for message in (*_names(action), *_kind(action), *_timeout(action)))
    for key, value in action.configuration.items():
        yield from ((message, _REMEDIES.get(key, "")) for message in _value(action, key, value, pipeline))


def _kind(action: Action) -> Iterator[str]:
    if action.owner == "AWS" and action.provider not in PROVIDERS.get(action.category, ()):
        yield f"{action.category} has no provider '{action.provider}' (action '{action.name}')"
    # CloudFormation would pass a number on, and CodePipeline refuses it.
    if not isinstance(action.version, str) or not _VERSION.fullmatch(action.version):
        yield f"version {action.version!r} of action '{action.name}' must be 1 to 9 letters and digits"
    if action.run_order not in limits.RUN_ORDERS:
        yield f"run order {action.run_order} of action '{action.name}' is not between 1 and 999"


def _names(action: Action) -> Iterator[str]:
    if not _NAME.fullmatch(action.name):
        yield f"'{action.name}' is not a valid action name: 1 to 100 letters, digits and .@-_"
    if action.namespace and not _NAMESPACE.fullmatch(action.namespace):
        yield f"'{action.namespace}' is not a valid namespace: 1 to 100 letters, digits and @-_"
    for name in (*action.inputs, *action.outputs):
        if not _ARTIFACT.fullmatch(name):
            yield f"'{name}' is not a valid artifact name: 1 to 100 letters, digits, - and _"


def _timeout(action: Action) -> Iterator[str]:
    if not action.timeout_minutes:
        return
    if action.category != "Approval":
        yield f"action '{action.name}' has a timeout, which CodePipeline honours for approvals only"
    elif action.timeout_minutes not in limits.APPROVAL_MINUTES:
        yield f"timeout of action '{action.name}' is {action.timeout_minutes} minutes; CodePipeline takes 5 to 86,400"


def _value(action: Action, key: str, value: Any, pipeline: Pipeline) -> Iterator[str]:
    if not 1 <= len(key) <= limits.CONFIGURATION_KEY_LENGTH:
        yield f"key '{key}' of action '{action.name}' must have 1 to {limits.CONFIGURATION_KEY_LENGTH} characters"
    text = _text(value)
    if text is None:
        return
    grown = longest(text, pipeline)
    size = len(grown.encode(errors="surrogatepass"))
    if key == _OVERRIDES and size > limits.OVERRIDES_BYTES:
        most = limits.OVERRIDES_BYTES
        yield f"{key} of action '{action.name}' can grow to {size:,} bytes; CodePipeline takes {most:,}"
    elif not 1 <= len(grown) <= limits.CONFIGURATION_VALUE_LENGTH:
        yield f"{key} of action '{action.name}' can have {len(grown):,} characters; CodePipeline takes 1 to 1,000"


def _text(value: Any) -> str | None:
    """The text of a configuration value: itself or what Fn::Sub substitutes in; None for other intrinsics."""
    match value:
        case str(text) | {"Fn::Sub": str(text)} | {"Fn::Sub": [str(text), *_]}:
            return text
        case _:
            return None
