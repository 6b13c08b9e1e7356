"""What the build knows about the launched deploy roles, to stop a commit that they could not deploy."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from generator.application.template import Template
from generator.application.values import scalar
from generator.compiler.physical_names import SAM_NAMED, UNLIKE_THE_STACK
from generator.model.iam import DeployRights, Statement
from generator.model.text import Text, literal
from generator.permissions import coverage
from generator.permissions.corrections import BASELINE, SAM
from generator.permissions.resource_names import NAMED
from generator.permissions.sam_words import ADDING, TYPES

_NAMES = {kind: naming.name for kind, naming in NAMED.items()} | {
    sam: NAMED[translated].name for sam, translated in SAM_NAMED.items()
}
_SECTIONS = ("Globals", "Resources")
# The registry lists no right that making or deleting one of these takes.
_FREE = ("AWS::CloudFormation::WaitCondition", "AWS::CloudFormation::WaitConditionHandle")


def variables(
    rights: Sequence[DeployRights], templates: Sequence[Template | None], extra: Sequence[Statement] = ()
) -> dict[str, Text]:
    """The build's variables; none where an existing role deploys, of which nothing is known.

    What `templates` have themselves never stops a build: what it takes is granted, and a launch could grant no more.
    Where the build makes the application's template, what `extra` grants is all that is known of other names.
    """
    every = [each for template in templates if template for each in template.family]
    words = frozenset(word for template in every for word in _words(template))
    # All stages have the same rights, in whichever account.
    alike = (each for number, each in enumerate(rights) if not (number and each.environment))
    roles = [_names(frozenset(each.covers), words) for each in alike]
    if not roles:
        return {}
    adding = {word: kinds for word, kinds in ADDING.items() if word not in words}
    # The rights of the stages come first, then those of the test stack, if it has its own.
    names = (coverage.TYPES_VARIABLE, coverage.TESTS_VARIABLE)
    covered = {name: coverage.named(role) for name, role in zip(names, roles, strict=False)}
    uncovered = coverage.uncovered(roles, adding)
    app, *_ = templates
    own_names = literal(_own_names(every, () if app else extra))
    reached = {} if any(each.wide for each in rights) else {coverage.NAMES_VARIABLE: own_names}
    return covered | reached | ({coverage.WORDS_VARIABLE: uncovered} if uncovered else {})


def _own_names(templates: Sequence[Template], extra: Sequence[Statement]) -> str:
    """The names that templates give, as they write them: `check` has said which of them the roles do not reach."""
    names = {
        f"{key}={written(resource.properties.get(key, ''))}"
        for template in templates
        for resource in template.resources.values()
        if (key := _NAMES.get(resource.type, ""))
        and (resource.properties.get(key) is not None or resource.type == UNLIKE_THE_STACK)
    }
    granted = {f"={resource.rpartition(':')[2]}" for each in extra for resource in each.resources}
    return " ".join([coverage.STACK_NAMES, *sorted({*names, *granted})])


def written(value: Any) -> str:
    """A name as the list has it: without a space, whatever puts it together; the build writes it alike."""
    match value:
        case {"Fn::Sub": str(text)}:
            name = text
        case {"Ref": str(other)}:
            name = f"${{{other}}}"
        case str(text):
            name = text
        case _:
            name = json.dumps(_texts(value), sort_keys=True, separators=(",", ":"))
    return name.replace(" ", "+")


def _texts(value: Any) -> Any:
    """A value with its scalars as texts."""
    if isinstance(value, dict):
        return {key: _texts(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_texts(part) for part in value]
    return scalar(value) or str(value)


def _names(types: frozenset[str], words: frozenset[str]) -> frozenset[str]:
    """The types that roles cover, with those of SAM and of nothing that they come from."""
    if types.issuperset(BASELINE):
        return types | set(SAM)
    written = {word for word in words if word.startswith("AWS::Serverless::")}
    from_macros = {name for name, kinds in TYPES.items() if types.issuperset(kinds)}
    return types | written | from_macros | set(_FREE)


def _words(template: Template) -> Iterator[str]:
    """The words of a template that a build looks at: keys with their colon, and what stands behind `Type`."""
    for section in _SECTIONS:
        yield from _inside(template.document.data.get(section))


def _inside(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _inside(item)
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield f"{key}:"
        if key == "Type" and isinstance(inner, str):
            yield inner
        yield from _inside(inner)
