"""A value of a template with every function in it called."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError
from generator.rehearsal.cloudformation.intrinsics import choices, lists, mappings, references, stacks, strings
from generator.rehearsal.cloudformation.intrinsics.context import Context
from generator.rehearsal.cloudformation.resources import LATER
from generator.rehearsal.cloudformation.scope import Scope
from generator.rehearsal.cloudformation.values import NO_VALUE, call_of, is_function, text

Function = Callable[[Any, Context], Any]

FUNCTIONS: Mapping[str, Function] = {
    "Fn::Base64": strings.base64,
    "Fn::Cidr": lists.cidr,
    "Fn::FindInMap": mappings.find_in_map,
    "Fn::GetAZs": lists.zones,
    "Fn::GetAtt": references.attribute,
    "Fn::GetStackOutput": stacks.stack_output,
    "Fn::If": choices.choose,
    "Fn::ImportValue": stacks.import_value,
    "Fn::Join": strings.join,
    "Fn::Length": lists.length,
    "Fn::Select": lists.select,
    "Fn::Split": strings.split,
    "Fn::Sub": strings.substitute,
    "Fn::ToJsonString": strings.to_json,
    "Ref": references.reference,
}
"""Every function that has a value in properties and outputs.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

# These need all of their argument; the others put what is not known yet into their text, or pass it on.
_NEED_ALL = frozenset({
    *("Fn::Base64", "Fn::Cidr", "Fn::FindInMap", "Fn::GetAZs", "Fn::GetStackOutput", "Fn::ImportValue"),
    *("Fn::Length", "Fn::Select", "Fn::Split"),
})  # fmt: skip


class Evaluator:
    """Calls functions within one scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def value(self, node: Any) -> Any:
        """A node with every function called: NO_VALUE, or what it is without the parts that have no value.

        Raises TemplateError for what CloudFormation refuses and NotEvaluatedError for what cannot be evaluated here.
        """
        if isinstance(node, list):
            return [item for item in map(self.value, node) if item is not NO_VALUE]
        if node is None:
            raise TemplateError("Template format error: 'null' values are not allowed in templates")
        if not isinstance(node, Mapping):
            return node
        if called := call_of(node):
            return self._call(*called)
        if functions := sorted(key for key in node if isinstance(key, str) and _is_misplaced(key)):
            raise TemplateError(f"Template format error: {functions[0]} must stand alone in its object")
        members = {key: self.value(member) for key, member in node.items()}
        return {key: member for key, member in members.items() if member is not NO_VALUE}

    def text(self, node: Any, refusal: str) -> str:
        """A node that has to be text. Raises TemplateError with `refusal` where it is none."""
        return text(self.value(node), refusal)

    def _call(self, name: str, argument: Any) -> Any:
        function = FUNCTIONS.get(name)
        if function is None:
            raise _unknown(name)
        if self.scope.later and name in _NEED_ALL:
            argument = self.value(argument)
            written = json.dumps(argument, sort_keys=True)
            if LATER in written:
                return f"{{{{{LATER}:{name} {written}}}}}"
        return function(argument, self)


def _is_misplaced(key: str) -> bool:
    # A property may be called Ref; none begins with Fn::.
    return key != "Ref" and is_function(key)


def _unknown(name: str) -> Exception:
    if name == "Fn::Transform":
        return NotEvaluatedError("a macro of the account, which Fn::Transform calls; only AWS::Include is")
    if name in CONDITION_FUNCTIONS:
        return NotEvaluatedError(f"{name} outside of the Conditions section, which AWS's page does not mention")
    supported = ", ".join(sorted(FUNCTIONS))
    return TemplateError(
        f"Template error: Encountered unsupported function: {name} Supported functions are: [{supported}]"
    )


CONDITION_FUNCTIONS = frozenset({"Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or"})
"""The functions whose value is true or false; they stand in the Conditions and Rules sections."""
