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
        "commands": {
            "type": "array",
            "items": {"type": "string", "minLength": 1, "maxLength": 2000},
            "minItems": 1,
            "maxItems": 50,
            "description": "Commands that are the tests instead, in the repository, without a test stack: API_URL, "
            "OUTPUT_<name> for every output of the stage's stack, STAGE, STACK, SERVICE, COMMIT, EXECUTION_ID, SUBSET "
            "are variables. Summary, if a command exports it, is told to the approver; reports/*.xml are reports.",
            "examples": [["pip install -q -r requirements-dev.txt", "pytest -q integration_tests"]],
        },
    }
    return {
        "anyOf": [{"type": "string", "enum": ["none"]}, {**mapping(properties), "x-moved": {"functions": "function"}}],
        "description": "The integration tests that run against every stage; none for a pipeline without.",
    }
