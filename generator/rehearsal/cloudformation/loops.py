"""Fn::ForEach written out, and the names that its identifiers make.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError
from generator.rehearsal.cloudformation.evaluation import Evaluator
from generator.rehearsal.cloudformation.scope import Scope
from generator.rehearsal.cloudformation.values import call_of, is_scalar, text

FOR_EACH = "Fn::ForEach::"
Bindings = Mapping[str, str]
"""Identifiers of the loops around a place, with the items they stand for."""

_PARTS = 3
_PLACEHOLDER = re.compile(r"([$&])\{([A-Za-z0-9]+)\}")
_NAME = re.compile(r"[A-Za-z0-9]+")
_LAYOUT = "Fn::ForEach layout is incorrect"
_NO_COLLECTION = "Could not find a collection or could not be resolved for Fn::ForEach"


def failed(reason: str) -> TemplateError:
    """The error of a transform that failed."""
    return TemplateError(f"Transform AWS::LanguageExtensions failed with: {reason}")


class Loops:
    """Writes out the loops of one template."""

    def __init__(self, scope: Scope, template: Mapping[str, Any]) -> None:
        self._evaluator = Evaluator(scope)
        self._template = template
        _refuse_names(template)

    def within(self, scope: Scope) -> Loops:
        """The same, for a part of the template where more can be looked up."""
        return Loops(scope, self._template)

    def section(self, members: Any) -> dict[str, Any]:
        """A section whose loops are written out; what they make has to have alphanumeric names."""
        if not isinstance(members, Mapping):
            raise failed(_LAYOUT)
        written_out = self._members(members, {})
        looped = any(key.startswith(FOR_EACH) for key in members)
        for name in written_out:
            if looped and not _NAME.fullmatch(name):
                raise failed(f"'{name}' should be alphanumeric")
        return written_out

    def _members(self, node: Mapping[str, Any], bindings: Bindings) -> dict[str, Any]:
        written_out: dict[str, Any] = {}
        for key, member in node.items():
            pairs = self._loop(member, bindings) if key.startswith(FOR_EACH) else [(key, self._node(member, bindings))]
            for name, value in pairs:
                if name in written_out:
                    raise failed(f"{key} makes {name}, which is there already")
                written_out[name] = value
        return written_out

    def _loop(self, loop: Any, bindings: Bindings) -> Iterator[tuple[str, Any]]:
        """What a loop makes, item by item."""
        match loop:
            case [str(identifier), collection, Mapping() as fragment] if fragment:
                pass
            case _:
                raise failed(_LAYOUT)
        for item in self._items(collection, bindings):
            inner = {**bindings, identifier: item}
            for key, member in fragment.items():
                if key.startswith(FOR_EACH):
                    yield from self._loop(member, inner)
                elif identifier not in {name for _, name in _PLACEHOLDER.findall(key)}:
                    raise failed(f"{key} does not contain ${{{identifier}}} or &{{{identifier}}}")
                else:
                    yield _output_key(key, inner), self._node(member, inner)

    def _items(self, collection: Any, bindings: Bindings) -> list[str]:
        if isinstance(collection, str):
            raise failed(_LAYOUT)
        try:
            items = self._evaluator.value(self._node(collection, bindings))
        except TemplateError as error:
            raise failed(f"{_NO_COLLECTION} ({error})") from None
        if not isinstance(items, list) or not all(map(is_scalar, items)):
            raise failed(_NO_COLLECTION)
        return [text(item, _NO_COLLECTION) for item in items]

    def _node(self, node: Any, bindings: Bindings) -> Any:
        """A part of the template with its loops written out and the identifiers around it replaced."""
        if isinstance(node, list):
            return [self._node(item, bindings) for item in node]
        if isinstance(node, Mapping):
            return self._object(node, bindings)
        return _refuse_placeholder(node, bindings) if isinstance(node, str) else node

    def _object(self, node: Mapping[str, Any], bindings: Bindings) -> Any:
        name, argument = call_of(node) or ("", None)
        if name == "Ref":
            return self._reference(argument, bindings)
        if name == "Fn::GetAtt" and isinstance(argument, list):
            return {name: [self._name(part, bindings) for part in argument]}
        if name == "Fn::Sub":
            return {name: self._sub(argument, bindings)}
        for key in node:
            _refuse_placeholder(key, bindings)
        return self._members(node, bindings)

    def _reference(self, argument: Any, bindings: Bindings) -> Any:
        name = self._name(argument, bindings)
        return bindings.get(name, {"Ref": name})

    def _name(self, node: Any, bindings: Bindings) -> str:
        """The name that Ref or Fn::GetAtt takes, where functions make it."""
        if isinstance(node, str):
            return node
        return self._evaluator.text(self._node(node, bindings), f"Transform failed: {_LAYOUT}")

    def _sub(self, argument: Any, bindings: Bindings) -> Any:
        if isinstance(argument, str):
            return _sub_text(argument, bindings)
        match argument:
            case [str(template), Mapping() as variables]:
                own = {name: item for name, item in bindings.items() if name not in variables}
                return [
                    _sub_text(template, own),
                    {name: self._node(each, bindings) for name, each in variables.items()},
                ]
            case _:
                return argument


def _output_key(key: str, bindings: Bindings) -> str:
    """A key with its identifiers replaced; `&{}` leaves out the characters that no key may have."""

    def replaced(match: re.Match[str]) -> str:
        item = bindings.get(match[2])
        if item is None:
            return match[0]
        return re.sub(r"[^A-Za-z0-9]", "", item) if match[1] == "&" else item

    return _PLACEHOLDER.sub(replaced, key)


def _sub_text(template: str, bindings: Bindings) -> str:
    for form, name in _PLACEHOLDER.findall(template):
        if form == "&" and name in bindings:
            raise _undecided(f"&{{{name}}}")
    return _PLACEHOLDER.sub(lambda match: bindings.get(match[2], match[0]), template)


def _refuse_placeholder(plain: str, bindings: Bindings) -> str:
    """A text or a key outside of Fn::Sub, for which AWS's page says one thing and accounts do another."""
    for form, name in _PLACEHOLDER.findall(plain):
        if name in bindings:
            raise _undecided(f"{form}{{{name}}}")
    return plain


def _undecided(placeholder: str) -> NotEvaluatedError:
    return NotEvaluatedError(
        f"{placeholder} of an Fn::ForEach outside of an Fn::Sub and of the names it makes: AWS's page has it replaced,"
        " AWS has been seen to leave it; write it with Fn::Sub"
    )


def _refuse_names(template: Mapping[str, Any]) -> None:
    """Raise for a loop's name that another loop has, or a resource: it "must be unique within the template"."""
    names = list(_loop_names(template))
    resources = template.get("Resources")
    for name in names:
        if names.count(name) > 1 or (isinstance(resources, Mapping) and name in resources):
            raise failed(f"the loop name {name} is not unique within the template")


def _loop_names(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _loop_names(item)
    elif isinstance(node, Mapping):
        for key, member in node.items():
            if isinstance(key, str) and key.startswith(FOR_EACH):
                yield key.removeprefix(FOR_EACH)
            yield from _loop_names(member)
