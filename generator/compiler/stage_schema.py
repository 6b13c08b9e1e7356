"""The part of the schema that says what a stage is."""

from __future__ import annotations

from generator.compiler import condition_schema, kinds, stage_commands
from generator.compiler.schema_parts import Schema, duration, mapping
from generator.model.stage import APPROVAL_MESSAGE_LENGTH

_LATER = ["environment"]


def stages() -> Schema:
    """The list of stages: words, or one word with its settings each."""
    word = {"$ref": "#/$defs/stage_word"}
    named: Schema = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "propertyNames": word,
        "additionalProperties": {"anyOf": [_stage(), {"type": "null"}]},
        "x-noun": "stage",
    }
    return {
        "type": "array",
        "minItems": 1,
        "maxItems": 46,
        "items": {"anyOf": [word, named]},
        "description": "Where the application is deployed and tested, in order. "
        "Left out: beta, gamma and prod, with an approval in prod.",
    }


def _stage() -> Schema:
    properties = {
        "stack": {
            "type": "string",
            "pattern": "^[A-Za-z][A-Za-z0-9-]{0,127}$",
            "x-what": "a stack name (letters, digits and '-', beginning with a letter, at most 128)",
            "description": "The stack's name; <service>-<stage> when left out. An existing stack is adopted.",
        },
        "parameters": {
            "type": "object",
            "propertyNames": {"pattern": "^[A-Za-z0-9]{1,255}$", "x-what": "a parameter name"},
            "additionalProperties": {"type": ["string", "number", "boolean"]},
            "description": "Parameters of the application's template; Stage is given when it declares it.",
        },
        "approval": {
            "anyOf": [{"type": "boolean"}, _approval()],
            "description": "A person must say yes before this stage changes; a stage called prod asks unless false.",
        },
        "deploy": {
            "enum": sorted(kinds.stages()),
            "description": "; ".join(f"{word}: {kind.SUMMARY}" for word, kind in kinds.stages().items())
            + ". Left out: changeset with an approval, direct without.",
        },
        "tests": _tests(),
        **condition_schema.properties(),
        **stage_commands.properties(),
    }
    return {**mapping(properties), "x-later": _LATER}


def _tests() -> Schema:
    subset = {
        "type": "string",
        # Whoever writes none or off wants no tests, and would get those of a subset of that name.
        "pattern": "^(?!(all|none|no|yes|on|off|true|false)$)[a-z][a-z0-9_-]{0,39}$",
        "x-what": "true, false or the name of a subset such as smoke",
    }
    return {
        "anyOf": [{"type": "boolean"}, subset],
        "default": True,
        "description": "Whether the integration tests run here; a word is the subset that does: the tests are told.",
        "examples": ["smoke"],
    }


def _approval() -> Schema:
    properties = {
        "notify": {
            "type": "array",
            "items": {"$ref": "#/$defs/address"},
            "minItems": 1,
            "uniqueItems": True,
            "description": "E-mail addresses that are told when the approval waits.",
        },
        "topic": {
            "$ref": "#/$defs/topic",
            "description": "An existing SNS topic that is told instead.",
        },
        "message": {
            "type": "string",
            "minLength": 1,
            "maxLength": APPROVAL_MESSAGE_LENGTH,
            "description": "What the approver reads first.",
        },
        "timeout": duration("How long it waits, 5 minutes to 60 days.", "7 days"),
        "separate": {
            "type": "boolean",
            "default": False,
            "description": "Whether it is asked for in a pipeline stage of its own, before the one that deploys.",
        },
        "approvers_policy": {
            "type": "boolean",
            "default": False,
            "description": "Whether the stack has a managed policy that allows to answer this approval alone.",
        },
    }
    return {**mapping(properties), "not": {"required": ["notify", "topic"]}}
