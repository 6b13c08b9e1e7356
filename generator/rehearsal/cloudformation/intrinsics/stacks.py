"""Functions that read other stacks: ImportValue and GetStackOutput."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError
from generator.rehearsal.cloudformation.intrinsics.context import Context

_IMPORT = "Template error: the attribute in Fn::ImportValue must be a string or a function that returns a string"
_OUTPUT = "Template error: every Fn::GetStackOutput object requires a StackName and an OutputName"
_MEMBERS = frozenset({"StackName", "OutputName", "Region", "RoleArn"})


def import_value(argument: Any, context: Context) -> str:
    """What another stack exports.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html
    """
    return context.scope.account.export(context.text(argument, _IMPORT))


def stack_output(argument: Any, context: Context) -> str:
    """An output of another stack of the same account and region.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
    """
    if not isinstance(argument, Mapping) or not {"StackName", "OutputName"} <= argument.keys() <= _MEMBERS:
        raise TemplateError(_OUTPUT)
    parts = {name: context.text(node, _OUTPUT) for name, node in argument.items()}
    if parts.get("Region", context.scope.stack.region) != context.scope.stack.region or "RoleArn" in parts:
        raise NotEvaluatedError(f"the output {parts['OutputName']} of a stack in another region or account")
    return context.scope.account.output(parts["StackName"], parts["OutputName"])
