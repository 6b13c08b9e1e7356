"""What resources of an application do to what may be somebody else's: topics, logs, functions, roles, secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from generator.application.choices import chosen
from generator.application.template import Resource
from generator.application.values import names_in, pattern_of
from generator.permissions import lists
from generator.permissions.corrections import MISSING_FOR_PROPERTIES
from generator.permissions.reach import making, own_actions
from generator.permissions.resource_names import arns_of
from generator.permissions.scopes import ARN, HERE

_FUNCTION, _GROUP, _ROLE, _TOPIC = "AWS::Lambda::Function", "AWS::Logs::LogGroup", "AWS::IAM::Role", "AWS::SNS::Topic"
# Type to the property that says what it is a part of, and the type of that.
_PARTS: Mapping[str, tuple[str, str]] = {
    "AWS::IAM::Policy": ("Roles", _ROLE),
    "AWS::IAM::RolePolicy": ("RoleName", _ROLE),
    "AWS::Lambda::EventInvokeConfig": ("FunctionName", _FUNCTION),
    "AWS::Lambda::Permission": ("FunctionName", _FUNCTION),
    "AWS::Lambda::Url": ("TargetFunctionArn", _FUNCTION),
    "AWS::Logs::MetricFilter": ("LogGroupName", _GROUP),
    "AWS::Logs::SubscriptionFilter": ("LogGroupName", _GROUP),
    "AWS::S3::BucketPolicy": ("Bucket", "AWS::S3::Bucket"),
    "AWS::SNS::Subscription": ("TopicArn", _TOPIC),
    "AWS::SNS::TopicPolicy": ("Topics", _TOPIC),
    "AWS::SQS::QueuePolicy": ("Queues", "AWS::SQS::Queue"),
}
_REST = f"{ARN}apigateway:${{AWS::Region}}::/restapis/{{}}/*"
_HTTP = f"{ARN}apigateway:${{AWS::Region}}::/apis/{{}}/*"
_DOMAIN = f"{ARN}apigateway:${{AWS::Region}}::/domainnames/{{}}/*"
_POOL = f"{ARN}cognito-idp{HERE}userpool/{{}}"
_OF_REST = ("Authorizer", "Deployment", "GatewayResponse", "Method", "Model", "RequestValidator", "Resource", "Stage")
_OF_HTTP = ("Authorizer", "Deployment", "Integration", "Model", "Route", "Stage")
# Type to the property that says below what it is, which the service names by an id, and the ARN of what is there.
_BELOW: Mapping[str, tuple[str, str]] = {
    **{f"AWS::ApiGateway::{name}": ("RestApiId", _REST) for name in _OF_REST},
    **{f"AWS::ApiGatewayV2::{name}": ("ApiId", _HTTP) for name in _OF_HTTP},
    "AWS::ApiGateway::BasePathMapping": ("DomainName", _DOMAIN),
    "AWS::ApiGatewayV2::ApiMapping": ("DomainName", _DOMAIN),
    **{f"AWS::Cognito::UserPool{name}": ("UserPoolId", _POOL) for name in ("Client", "Domain", "Group")},
    "AWS::Cognito::UserPoolResourceServer": ("UserPoolId", _POOL),
}
# Type to the property that names a role which its service gets: whoever deploys it passes that role.
_PASSED: Mapping[str, str] = {
    _FUNCTION: "Role",
    "AWS::Scheduler::Schedule": "Target.RoleArn",
    "AWS::StepFunctions::StateMachine": "RoleArn",
}
# Type to the properties that need rights of another service, by its prefix: the list of AWS has them for the type.
_PROPERTIES: Mapping[str, Mapping[str, str]] = {
    "AWS::Cognito::UserPool": {"LambdaConfig.KMSKeyID": "kms"},
    "AWS::DynamoDB::Table": {
        "KinesisStreamSpecification.StreamArn": "kinesis",
        "SSESpecification.KMSMasterKeyId": "kms",
    },
    "AWS::Events::EventBus": {"KmsKeyIdentifier": "kms", "Policy": "events"},
    "AWS::Lambda::EventSourceMapping": {"KmsKeyArn": "kms"},
    _FUNCTION: {"FileSystemConfigs.Arn": "elasticfilesystem", "KmsKeyArn": "kms"},
    "AWS::StepFunctions::StateMachine": {"EncryptionConfiguration.KmsKeyId": "kms"},
}
_AWS_KEYS = "alias/aws/"
_PROVIDER = "ServiceToken"
_SECRET = f"{ARN}secretsmanager{HERE}secret:"
_SECRET_FIELDS = 7
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
_DYNAMIC = re.compile(r"\{\{resolve:(ssm|ssm-secure|secretsmanager):([^}]+)\}\}")


class Reference(NamedTuple):
    """Something that may not be the stack's own: the property that names it, the ARN, and what is done to it."""

    key: str
    arn: str
    actions: tuple[str, ...]

    @property
    def action(self) -> str:
        """The action that stands for all of them."""
        return self.actions[0]


