"""Functions that make text, and the one that takes it apart: Join, Sub, Base64, ToJsonString, Split."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError
from generator.rehearsal.cloudformation.intrinsics.context import Context
from generator.rehearsal.cloudformation.intrinsics.references import referred
from generator.rehearsal.cloudformation.values import NO_VALUE, text

_PARTS = 2
_JOIN = (
    "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings"
    " to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined."
)
_SPLIT = (
    "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be"
    " split or a function that returns a string to be split."
)
_BASE64 = "Template error: every Fn::Base64 object must have a String-typed value."
_SUB = (
    "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as"
    " first argument, and an optional second argument to specify a mapping of values to replace in the string"
)
_SUB_NAME = (
    "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores,"
    " periods, and colons"
)
VARIABLE = re.compile(r"\$\{([^}]*)\}")
"""A variable in the text of Fn::Sub, the literal ones that begin with an exclamation mark too."""
_NAME = re.compile(r"[A-Za-z0-9_.:]+")


def join(argument: Any, context: Context) -> str:
    """The texts of a list with a delimiter between them.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-join.html
    """
    if not isinstance(argument, list) or len(argument) != _PARTS or not isinstance(argument[0], str):
        raise TemplateError(_JOIN)
    items = context.value(argument[1])
    if not isinstance(items, list):
        raise TemplateError(_JOIN)
    return argument[0].join(text(item, _JOIN) for item in items)


def split(argument: Any, context: Context) -> list[str]:
    """The texts between the delimiters; two in a row have an empty one between them.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-split.html
    """
    if not isinstance(argument, list) or len(argument) != _PARTS or not isinstance(argument[0], str):
        raise TemplateError(_SPLIT)
    source = context.text(argument[1], _SPLIT)
    if not argument[0]:
        raise NotEvaluatedError("Fn::Split with an empty delimiter, which AWS's page does not mention")
    return source.split(argument[0])


def base64(argument: Any, context: Context) -> str:
    """The Base64 of a text's UTF-8.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-base64.html
    """
    return b64encode(context.text(argument, _BASE64).encode()).decode()


def to_json(argument: Any, context: Context) -> str:
    """An object or an array as JSON, without spaces.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ToJsonString.html
    """
    value = context.value(argument)
    if not isinstance(value, (dict, list)):
        raise TemplateError("Template error: every Fn::ToJsonString object requires an object or an array")
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def substitute(argument: Any, context: Context) -> str:
    """A text whose `${variables}` stand for what Ref, Fn::GetAtt or the map of the second form say; `${!x}` is `${x}`.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
    """
    template, variables = sub_parts(argument)
    values = {name: context.text(node, _SUB) for name, node in variables.items()}
    return VARIABLE.sub(lambda match: _piece(match[1], values, context), template)


def sub_parts(argument: Any) -> tuple[str, Mapping[str, Any]]:
    """The text of an Fn::Sub and its map of variables, empty in the short form. Raises TemplateError."""
    if isinstance(argument, str):
        return argument, {}
    if not isinstance(argument, list) or len(argument) != _PARTS:
        raise TemplateError(_SUB)
    template, variables = argument
    if not isinstance(template, str) or not isinstance(variables, Mapping):
        raise TemplateError(_SUB)
    return template, variables


def variable_name(name: str) -> str:
    """The name between the brackets, checked. Raises TemplateError."""
    if _NAME.fullmatch(name):
        return name
    if _NAME.fullmatch(name.strip()):
        raise NotEvaluatedError(f"the space in ${{{name}}} of an Fn::Sub, which AWS's page does not allow")
    raise TemplateError(_SUB_NAME)


def _piece(name: str, values: Mapping[str, str], context: Context) -> str:
    if name.startswith("!"):
        return "${" + name[1:] + "}"
    if name in values:
        return values[name]
    owner, dot, attribute = variable_name(name).partition(".")
    value = context.scope.resources.attribute(owner, attribute) if dot else referred(name, context)
    if value is NO_VALUE or not isinstance(value, (str, bool, int, float)):
        raise NotEvaluatedError(
            f"${{{name}}} in an Fn::Sub, whose value is not a text: AWS's page does not say what happens"
        )
    return text(value, _SUB)
