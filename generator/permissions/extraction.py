"""Regenerates the permissions data, once a release: from the registry's schemas that the installed cfn-lint carries.

`python -m generator.permissions.extraction` rewrites generator/permissions/data; what changed is in git's diff.
Nothing imports this at run time: an earlier cfn-lint carries no permissions at all.
"""

from __future__ import annotations

import datetime as dt
import fnmatch
import importlib.metadata
import importlib.resources
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from generator.permissions.corrections import BASELINE
from generator.permissions.needed import ResourceKinds, granted, in_places
from generator.permissions.scopes import RESOURCES
from generator.permissions.unknown_actions import NO_ACTION, NOT_LISTED_BY_IAM, RENAMED

DATA = Path(__file__).parent / "data"

Published = Mapping[str, Mapping[str, list[str]]]
"""Type to operation to actions."""


def source() -> Path:
    """Where the installed cfn-lint keeps its data."""
    return Path(str(importlib.resources.files("cfnlint"))) / "data"


def services(data: Path) -> dict[str, dict[str, list[str]]]:
    """Every action that IAM checks, in lower case, with the kinds of resources it takes."""
    read = json.loads((data / "AdditionalSpecs" / "Policies.json").read_text(encoding="utf-8"))
    actions = {
        name: {action: sorted(details.get("Resources", ())) for action, details in service["Actions"].items()}
        for name, service in read.items()
    }
    for action, kinds in NOT_LISTED_BY_IAM.items():
        service, _, name = action.partition(":")
        actions[service][name.lower()] = list(kinds)
    return actions


class UnknownActionError(Exception):
    """A schema names an action that neither IAM's list nor `unknown_actions` knows."""


def published(schemas: Path, iam_actions: ResourceKinds) -> dict[str, dict[str, list[str]]]:
    """What AWS publishes for each type with handlers, by the names IAM has for it. Raises UnknownActionError."""
    read = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(schemas.glob("*.json"))]
    handlers = {schema["typeName"]: schema["handlers"] for schema in read if schema.get("handlers")}
    named = {action for each in handlers.values() for entry in each.values() for action in entry.get("permissions", ())}
    checked = _checked(named, iam_actions)
    return {
        kind: {
            operation: sorted({action for entry in handler.get("permissions", ()) for action in checked[entry]})
            for operation, handler in sorted(each.items())
        }
        for kind, each in sorted(handlers.items())
    }


def _checked(named: Collection[str], iam_actions: ResourceKinds) -> dict[str, set[str]]:
    """Each name the schemas have, and the actions that IAM checks for it.

    A pattern stands for what other schemas name of it: a role is never granted what AWS is yet to invent.
    """
    actions = {RENAMED.get(name, name) for name in named} - _LEFT_OUT
    plain = {action for action in actions if _exists(action, iam_actions)}
    matched = {action: {action} if action in plain else set(fnmatch.filter(plain, action)) for action in actions}
    unknown = sorted(action for action, matches in matched.items() if not matches)
    if unknown:
        raise UnknownActionError(f"what are {', '.join(unknown)}? generator/permissions/unknown_actions.py has to say")
    return {name: matched.get(RENAMED.get(name, name), set()) for name in named}


_LEFT_OUT = frozenset(action for actions in NO_ACTION.values() for action in actions)


def _exists(action: str, iam_actions: ResourceKinds) -> bool:
    service, _, name = action.partition(":")
    return name.lower() in iam_actions.get(service.lower(), {})


def baseline(types: Published, iam_actions: ResourceKinds) -> list[dict[str, Any]]:
    """The statements of a deploy role for everything in `BASELINE`, every action by its name."""
    actions = {
        action
        for kind in BASELINE
        for operation in granted(kind, types.get(kind, {}), iam_actions).values()
        for action in operation
    }
    return [
        {
            "sid": statement.sid,
            "actions": list(statement.actions),
            "resources": list(statement.resources),
            "condition": statement.condition,
        }
        for statement in in_places(actions, iam_actions)
    ]


def main(today: dt.date) -> None:
    """Write the data files."""
    data = source()
    iam_actions = services(data)
    types = published(data / "schemas" / "resources", iam_actions)
    actions = {service: dict(sorted(iam_actions[service].items())) for service in sorted({*RESOURCES, "ec2"})}
    origin = {"source": f"cfn-lint {importlib.metadata.version('cfn-lint')}", "extracted": today.isoformat()}
    _write("types.json", {**origin, "types": types})
    _write("actions.json", {**origin, "services": actions})
    _write("baseline.json", {**origin, "statements": baseline(types, actions)})


def _write(name: str, content: Mapping[str, Any]) -> None:
    lines = [f"{json.dumps(key)}: {_lines(value)}" for key, value in content.items()]
    (DATA / name).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _lines(value: Any) -> str:
    """One entry a line, so that git shows what a new release of the registry changed."""
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f"{json.dumps(key)}: {json.dumps(inner)}" for key, inner in value.items()) + "\n}"
    if isinstance(value, list):
        return "[\n" + ",\n".join(map(json.dumps, value)) + "\n]"
    return json.dumps(value)


if __name__ == "__main__":
    main(dt.datetime.now(tz=dt.UTC).date())
