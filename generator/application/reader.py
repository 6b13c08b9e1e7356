"""Reads a SAM or CloudFormation template: a file in, a `Template` out.

Loops (`Fn::ForEach::...`), includes and macros are left alone: what they add is unknown, and the section is open.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from types import NoneType
from typing import Any

from generator.application import nested
from generator.application.code import code_of
from generator.application.inheritance import inherited, merged, section_of
from generator.application.template import (
    LANGUAGE_EXTENSIONS,
    SERVERLESS,
    Output,
    Resource,
    Template,
    parameter,
)
from generator.document import TEMPLATE, Document
from generator.document import parse as parse_document
from generator.document import read as read_document
from generator.errors import InvalidInputError, Problem
from generator.repository.files import Repository

_SECTIONS = ("Parameters", "Outputs", "Resources")
_MAPS = (*_SECTIONS, "Conditions", "Globals", "Mappings")
# These add nothing a reader of the template would look for: SAM makes resources of its own types only, the language
# extensions carry out what is written. Any other macro may do anything.
_PLAIN_TRANSFORMS = frozenset({SERVERLESS, LANGUAGE_EXTENSIONS})


def read(repository: Repository, path: str, above: tuple[str, ...] = ()) -> Template:
    """The template at a path of the repository, with those of the stacks within it that can be read.

    `above` are the templates that it is within: one within itself would have no end.
    Raises InvalidInputError for one that is missing, cannot be read, or is a link to what is outside of the repository.
    """
    if not repository.holds(path):
        hint = "a build on AWS would not have it: copy it into the repository"
        raise InvalidInputError([Problem(f"{path}: the template lies outside of the repository", hint=hint)])
    template = _accepted(read_document(repository.root / path, path, TEMPLATE), path)
    return template._replace(nested=_nested(template, repository, (*above, path)))


def _nested(template: Template, repository: Repository, above: tuple[str, ...]) -> dict[str, Template]:
    result: dict[str, Template] = {}
    for resource, path in nested.files(template):
        # What cannot be read is for `checks.nested` to say.
        with contextlib.suppress(InvalidInputError):
            if path not in above and repository.has(path):
                result[resource.logical_id] = read(repository, path, above)
    return result


def parse(text: str, path: str) -> Template:
    """A text as the template at a path; InvalidInputError for one that cannot be read."""
    return _accepted(parse_document(text, path, TEMPLATE), path)


def _accepted(document: Document, path: str) -> Template:
    problems = tuple(_misshapen(document))
    if problems:
        raise InvalidInputError(problems)
    return of(document, path)


def of(document: Document, path: str) -> Template:
    """The template a document holds; `document.data` is a map."""
    data = document.data
    transforms = tuple(_transforms(data))
    resources = resources_of(data)
    return Template(
        path=path,
        document=document,
        transforms=transforms,
        parameters={name: parameter(name, entry) for name, entry in _entries(data, "Parameters")},
        outputs={name: _output(name, entry) for name, entry in _entries(data, "Outputs")},
        resources=resources,
        code=tuple(code_of(data, resources.values())),
        open=frozenset(name for name in _SECTIONS if not _PLAIN_TRANSFORMS.issuperset(transforms) or _adds(data, name)),
    )


def resources_of(data: Mapping[str, Any]) -> dict[str, Resource]:
    """The resources of a template's data by logical id, in the order of the file."""
    return {name: _resource(data, name, entry) for name, entry in _entries(data, "Resources")}


def _misshapen(document: Document) -> Iterator[Problem]:
    if not isinstance(document.data, dict):
        hint = "does it begin with `Resources:` or `Transform:`?"
        yield document.problem((), "a template is a map of sections", hint)
        return
    for section in _MAPS:
        if not isinstance(document.data.get(section), (dict, NoneType)):
            hint = "is a name missing, or a line not indented?"
            yield document.problem((section,), f"{section} is a map of names", hint)


def _entries(data: Mapping[str, Any], section: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The declarations of a section by name, in the order of the file."""
    entries = data.get(section)
    for name, entry in entries.items() if isinstance(entries, dict) else ():
        if isinstance(name, str) and isinstance(entry, dict) and not name.startswith("Fn::"):
            yield name, entry


def _adds(data: Mapping[str, Any], section: str) -> bool:
    """Whether a loop or an include stands in a section."""
    macro = data.get(section)
    return isinstance(macro, dict) and any(isinstance(name, str) and name.startswith("Fn::") for name in macro)


def _transforms(data: Mapping[str, Any]) -> Iterator[str]:
    """The template's macros: `Transform` with a name, a list of them or of maps; `Fn::Transform` beside it."""
    for key in ("Transform", "Fn::Transform"):
        stated = data.get(key)
        for transform in stated if isinstance(stated, list) else [stated]:
            name = transform.get("Name") if isinstance(transform, dict) else transform
            if isinstance(name, str):
                yield name


def _resource(data: Mapping[str, Any], name: str, entry: Mapping[str, Any]) -> Resource:
    own = entry.get("Properties")
    kind, condition = entry.get("Type"), entry.get("Condition")
    above = inherited(data, entry)
    return Resource(
        logical_id=name,
        type=kind if isinstance(kind, str) else "",
        properties=merged(above, own if isinstance(own, dict) else {}, (section_of(kind),)),
        condition=condition if isinstance(condition, str) else "",
    )


def _output(name: str, entry: Mapping[str, Any]) -> Output:
    export, condition = entry.get("Export"), entry.get("Condition")
    return Output(
        name=name,
        value=entry.get("Value"),
        export=export.get("Name") if isinstance(export, dict) else None,
        condition=condition if isinstance(condition, str) else "",
    )
