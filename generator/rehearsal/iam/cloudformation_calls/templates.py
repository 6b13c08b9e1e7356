"""What a template itself needs before any resource: its transforms, parameters in SSM, and dynamic references.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-author.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generator.rehearsal.cloudformation.errors import TemplateError
from generator.rehearsal.cloudformation.parameter_types import parameter_type
from generator.rehearsal.cloudformation.transforms import declared as declared_transforms
from generator.rehearsal.cloudformation.transforms import embedded
from generator.rehearsal.iam.cloudformation_calls.questions import Needed
from generator.rehearsal.iam.cloudformation_calls.values import Here

_REFERENCE = re.compile(
    r"\{\{resolve:(ssm|ssm-secure|secretsmanager):((?:arn:[^:}]+:[^:}]+:[^:}]+:[^:}]+:secret:)?[^:}]+)"
)
_NONE: Mapping[str, str] = {}
_SAM_APP = "AWS::Serverless::Application"
_OF_REPOSITORY = ("serverlessrepo:CreateCloudFormationTemplate", "serverlessrepo:GetCloudFormationTemplate")


def transforms(template: Mapping[str, Any], here: Here) -> list[Needed]:
    """The change set each transform makes; AWS's own live in the account "aws"."""
    called = [*declared_transforms(template), *embedded(template)]
    names = sorted({name for name in called if isinstance(name, str)})
    return [Needed("cloudformation:CreateChangeSet", _transform_arn(name, here), _NONE) for name in names]


def _transform_arn(name: str, here: Here) -> str:
    account, bare = ("aws", name.removeprefix("AWS::")) if name.startswith("AWS::") else (here.account, name)
    return f"arn:{here.partition}:cloudformation:{here.region}:{account}:transform/{bare}"


def applications(template: Mapping[str, Any]) -> list[Needed]:
    """What SAM asks of the Serverless Application Repository for each application that a template takes from it.

    https://docs.aws.amazon.com/serverlessrepo/latest/devguide/security_iam_id-based-policy-examples.html
    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-application.html
    """
    resources = (template.get("Resources") or {}).values()
    properties = [
        resource.get("Properties") or {}
        for resource in resources
        if isinstance(resource, Mapping) and resource.get("Type") == _SAM_APP
    ]
    located = (application.get("Location") for application in properties)
    ids = (place.get("ApplicationId") for place in located if isinstance(place, Mapping))
    return [Needed(action, name, _NONE) for name in ids if isinstance(name, str) for action in _OF_REPOSITORY]


def parameters(template: Mapping[str, Any], values: Mapping[str, str], here: Here) -> list[Needed]:
    """Reading the values of parameters that stand in SSM's Parameter Store; `values` are the operation's own."""
    needs = []
    for name, declared in sorted((template.get("Parameters") or {}).items()):
        if isinstance(declared, Mapping) and _is_stored(declared.get("Type")):
            stored = values.get(name) or str(declared.get("Default", ""))
            needs.append(Needed("ssm:GetParameters", _parameter_arn(stored, here), _NONE))
    return needs


def _is_stored(declared: Any) -> bool:
    try:
        return parameter_type(declared).is_stored
    except TemplateError:
        # The operation itself refuses the type.
        return False


def references(value: Any, here: Here) -> list[Needed]:
    """Reading what the dynamic references in a resource's properties name."""
    if isinstance(value, Mapping):
        return [need for inner in value.values() for need in references(inner, here)]
    if isinstance(value, list):
        return [need for inner in value for need in references(inner, here)]
    if not isinstance(value, str) or "{{resolve:" not in value:
        return []
    return [_read(service, name, here) for service, name in _REFERENCE.findall(value)]


def _read(service: str, name: str, here: Here) -> Needed:
    if service != "secretsmanager":
        return Needed("ssm:GetParameters", _parameter_arn(name, here), _NONE)
    # A secret's ARN ends in six characters of its own.
    own = f"arn:{here.partition}:secretsmanager:{here.region}:{here.account}:secret:{name}-AbCdEf"
    return Needed("secretsmanager:GetSecretValue", name if name.startswith("arn:") else own, _NONE)


def _parameter_arn(name: str, here: Here) -> str:
    """AWS's public parameters belong to no account."""
    if name.startswith("arn:"):
        return name
    account = "" if name.startswith("/aws/") else here.account
    rooted = name if name.startswith("/") else f"/{name}"
    return f"arn:{here.partition}:ssm:{here.region}:{account}:parameter{rooted}"