def references(
    resource: Resource, resources: Mapping[str, Resource], data: Mapping[str, Any], values: Mapping[str, str]
) -> Iterator[Reference]:
    """What a resource refers to outside of its own stack; `values` are texts of parameters and of other resources."""
    properties = chosen(resource.properties, data, values)
    for key, kind, actions in _named(resource.type, properties):
        for written in _at(properties, key):
            arn = pattern_of(written, values)
            if arn != "*" or not _own(written, resources):
                yield Reference(key, _arn(kind, arn), actions)
    if resource.type in _BELOW:
        key, arn = _BELOW[resource.type]
        for written in _at(properties, key):
            if not _own(written, resources) and not _is_of_this_stack(key, written, resources):
                actions = tuple(dict.fromkeys((making(resource.type), *own_actions(resource.type))))
                yield Reference(key, arn.replace("{}", pattern_of(written, values)), actions)
    for key, service in _PROPERTIES.get(resource.type, {}).items():
        for written in _at(properties, key):
            yield from _of_service(resource.type, key, service, pattern_of(written, values))
    yield from _dynamic(properties, resources, values)


def _of_service(kind: str, key: str, service: str, text: str) -> Iterator[Reference]:
    """What a property takes of another service: a key of the account's own, a file system, a stream."""
    listed = {*lists.left_out(kind), *MISSING_FOR_PROPERTIES.get(kind, ())}
    actions = tuple(sorted(action for action in listed if action.startswith(f"{service}:")))
    if actions and _AWS_KEYS not in text:
        # The ARN of a key says its id, of which an alias knows nothing.
        named = text if text.startswith("arn:") and ":alias/" not in text else f"{ARN}{service}{HERE}*"
        if service == "kms" and not text.startswith("arn:"):
            named = f"{ARN}kms{HERE}key/{'*' if text.startswith('alias/') else text}"
        if service == "events":
            named = "*"  # IAM knows no resource for the permissions of an event bus.
        # Where a function's file system is mounted is asked of the file system, not of its access point.
        yield Reference(key, f"{ARN}{service}{HERE}file-system/*" if service == "elasticfilesystem" else named, actions)


def _named(kind: str, properties: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The property, the type of what it names, and the actions."""
    if kind in _PARTS:
        key, whole = _PARTS[kind]
        first = making(kind)
        yield key, whole, tuple(dict.fromkeys((first, *own_actions(kind))))
    if kind in _PASSED:
        yield _PASSED[kind], _ROLE, ("iam:PassRole",)
    if _PROVIDER in properties:
        yield _PROVIDER, _FUNCTION, ("lambda:InvokeFunction",)


def _at(value: Any, key: str) -> Iterator[Any]:
    """The values at a key of properties, which may be of one within, or of each in a list."""
    outer, _, inner = key.partition(".")
    whole = value.get(outer) if isinstance(value, Mapping) else None
    for part in whole if isinstance(whole, list) else [] if whole is None else [whole]:
        yield from _at(part, inner) if inner else [part]


def _own(written: Any, resources: Mapping[str, Resource]) -> bool:
    return any(name.partition(".")[0] in resources for name in names_in(written))


def _is_of_this_stack(key: str, written: Any, resources: Mapping[str, Resource]) -> bool:
    """Whether the template makes the domain name that it writes out."""
    return any(each.type not in _BELOW and each.properties.get(key) == written for each in resources.values())


def _arn(kind: str, text: str) -> str:
    if text.startswith("arn:"):
        return text
    # A queue is called by its URL, a role also by its path.
    name = text.rpartition("/")[2] if kind == "AWS::SQS::Queue" else text
    return arns_of(kind, name)[0]


def _dynamic(
    value: Any, resources: Mapping[str, Resource], values: Mapping[str, str], key: str = ""
) -> Iterator[Reference]:
    """The parameters and secrets that texts anywhere in a value read when they are deployed."""
    if isinstance(value, Mapping) and not any(str(name).startswith("Fn::") for name in value):
        for name, part in value.items():
            yield from _dynamic(part, resources, values, key or str(name))
    elif isinstance(value, list):
        for part in value:
            yield from _dynamic(part, resources, values, key)
    elif isinstance(value, (str, Mapping)) and "{{resolve:" in str(value):
        for service, name in _DYNAMIC.findall(pattern_of(value, values)):
            if name.split(":")[0] != "*" or not _own(value, resources):
                yield _read(key, service, name)


def _read(key: str, service: str, name: str) -> Reference:
    if service != "secretsmanager":
        return Reference(key, parameter_arn(name.split(":", maxsplit=1)[0]), ("ssm:GetParameters",))
    # Behind the secret stand what of it is read, and its version.
    secret = name.split(":", maxsplit=1)[0] + "-*"
    arn = ":".join(name.split(":")[:_SECRET_FIELDS]) if name.startswith("arn:") else f"{_SECRET}{secret}"
    return Reference(key, arn, ("secretsmanager:GetSecretValue",))


def parameter_arn(name: str) -> str:
    """The ARN of a parameter of the Parameter Store."""
    return f"{ARN}ssm{HERE}parameter/{name.lstrip('/')}"
