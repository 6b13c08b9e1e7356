"""Ref and Fn::GetAtt."""

from __future__ import annotations

from typing import Any

from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError
from generator.rehearsal.cloudformation.intrinsics.context import Context
from generator.rehearsal.cloudformation.values import NO_VALUE

_PARTS = 2
_REF = "Template format error: Every Ref object must have a single String value."
_GET_ATT = (
    "Template error: every Fn::GetAtt object requires two non-empty parameters,"
    " the resource name and the resource attribute"
)


def reference(argument: Any, context: Context) -> Any:
    """The value of a parameter or a pseudo parameter, or the physical id of a resource.

    With AWS::LanguageExtensions the name may be made by functions.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html
    """
    return referred(context.text(argument, _REF), context)


def referred(name: str, context: Context) -> Any:
    """What Ref returns of a name."""
    if name == "AWS::NoValue":
        return NO_VALUE
    pseudo = context.scope.stack.pseudo_parameters()
    if pseudo.get(name) == "":
        raise NotEvaluatedError(f"{name} in a place that is evaluated before the stack has it")
    for values in (pseudo, context.scope.parameters):
        if name in values:
            return values[name]
    return context.scope.resources.reference(name)


def attribute(argument: Any, context: Context) -> Any:
    """An attribute of a resource; YAML's short form may have both in one text.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getatt.html
    """
    if isinstance(argument, str):
        argument = argument.split(".", 1)
    if not isinstance(argument, list) or len(argument) != _PARTS:
        raise TemplateError(_GET_ATT)
    resource, name = (context.text(part, _GET_ATT) for part in argument)
    if not resource or not name:
        raise TemplateError(_GET_ATT)
    return context.scope.resources.attribute(resource, name)
