"""The pipeline's own variables, and what `#{namespace.name}` in a text may name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.compiler.schema_parts import Schema, mapping
from generator.document import Document, Path
from generator.errors import Problem
from generator.model.source import Source
from generator.model.text import Text, literal
from generator.model.trigger import Variable

Known = dict[str, tuple[str, ...] | None]
"""What each namespace holds; None: the outputs of a stack, which only its template knows."""

OWN = "variables"
"""CodePipeline's namespace of the variables a pipeline declares."""

_REFERENCE = re.compile(r"#\{([^}]*)\}")


def schema() -> Schema:
    """The top-level key `variables`.

    https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineVariableDeclaration.html
    """
    default: Schema = {
        "type": "string",
        # It becomes part of JSON that nobody escapes.
        "pattern": r'^[^"\\\x00-\x1f]+$',
        "maxLength": 1000,
        "x-what": "a variable's value (no \", no \\, one line)",
        "description": "Its value, unless whoever starts the pipeline gives another one. A push gives none.",
    }
    description: Schema = {"type": "string", "minLength": 1, "maxLength": 200, "description": "What it is for."}
    declared = mapping({"default": default, "description": description}, required=["default"])
    return {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 50,
        "propertyNames": {
            "pattern": "^[A-Za-z0-9@_-]{1,128}$",
            "x-what": "a variable's name (letters, digits, @, _ and -)",
        },
        "additionalProperties": declared,
        "x-noun": "variable",
        "description": "Variables of the pipeline, which a start may give other values: #{variables.NAME} in a stage's "
        "parameters, an approval's message, the build's environment.",
        "examples": [{"LOG_LEVEL": {"default": "info"}}],
    }


def variables(data: Mapping[str, Any]) -> tuple[Variable, ...]:
    """The variables the file declares, by name."""
    return tuple(
        Variable(name, literal(declared["default"]), literal(declared.get("description", "")))
        for name, declared in sorted(data.get(OWN, {}).items())
    )


def known_at_first(data: Mapping[str, Any], source: Source) -> Known:
    """What every action after the source may name."""
    own: Known = {OWN: tuple(sorted(data[OWN]))} if OWN in data else {}
    return {"codepipeline": ("PipelineExecutionId",), source.action.namespace: source.variables, **own}


def unknown(document: Document, path: Path, text: Text, known: Known) -> Iterator[Problem]:
    """Each variable of a text that this pipeline has not, or not yet."""
    for variable in _REFERENCE.findall(text):
        namespace, _, name = variable.partition(".")
        names = known.get(namespace, ())
        if not name or (names is not None and name not in names):
            message = f"'#{{{variable}}}' is no variable of this pipeline: an unresolved one fails the action"
            declare = f"declare it: variables: {{{name}: {{default: ...}}}}; " if namespace == OWN and name else ""
            yield document.problem(path, message, f"{declare}there are {_said(known)}")


def free_text(document: Document, path: Path, text: Text) -> Iterator[Problem]:
    """A commit message where it would become part of JSON."""
    if "#{Source.CommitMessage}" in text:
        message = "a commit message cannot be a parameter: a quote in it would break the JSON of all parameters"
        yield document.problem(path, message, "an approval's message may carry it; a parameter the commit's id")


def _said(known: Known) -> str:
    return ", ".join(f"{space}.{name}" for space in sorted(known) for name in known[space] or ("<output>",))
