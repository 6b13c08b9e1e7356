"""The Rules section: assertions about parameters that are made before anything else.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError
from generator.rehearsal.cloudformation.evaluation import Evaluator
from generator.rehearsal.cloudformation.resources import NoResources
from generator.rehearsal.cloudformation.scope import Scope
from generator.rehearsal.cloudformation.values import call_of, is_function, text

_OF_THE_ACCOUNT = frozenset({"Fn::RefAll", "Fn::ValueOf", "Fn::ValueOfAll"})
_FEWEST, _MOST = 2, 10


def refuse(declared: Mapping[str, Any] | None, scope: Scope) -> None:
    """Raise TemplateError for the first assertion that does not hold, or an invalid rule."""
    for name, rule in (declared or {}).items():
        for description in _Rule(name, scope).broken(rule):
            raise TemplateError(description)


class _Rule:
    """One rule; its functions see parameters alone."""

    def __init__(self, name: str, scope: Scope) -> None:
        self._name = name
        self._evaluator = Evaluator(replace(scope, resources=NoResources(), conditions={}, mappings={}))

    def broken(self, rule: Any) -> Iterator[str]:
        """What to say of each assertion that does not hold."""
        assertions = rule.get("Assertions") if isinstance(rule, Mapping) else None
        if not isinstance(assertions, list) or not all(isinstance(each, Mapping) for each in assertions):
            raise TemplateError(f"Template format error: Rule {self._name} must contain an Assertions list")
        if "RuleCondition" in rule and not self._boolean(rule["RuleCondition"]):
            return
        for assertion in assertions:
            if "Assert" not in assertion:
                raise TemplateError(f"Template format error: every assertion of {self._name} must contain an Assert")
            if not self._boolean(assertion["Assert"]):
                yield assertion.get("AssertDescription") or f"Assertion of the rule {self._name} does not hold"

    def _boolean(self, node: Any) -> bool:
        name, argument = call_of(node) or ("", None)
        operation = self._operations().get(name)
        if operation:
            return operation(argument)
        raise self._refused(name) if name else TemplateError(self._malformed("a condition"))

    def _operations(self) -> Mapping[str, Callable[[Any], bool]]:
        return {
            "Fn::And": lambda argument: all(self._all("Fn::And", argument)),
            "Fn::Contains": lambda argument: self._pair("Fn::Contains", argument, _contains),
            "Fn::EachMemberEquals": lambda argument: self._pair("Fn::EachMemberEquals", argument, _each_equals),
            "Fn::EachMemberIn": lambda argument: self._pair("Fn::EachMemberIn", argument, _each_in),
            "Fn::Equals": lambda argument: self._pair("Fn::Equals", argument, _equals),
            "Fn::Not": self._negated,
            "Fn::Or": lambda argument: any(self._all("Fn::Or", argument)),
        }

    def _all(self, name: str, argument: Any) -> list[bool]:
        """The truth of each part: "The minimum number of conditions [...] is two, and the maximum is ten"."""
        if not isinstance(argument, list) or not _FEWEST <= len(argument) <= _MOST:
            raise TemplateError(self._malformed(name))
        return [self._boolean(part) for part in argument]

    def _negated(self, argument: Any) -> bool:
        if not isinstance(argument, list) or len(argument) != 1:
            raise TemplateError(self._malformed("Fn::Not"))
        return not self._boolean(argument[0])

    def _pair(self, name: str, argument: Any, compare: Callable[[Any, Any], bool | None]) -> bool:
        if not isinstance(argument, list) or len(argument) != 2:  # noqa: PLR2004 - both sides
            raise TemplateError(self._malformed(name))
        answer = compare(*(self._operand(part) for part in argument))
        if answer is None:
            raise TemplateError(self._malformed(name))
        return answer

    def _operand(self, node: Any) -> str | list[str]:
        """A side of a comparison: texts, lists of them, and Ref; what the other functions make is no side of one."""
        if isinstance(node, list):
            return [str(self._operand(item)) for item in node]
        name, _ = call_of(node) or ("", None)
        if name and name != "Ref":
            raise self._refused(name)
        value = self._evaluator.value(node)
        return value if isinstance(value, list) else text(value, self._malformed("a value"))

    def _refused(self, name: str) -> Exception:
        if name in _OF_THE_ACCOUNT:
            return NotEvaluatedError(f"{name} in the rule {self._name}, which reads what the AWS account holds")
        if is_function(name) and name in self._operations():
            return NotEvaluatedError(f"{name} as a value in the rule {self._name}, which AWS's page does not mention")
        return TemplateError(
            f"Template format error: Following functions are not supported in the Rules block of the template: [{name}]"
        )

    def _malformed(self, part: str) -> str:
        return f"Template format error: {part} of the rule {self._name} is malformed"


def _contains(texts: Any, member: Any) -> bool | None:
    return member in texts if isinstance(texts, list) and isinstance(member, str) else None


def _each_equals(texts: Any, member: Any) -> bool | None:
    return all(each == member for each in texts) if isinstance(texts, list) and isinstance(member, str) else None


def _each_in(texts: Any, allowed: Any) -> bool | None:
    return set(texts) <= set(allowed) if isinstance(texts, list) and isinstance(allowed, list) else None


def _equals(left: Any, right: Any) -> bool:
    return bool(left == right)
