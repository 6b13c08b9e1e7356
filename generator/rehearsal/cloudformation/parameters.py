"""The values of a template's parameters: what the operation brings, defaults, and what they may be.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.rehearsal.cloudformation.constraints import refuse_value
from generator.rehearsal.cloudformation.errors import TemplateError
from generator.rehearsal.cloudformation.parameter_types import ParameterType, parameter_type
from generator.rehearsal.cloudformation.scope import Account
from generator.rehearsal.cloudformation.values import text

Declared = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Sent:
    """What an operation says about one parameter: a value, or that the one it had stays."""

    value: str = ""
    use_previous: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter with its value: the text the operation brought, and what Parameter Store holds under it."""

    type: ParameterType
    written: str
    resolved: str
    no_echo: bool = False

    @property
    def value(self) -> str | list[str]:
        """What Ref returns."""
        return self.type.value(self.resolved)


def resolve(
    declared: Declared | None, sent: Mapping[str, Sent], previous: Mapping[str, str], account: Account
) -> dict[str, Parameter]:
    """Every parameter of the section; `previous` are the texts the last operation brought.

    Raises TemplateError in AWS's words for parameters that are unknown, without a value or outside their constraints,
    and NotEvaluatedError for values of Parameter Store nobody put there.
    """
    section = declared or {}
    for declaration in section.values():
        parameter_type(declaration.get("Type") if isinstance(declaration, Mapping) else None)
    if unknown := sorted(sent.keys() - section.keys()):
        raise TemplateError(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    written = {name: _written(name, section[name], sent, previous) for name in section}
    if missing := sorted(name for name, value in written.items() if value is None):
        raise TemplateError(f"Parameters: [{', '.join(missing)}] must have values")
    return {name: _parameter(name, section[name], value or "", account) for name, value in written.items()}


def _written(
    name: str, declared: Mapping[str, Any], sent: Mapping[str, Sent], previous: Mapping[str, str]
) -> str | None:
    """The text of a parameter's value before Parameter Store is asked; None if there is none."""
    brought = sent.get(name)
    if brought is not None and not brought.use_previous:
        return brought.value
    if brought is not None and name in previous:
        return previous[name]
    return default_of(name, declared)


def default_of(name: str, declared: Mapping[str, Any]) -> str | None:
    """The default of a parameter as text; None if there is none."""
    default = declared.get("Default")
    if default is None:
        return None
    if isinstance(default, list):
        refusal = _NOT_TEXT.format(name)
        return ",".join(text(member, refusal) for member in default)
    return text(default, _NOT_TEXT.format(name))


_NOT_TEXT = "Template format error: Every Default member must be a string. [/Parameters/{}]"


def _parameter(name: str, declared: Mapping[str, Any], written: str, account: Account) -> Parameter:
    kind = parameter_type(declared.get("Type"))
    refuse_value(name, declared, kind, written)
    resolved = account.stored_parameter(written) if kind.is_stored else written
    no_echo = text(declared.get("NoEcho", False), _NO_ECHO.format(name)).lower() == "true"
    return Parameter(kind, written, resolved, no_echo)


_NO_ECHO = "Template format error: [/Parameters/{}/NoEcho] must be a boolean"
