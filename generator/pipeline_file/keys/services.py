"""The key `services`: the parts of a project that have stacks of their own, each in a folder of the repository."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.errors import Problem
from generator.model.deployment import logical_id
from generator.model.pipeline import SERVICE_LENGTH, SERVICE_PATTERN, Pipeline
from generator.model.trigger import Variable
from generator.pipeline_file import imports, kinds, references
from generator.pipeline_file.entry import entries
from generator.pipeline_file.file import File, Part
from generator.pipeline_file.key import Fields
from generator.pipeline_file.keys.build import commands
from generator.pipeline_file.keys.stages import parameters, stack
from generator.pipeline_file.schema_parts import Schema, mapping
from generator.pipeline_file.services import FORCE, circle, needs, stated_stack, values

_WORD: Schema = {
    "pattern": f"^{SERVICE_PATTERN}$",
    "maxLength": SERVICE_LENGTH,
    "x-what": "the name of a service (lower-case letters, digits and '-', beginning with a letter)",
}
_PARAMETERS: Schema = {
    **parameters.SCHEMA,
    "description": "Parameters of the service's template in every stage; ${service.Output} in a value is the output of "
    "another service's stack in the same stage. Stage is given when the template declares it.",
}
_STAGE: Schema = mapping(
    {
        "stack": {
            **stack.SCHEMA,
            "description": "The stack's name; <project>-<service>-<stage> when left out. An existing stack is adopted.",
        },
        "parameters": {**_PARAMETERS, "description": "Parameters that are for this stage alone."},
    },
    least=1,
)
_SERVICE: Schema = mapping(
    {
        "path": {"$ref": "#/$defs/path", "description": "The service's folder."},
        "template": {
            "$ref": "#/$defs/path_by_stage",
            "description": "Its template, from its folder; found when left out. {stage} stands for the stage that "
            "commands make it for.",
        },
        "commands": {
            **commands.SCHEMA,
            "description": "Commands that leave the template, run in its folder once for each stage, which $STAGE "
            "names; for framework: commands.",
        },
        "framework": {"enum": sorted(kinds.frameworks()), "description": "Found from its folder when left out."},
        "parameters": _PARAMETERS,
        "after": {
            "type": "array",
            "items": {"type": "string", **_WORD},
            "minItems": 1,
            "uniqueItems": True,
            "description": "Services that are deployed before it; those whose outputs it reads are anyway.",
        },
        "shared": {
            "type": "array",
            "items": {"$ref": "#/$defs/path"},
            "minItems": 1,
            "uniqueItems": True,
            "description": "Folders outside of its own that it is built from as well.",
        },
        "test": {
            "type": "string",
            "minLength": 1,
            "maxLength": 1000,
            "description": "The unit tests' command, run in its folder, or none. Found when left out.",
        },
        "stages": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"$ref": "#/$defs/stage_word"},
            "additionalProperties": _STAGE,
            "x-noun": "stage",
            "description": "What is different in single stages.",
        },
    },
    required=["path"],
)
SCHEMA: Schema = {
    "anyOf": [
        {"$ref": "#/$defs/path"},
        {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"type": "string", **_WORD},
            "additionalProperties": _SERVICE,
            "x-noun": "service",
        },
    ],
    "description": "The services of a project that has several, each with a stack in every stage, or the compose file "
    "of the Serverless Framework that names them. Left out: the repository is the one service.",
    "examples": [{"database": {"path": "database"}, "api": {"path": "api", "after": ["database"]}}],
}
# What a service needs whose template commands leave.
_COMMANDS = {
    "commands": 'commands: ["npx cdk synth --quiet --context stage=$STAGE"]',
    "template": "template: cdk.out/Shop-{stage}.template.json",
}
# What a project of one service says elsewhere, and where it is said of each of several.
_ELSEWHERE: Mapping[tuple[str, str], str] = {
    ("app", "template"): "services: {<service>: {template: ...}}",
    ("build", "buildspec"): "services: {<service>: {framework: commands, commands: [...]}} builds one in its own way",
    ("build", "framework"): "services: {<service>: {framework: ...}}",
    ("build", "test"): "services: {<service>: {test: ...}}",
}


def read(settings: str | Mapping[str, Any], file: File) -> Fields:
    """The variable that has all of them built; where none is left out anyway there is none."""
    if not settings or "secrets" in file.settings("build"):
        return {}
    description = "yes: build every service, whether anything of it has changed or not."
    return {"variables": (Variable(FORCE, "no", description),)}


def problems(settings: str | Mapping[str, Any], file: File) -> Iterator[Problem]:
    """Services that are not there, need each other in a circle, or would have one name; keys of the one service."""
    if not settings:
        return
    if file.compose and file.compose.problems:
        yield from file.compose.problems
        return
    yield from _of_one_service(file)
    if FORCE in file.settings("variables"):
        message = f"'{FORCE}' is what the pipeline calls the variable that has all services built"
        yield file.document.problem(("variables", FORCE), message, "choose another name", at="key")
    yield from _names(file)
    for part in _parts(file):
        yield from _framework(part)
        yield from _unknown(part)
        yield from _no_references(part)
        yield from _stages(part)
        yield from _variables(part)
    if way := circle(needs(file)):
        message = f"services need each other in a circle: {' -> '.join(way)}"
        first = next(part for part in _parts(file) if part.word == way[0])
        yield first.origin.problem(first.at, message, "one of them has to do without the other", at="key")


def missing(_settings: str | Mapping[str, Any], file: File) -> Iterator[Problem]:
    """Folders that are not there, and outputs that a service's template has not."""
    for part in _parts(file):
        for key, folders in (("path", [part.folder]), ("shared", part.written.get("shared", ()))):
            for index, folder in enumerate(folders):
                if not file.repository.has_folder(folder):
                    path = part.place(key) if key == "path" else part.place(key, index)
                    yield part.origin.problem(path, f"there is no folder {folder} in the repository")
        yield from _outputs(part)
    yield from imports.unordered(file)


