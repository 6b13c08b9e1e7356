"""What templates ask of who deploys them: each type of resource, which resources want it, and whether it is granted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.application.reader import parse
from generator.application.translation import Translated, translate
from generator.compiler.deploy_roles import name_of
from generator.compiler.pipeline import Compilation
from generator.errors import InvalidInputError, Place, Problem
from generator.model.iam import Statement
from generator.model.text import resolved
from generator.permissions import lists
from generator.permissions.deploy_role import Made, statements
from generator.permissions.explanation import Explained, covered_types, explain, is_among


@dataclass(frozen=True, slots=True)
class Wanting:
    """A resource that wants a type's rights, and where its template says so."""

    logical_id: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A type with what it takes and who wants it; `granted` is None where nobody here knows what the role may do."""

    explained: Explained
    wanting: tuple[Wanting, ...]
    granted: bool | None


@dataclass(frozen=True, slots=True)
class Granted:
    """All that some roles may do; `stacks` are those they deploy, as a person calls them."""

    stacks: tuple[str, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What templates ask, what is granted in all, and what is wrong with the templates."""

    asked: tuple[Asked, ...]
    granted: tuple[Granted, ...]
    problems: tuple[Problem, ...] = ()


def of_pipeline(compiled: Compilation) -> Answer:
    """What a pipeline's application and tests ask, and all that its deploy roles may do."""
    pipeline = compiled.pipeline
    given = {name: resolved(text, pipeline.service) for name, text in pipeline.stages[-1].parameters.items()}
    found: list[tuple[Translated, tuple[str, ...] | None]] = []
    for template, values, of_tests in ((compiled.app, given, False), (compiled.tests, {}, True)):
        if template and (pipeline.tests or not of_tests):
            found.append((translate(template, values), covered_types(pipeline, tests=of_tests)))
    granted = tuple(
        Granted(tuple(resolved(role.stack, pipeline.service) for role in one.roles), one.statements)
        for one in pipeline.deploy_rights
    )
    problems = (*compiled.problems, *(problem for one, _ in found for problem in one.problems))
    return Answer(tuple(_asked(found)), granted, problems)


def of_template(path: Path) -> Answer:
    """What any SAM or CloudFormation template asks, and the rights to deploy it, itself and nothing else.

    Raises InvalidInputError for one that cannot be read.
    """
    written = parse(_text(path), str(path))
    if "Resources" not in written.document.data:
        hint = "--template names a SAM or CloudFormation template, which has at least the key Resources"
        raise InvalidInputError([written.problem((), "this is no template", hint)])
    template = translate(written, {})
    resources = template.resources().values()
    made = tuple(dict.fromkeys(Made(one.type, name_of(one)) for one in resources))
    covers = tuple({lists.listed(one.type) for one in made if lists.is_covered(one.type)})
    # What denies the pipeline's own roles means nothing to anybody else.
    granted = tuple(one for one in statements(only=made) if one.effect == "Allow")
    return Answer(tuple(_asked([(template, covers)])), (Granted((), granted),), template.problems)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as refused:
        message = f"{path} cannot be read: {refused.strerror}"
        raise InvalidInputError(
            [Problem(message, hint="--template names a SAM or CloudFormation template")]
        ) from refused
    except UnicodeDecodeError as refused:
        raise InvalidInputError([Problem(f"{path} is no text in UTF-8")]) from refused


def _asked(found: Sequence[tuple[Translated, tuple[str, ...] | None]]) -> Iterator[Asked]:
    wanting: dict[str, list[Wanting]] = {}
    granted: dict[str, bool | None] = {}
    for template, covers in found:
        for logical_id, resource in template.resources().items():
            wanting.setdefault(resource.type, []).append(Wanting(logical_id, _place(template, logical_id)))
            here = None if covers is None else is_among(resource.type, covers)
            granted[resource.type] = here if granted.get(resource.type, here) == here else False
    for one in explain(wanting):
        yield Asked(one, tuple(wanting[one.type]), granted[one.type])


def _place(template: Translated, logical_id: str) -> Place | None:
    source = template.source
    path = ("Resources", logical_id) if logical_id in source.resources else source.made_for(logical_id)
    return source.problem(path, "", at="key").place
