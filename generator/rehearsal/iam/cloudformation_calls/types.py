"""Finds the list of a resource type, and says which types have none."""

from __future__ import annotations

from collections.abc import Mapping

from generator.rehearsal.iam.cloudformation_calls import (
    apigateway,
    apigatewayv2,
    cloudformation,
    cloudwatch,
    codedeploy,
    cognito,
    dynamodb,
    events,
    iam,
    lambda_,
    logs,
    s3,
    scheduler,
    sns,
    sqs,
    ssm,
    states,
)
from generator.rehearsal.iam.cloudformation_calls.calls import Kind

_SERVICES = (
    apigateway,
    apigatewayv2,
    cloudformation,
    cloudwatch,
    codedeploy,
    cognito,
    dynamodb,
    events,
    iam,
    lambda_,
    logs,
    s3,
    scheduler,
    sns,
    sqs,
    ssm,
    states,
)

KINDS: Mapping[str, Kind] = {kind.type: kind for service in _SERVICES for kind in service.KINDS}
"""Every list, by the resource type's name."""


def kind_of(resource_type: str) -> Kind | None:
    """The list of a type; None when there is none: what CloudFormation calls for it is not checked."""
    if resource_type.startswith("Custom::"):
        return KINDS["AWS::CloudFormation::CustomResource"]
    return KINDS.get(resource_type)


def actions_of(resource_type: str) -> frozenset[str]:
    """The actions CloudFormation calls for every resource of a type; none for a type without a list."""
    kind = kind_of(resource_type)
    if kind is None:
        return frozenset()
    calls = (*kind.create, *kind.both, *kind.read, *kind.update, *kind.delete)
    return frozenset(call.action for call in calls if not (call.when or call.besides or call.lost or call.each))
