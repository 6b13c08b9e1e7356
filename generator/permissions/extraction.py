"""Makes the permissions data anew, once a release: from the registry's schemas that the installed cfn-lint carries.

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
from generator.permissions.needed import Known, granted, in_places
from generator.permissions.scopes import RESOURCES
from generator.permissions.unknown_actions import NO_ACTION, NOT_LISTED_BY_IAM, RENAMED

DATA = Path(__file__).parent / "data"

Published = Mapping[str, Mapping[str, list[str]]]
"""Type to operation to actions."""


def source() -> Path:
    """Where the installed cfn-lint keeps its data."""
    return Path(str(importlib.resources.files("cfnlint"))) / "data"


def services(data: Path) -> dict[str, dict[str, list[str]]]:
    """Every action that IAM checks, in small letters, with the kinds of resources it takes."""
    read = json.loads((data / "AdditionalSpecs" / "Policies.json").read_text(encoding="utf-8"))
    known = {
        name: {action: sorted(said.get("Resources", ())) for action, said in service["Actions"].items()}
        for name, service in read.items()
    }
    for action, kinds in NOT_LISTED_BY_IAM.items():
        service, _, name = action.partition(":")
        known[service][name.lower()] = list(kinds)
    return known


class UnknownActionError(Exception):
    """A schema names an action that neither IAM's list nor `unknown_actions` knows."""


def published(schemas: Path, known: Known) -> dict[str, dict[str, list[str]]]:
    """What AWS publishes for each type with handlers, by the names IAM has for it. Raises UnknownActionError."""
    read = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(schemas.glob("*.json"))]
    handlers = {schema["typeName"]: schema["handlers"] for schema in read if schema.get("handlers")}
    named = {action for each in handlers.values() for one in each.values() for action in one.get("permissions", ())}
    checked = _checked(named, known)
    return {
        kind: {
            operation: sorted({action for one in handler.get("permissions", ()) for action in checked[one]})
            for operation, handler in sorted(each.items())
        }
        for kind, each in sorted(handlers.items())
    }


def _checked(named: Collection[str], known: Known) -> dict[str, set[str]]:
    """Each name the schemas have, and the actions that IAM checks for it.

    A pattern stands for what other schemas name of it: a role is never granted what AWS is yet to invent.
    """
    actions = {RENAMED.get(name, name) for name in named} - _LEFT_OUT
    plain = {one for one in actions if _is_known(one, known)}
    matched = {one: {one} if one in plain else set(fnmatch.filter(plain, one)) for one in actions}
    unknown = sorted(one for one, matches in matched.items() if not matches)
    if unknown:
        raise UnknownActionError(f"what are {', '.join(unknown)}? generator/permissions/unknown_actions.py has to say")
    return {name: matched.get(RENAMED.get(name, name), set()) for name in named}


_LEFT_OUT = frozenset(action for actions in NO_ACTION.values() for action in actions)


def _is_known(action: str, known: Known) -> bool:
    service, _, name = action.partition(":")
    return name.lower() in known.get(service.lower(), {})


def baseline(types: Published, known: Known) -> list[dict[str, Any]]:
    """The statements of a deploy role for everything in `BASELINE`, every action by its name."""
    actions = {
        action for kind in BASELINE for found in granted(kind, types.get(kind, {}), known).values() for action in found
    }
    return [
        {
            "sid": one.sid,
            "actions": list(one.actions),
            "resources": list(one.resources),
            "condition": one.condition,
        }
        for one in in_places(actions, known, rare=False)
    ]


def main(today: dt.date) -> None:
    """Write the data files."""
    data = source()
    known = services(data)
    types = published(data / "schemas" / "resources", known)
    actions = {service: dict(sorted(known[service].items())) for service in sorted({*RESOURCES, "ec2"})}
    said = {"source": f"cfn-lint {importlib.metadata.version('cfn-lint')}", "extracted": today.isoformat()}
    _write("types.json", {**said, "types": types})
    _write("actions.json", {**said, "services": actions})
    _write("baseline.json", {**said, "statements": baseline(types, actions)})


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
