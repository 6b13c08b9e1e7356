"""The key `deploy` of a stage: how it deploys, one of the kinds in `stages/`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.errors import Problem
from generator.model.commands import DeployCommands
from generator.pipeline_file import kinds, statements
from generator.pipeline_file.entry import Entry, entries
from generator.pipeline_file.key import Fields
from generator.pipeline_file.keys import build
from generator.pipeline_file.keys.build import secrets
from generator.pipeline_file.keys.stages import _commands
from generator.pipeline_file.keys.stages.approval import approval
from generator.pipeline_file.schema_parts import Schema, mapping

_BY_COMMANDS = next(word for word, kind in kinds.stages().items() if getattr(kind, "BY_COMMANDS", False))
_SUMMARIES = "; ".join(f"{word}: {kind.SUMMARY}" for word, kind in kinds.stages().items())
_OUTPUTS: Schema = {
    "type": "array",
    "items": {
        "type": "string",
        "pattern": "^[A-Za-z][A-Za-z0-9]{0,127}$",
        "x-what": "the name of an output (letters and digits, beginning with a letter)",
    },
    "minItems": 1,
    "maxItems": 20,
    "uniqueItems": True,
    "description": "Variables that the commands export: the outputs of the stage, as a stack has some. The tests get "
    "them, and app.url names the one that is the URL.",
    "examples": [["ApiUrl"]],
}
_FULL: Schema = {
    **mapping(
        {
            **_commands.PARTS,
            "statements": statements.schema("What the commands may do, besides logging and reading commit and build."),
            "outputs": _OUTPUTS,
            "secrets": secrets.SCHEMA,
        },
        required=["commands"],
    ),
    "description": "Commands that deploy the stage on CodeBuild, on the machine of the build.",
}
SCHEMA: Schema = {
    "anyOf": [{"enum": sorted(set(kinds.stages()) - {_BY_COMMANDS})}, _FULL],
    "description": f"{_SUMMARIES}. Left out: changeset with an approval, direct without.",
}
_TAKEN = frozenset({"ARTIFACT", "COMMIT", "EXECUTION_ID", "HOME", "PATH", "PWD", "SERVICE", "SHELL", "STAGE", "USER"})
# What belongs to a stack, and why commands have none of it.
_OF_A_STACK: Mapping[str, str] = {
    "stack": "commands deploy the stage: there is no stack to name",
    "parameters": "commands deploy the stage: there is no template to give parameters to",
    "environment": "commands deploy the stage, with the rights and in the account of its build",
    "alarms": "an alarm rolls the stage back, and what commands deployed cannot be rolled back",
}


def read(settings: str | Mapping[str, Any], entry: Entry) -> Fields:
    """The kind's word, and the commands: an approver is to see what will change, so an approval needs a change set."""
    if not isinstance(settings, Mapping) or not settings:
        return {"deploy": settings or ("changeset" if approval(entry) else "direct")}
    written = _commands.commands(settings)
    outputs = tuple(settings.get("outputs", ()))
    fetched = secrets.read(settings.get("secrets", {}), entry.file)["secrets"]
    commands = written and DeployCommands(written, outputs, fetched, build.versions(entry.file))
    return {"deploy": _BY_COMMANDS, "by_commands": commands}


def problems(_settings: str | Mapping[str, Any], entry: Entry) -> Iterator[Problem]:
    """Commands beside stacks, or beside what only a stack has; outputs that cannot be."""
    if not entry.by_commands:
        return
    document, at = entry.file.document, (*entry.path, "deploy")
    if entry.file.has_services:
        hint = "each of the project's services deploys a stack; a project of its own can deploy the rest"
        yield document.problem(at, "commands deploy a project that is one service", hint, at="key")
    if stacks := [each.word for each in entries(entry.file) if not each.by_commands]:
        message = f"commands deploy this stage, and a stack would be deployed in {', '.join(stacks)}"
        hint = "give every stage such commands; beside a stack, commands run before or after its deployment"
        yield document.problem(at, message, hint, at="key")
    yield from _of_a_stack(entry)
    yield from _outputs(entry)
    yield from secrets.unusable(document, (*at, "secrets"), entry.by_commands.get("secrets", {}), _TAKEN)


def _of_a_stack(entry: Entry) -> Iterator[Problem]:
    document = entry.file.document
    for key, message in _OF_A_STACK.items():
        if key in entry.settings:
            yield document.problem((*entry.path, key), message, "leave it out", at="key")
    if entry.settings.get("on_failure") == "rollback":
        message = "what commands deployed cannot be rolled back"
        hint = "leave it out, or on_failure: retry, if the commands may run twice"
        yield document.problem((*entry.path, "on_failure"), message, hint)


def _outputs(entry: Entry) -> Iterator[Problem]:
    document, at = entry.file.document, (*entry.path, "deploy")
    for index, name in enumerate(entry.outputs or ()):
        if name in _TAKEN:
            message = f"'{name}' is a variable of the commands already"
            yield document.problem((*at, "outputs", index), message, "choose another name")
    url = entry.file.settings("app").get("url", "none")
    is_tested = entry.file.is_tested and entry.settings.get("tests", True) is not False
    if url != "none" and is_tested and url not in (entry.outputs or ()):
        message = f"the commands have no output '{url}', which app.url names"
        hint = f"export it in the commands, and name it: outputs: [{url}]; or app: {{url: none}}"
        yield document.problem(at, message, hint, at="key")