def remarks(_settings: str | Mapping[str, Any], file: File, _pipeline: Pipeline) -> Iterator[Problem]:
    """What a service's own tool would do beside deploying."""
    for part in _parts(file):
        yield from part.framework.remarks(part.document, part.repository, part.app.path)


def _parts(file: File) -> Iterator[Part]:
    return (part for part in file.parts if isinstance(part, Part))


def _of_one_service(file: File) -> Iterator[Problem]:
    for (key, inner), hint in _ELSEWHERE.items():
        if inner in file.settings(key):
            message = f"'{key}.{inner}' is for a project that is one service, and this has several"
            yield file.document.problem((key, inner), message, hint, at="key")
    for entry in entries(file):
        for key in ("stack", "parameters"):
            if key in entry.settings:
                message = f"'{key}' of a stage is for a project that is one service, and this has several"
                hint = f"services: {{<service>: {{stages: {{{entry.word}: {{{key}: ...}}}}}}}}"
                yield file.document.problem((*entry.path, key), message, hint, at="key")


def _names(file: File) -> Iterator[Problem]:
    """Services and stages whose words make one logical id."""
    owners = {"tests": "the test stack"}
    for part in _parts(file):
        for entry in entries(file):
            deployment = f"service '{part.word}' in '{entry.word}'"
            owner = owners.setdefault(f"{logical_id(part.word)}{logical_id(entry.word)}".casefold(), deployment)
            if owner != deployment:
                message = f"{deployment} and {owner} collide: logical ids have letters and digits only"
                yield part.origin.problem(part.at, message, "give the service another name", at="key")


def _framework(part: Part) -> Iterator[Problem]:
    framework = part.framework
    for key in _COMMANDS if framework.BUILD_KEYS else ():
        if key not in part.written:
            message, hint = f"framework: {part.framework_word} needs {key}", _COMMANDS[key]
            yield part.origin.problem(part.place("framework"), message, hint, at="key")
    if framework.BUILD_KEYS:
        return
    if "commands" in part.written:
        message = f"'commands' belong to framework: commands, and this is {part.framework_word}"
        yield part.origin.problem(part.place("commands"), message, "name the framework, or leave them out", at="key")
    yield from framework.problems(part.document, part.repository, part.app.path)
    for entry in entries(part) if framework.PARAMETERS_IN_BUILD and not stated_stack(part, "x") else ():
        if not stated_stack(part, entry.word):
            message = f"only the tool can tell what the stack of '{part.word}' is called in '{entry.word}'"
            hint = f"say it: stages: {{{entry.word}: {{stack: <name>}}}}"
            yield part.origin.problem(part.at, message, hint, at="key")


def _unknown(part: Part) -> Iterator[Problem]:
    words = part.whole.services
    named = [(word, part.place("after", index)) for index, word in enumerate(part.written.get("after", ()))]
    named += [(reference.service, reference.path) for value in values(part) for reference in value.references]
    for word, path in named:
        if word == part.word:
            yield part.origin.problem(path, f"service '{word}' cannot need itself", "name another one")
        elif word not in words:
            yield part.origin.problem(path, f"there is no service '{word}'", _nearest(word, words, "services"))


def _no_references(part: Part) -> Iterator[Problem]:
    for value in values(part):
        for words in value.no_references:
            hint = "write ${service.Output}; a stage's own values stand in stages: {<stage>: {parameters: ...}}"
            yield part.origin.problem(value.path, f"'{words}' is no output of a service", hint)


def _stages(part: Part) -> Iterator[Problem]:
    words = [entry.word for entry in entries(part)]
    for word in part.written.get("stages", {}):
        if word not in words:
            path = (*part.at, "stages", word)
            yield part.document.problem(path, f"there is no stage '{word}'", _nearest(word, words, "stages"), at="key")


def _variables(part: Part) -> Iterator[Problem]:
    """Variables of the pipeline that do not exist, or may not stand in JSON."""
    for value in values(part):
        for entry in entries(part):
            if value.stage in {"", entry.word}:
                yield from references.unknown(part.origin, value.path, value.written, entry.namespaces)
                yield from references.free_text(part.origin, value.path, value.written)


def _outputs(part: Part) -> Iterator[Problem]:
    by_word = {each.word: each.app.template for each in part.whole.parts}
    for reference in (reference for value in values(part) for reference in value.references):
        template = by_word.get(reference.service)
        if template and reference.output not in template.outputs and "Outputs" not in template.open:
            message = f"{template.path} has no output '{reference.output}'"
            hint = _nearest(reference.output, template.outputs, "outputs")
            yield part.origin.problem(reference.path, message, hint)


def _nearest(word: str, there: Iterable[str], kind: str) -> str:
    names = sorted(there)
    near = difflib.get_close_matches(word, names, 1)
    meant = f"did you mean '{near[0]}'? " if near else ""
    return f"{meant}{kind}: {', '.join(names)}" if names else f"there are no {kind}"
