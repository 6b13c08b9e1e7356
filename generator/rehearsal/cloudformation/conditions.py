"""The Conditions section: which of a template's conditions hold.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError
from generator.rehearsal.cloudformation.evaluation import CONDITION_FUNCTIONS, Evaluator
from generator.rehearsal.cloudformation.resources import NoResources
from generator.rehearsal.cloudformation.scope import Scope
from generator.rehearsal.cloudformation.values import call_of

_NOT_BOOLEAN = "Template format error: Conditions can only be boolean operations on parameters and other conditions"
_EQUALS = "Template error: every Fn::Equals object requires a list of 2 string parameters."
_NOT = "Template error: every Fn::Not object requires a list of 1 boolean parameter."
_FEWEST, _MOST = 2, 10
# The page names Ref, Fn::FindInMap and condition functions; AWS also takes what makes texts of those.
_OPERANDS = frozenset({
    *("Fn::Base64", "Fn::FindInMap", "Fn::Join", "Fn::Length", "Fn::Select", "Fn::Split", "Fn::Sub"),
    *("Fn::ToJsonString", "Ref"),
})  # fmt: skip
_OF_RESOURCES = frozenset({"Fn::GetAtt", "Fn::GetStackOutput", "Fn::ImportValue"})


def evaluate(declared: Mapping[str, Any] | None, scope: Scope) -> dict[str, bool]:
    """Every condition of the section by its name. Raises TemplateError and NotEvaluatedError."""
    conditions = _Conditions(declared or {}, scope)
    return {name: conditions.holds(name) for name in declared or {}}


class _Conditions:
    """Conditions, each evaluated once, with those on the way remembered to tell a circle."""

    def __init__(self, declared: Mapping[str, Any], scope: Scope) -> None:
        self._declared = declared
        self._evaluator = Evaluator(replace(scope, resources=NoResources(), conditions={}))
        self._results: dict[str, bool] = {}
        self._under_way: list[str] = []

    def holds(self, name: Any) -> bool:
        if not isinstance(name, str) or name not in self._declared:
            raise TemplateError(
                f"Template format error: Unresolved condition dependency {name} in the Conditions block of the template"
            )
        if name in self._under_way:
            circle = ", ".join(sorted(self._under_way[self._under_way.index(name) :]))
            raise TemplateError(f"Template error: Found circular condition dependency between [{circle}]")
        if name not in self._results:
            self._under_way.append(name)
            self._results[name] = self._boolean(self._declared[name])
            self._under_way.pop()
        return self._results[name]

    def _boolean(self, node: Any) -> bool:
        """The truth of a condition call."""
        if isinstance(node, Mapping) and set(node) == {"Condition"}:
            return self.holds(node["Condition"])
        name, argument = call_of(node) or ("", None)
        operation = self._operations().get(name)
        if operation is None:
            raise TemplateError(_NOT_BOOLEAN)
        return operation(argument)

    def _operations(self) -> Mapping[str, Callable[[Any], bool]]:
        return {
            "Fn::And": lambda argument: all(self._all("Fn::And", argument)),
            "Fn::Equals": self._equal,
            "Fn::Not": self._negated,
            "Fn::Or": lambda argument: any(self._all("Fn::Or", argument)),
        }

    def _all(self, name: str, argument: Any) -> list[bool]:
        if not isinstance(argument, list) or not _FEWEST <= len(argument) <= _MOST:
            raise TemplateError(
                f"Template error: every {name} object requires a list of at least {_FEWEST} and at most {_MOST}"
                " boolean parameters."
            )
        return [self._boolean(part) for part in argument]

    def _negated(self, argument: Any) -> bool:
        if not isinstance(argument, list) or len(argument) != 1:
            raise TemplateError(_NOT)
        return not self._boolean(argument[0])

    def _equal(self, argument: Any) -> bool:
        """Two values as texts: `true` and "true" are one, "1" and "1.0" are not."""
        if not isinstance(argument, list) or len(argument) != 2:  # noqa: PLR2004 - left and right
            raise TemplateError(_EQUALS)
        left, right = (self._operand(part) for part in argument)
        return left == right

    def _operand(self, node: Any) -> str:
        if call_of(node) and call_of(node)[0] in CONDITION_FUNCTIONS:  # type: ignore[index]  # it was just asked for
            return "true" if self._boolean(node) else "false"
        _refuse_others(node)
        return self._evaluator.text(node, _EQUALS)


def _refuse_others(node: Any) -> None:
    """Raise for functions that cannot stand in a condition, however deep."""
    if isinstance(node, list):
        for item in node:
            _refuse_others(item)
    elif isinstance(node, Mapping):
        name, _ = call_of(node) or ("", None)
        if name in _OF_RESOURCES:
            raise TemplateError(f"Template error: Cannot use {name} in Conditions.")
        if name and name not in _OPERANDS:
            raise NotEvaluatedError(f"{name} in a condition, which AWS's page does not mention")
        for item in node.values():
            _refuse_others(item)
