"""The part of the schema that says what the integration tests are."""

from __future__ import annotations

from generator.compiler.schema_parts import Schema, mapping


def tests() -> Schema:
    """The top-level key `tests`."""
    name: Schema = {"type": "string", "pattern": "^[A-Za-z0-9]{1,255}$", "x-what": "the name of an output"}
    several = {"type": "array", "items": name, "minItems": 1, "maxItems": 5, "uniqueItems": True}
    properties = {
        "template": {"$ref": "#/$defs/path", "description": "The template of the test stack."},
        "function": {
            "anyOf": [name, several],
            "default": "TestFunction",
            "description": "The output(s) that name the test function, its version or alias. Several run side by side.",
        },
        "state_machine": {
            "anyOf": [name, several],
            "description": "The output(s) that name a state machine whose executions are tests; it may take 24 hours.",
            "examples": ["TestMachine"],
        },
    }
    return {
        "anyOf": [{"type": "string", "enum": ["none"]}, {**mapping(properties), "x-moved": {"functions": "function"}}],
        "description": "The integration tests that run against every stage; none for a pipeline without.",
    }
