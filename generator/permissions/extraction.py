"""Makes the permissions data anew, once a release: from the registry's schemas that the installed cfn-lint carries.

`python -m generator.permissions.extraction` rewrites generator/permissions/data; what changed is in git's diff.
Nothing imports this at run time: an earlier cfn-lint carries no permissions at all.
"""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import importlib.resources
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.permissions.corrections import BASELINE
from generator.permissions.coverage import SAM, pattern
from generator.permissions.needed import Known, granted, in_patterns, in_places
from generator.permissions.scopes import RESOURCES

DATA = Path(__file__).parent / "data"

Published = Mapping[str, Mapping[str, list[str]]]
"""Type to operation to actions."""


def source() -> Path:
    """Where the installed cfn-lint keeps its data."""
    return Path(str(importlib.resources.files("cfnlint"))) / "data"


def services(data: Path) -> dict[str, dict[str, list[str]]]:
    """Every action that IAM knows, in small letters, with the kinds of resources it takes."""
    read = json.loads((data / "AdditionalSpecs" / "Policies.json").read_text(encoding="utf-8"))
    return {
        name: {action: sorted(said.get("Resources", ())) for action, said in service["Actions"].items()}
        for name, service in read.items()
    }


def published(data: Path, known: Known) -> dict[str, dict[str, list[str]]]:
    """What AWS publishes for each type with handlers, without what IAM does not know."""
    found: dict[str, dict[str, list[str]]] = {}
    for file in sorted((data / "schemas" / "resources").glob("*.json")):
        schema: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        handlers = {
            operation: sorted({one for one in handler.get("permissions", ()) if _is_known(one, known)})
            for operation, handler in sorted(schema.get("handlers", {}).items())
        }
        if handlers:
            found[schema["typeName"]] = handlers
    return dict(sorted(found.items()))


def _is_known(action: str, known: Known) -> bool:
    service, _, name = action.partition(":")
    return name.lower() in known.get(service.lower(), {})


def baseline(types: Published, known: Known) -> list[dict[str, Any]]:
    """The statements of a deploy role for everything in `BASELINE`, their actions in as few words as say the same."""
    actions = {
        action for kind in BASELINE for found in granted(kind, types.get(kind, {}), known).values() for action in found
    }
    found = (in_patterns(one, known, reads=True) for one in in_places(actions, known))
    return [
        {
            "sid": one.sid,
            "actions": list(one.actions),
            "resources": list(one.resources),
            "condition": one.condition,
        }
        for one in found
    ]


def main(today: dt.date) -> None:
    """Write the data files."""
    data = source()
    known = services(data)
    types = published(data, known)
    actions = {service: dict(sorted(known[service].items())) for service in sorted({*RESOURCES, "ec2"})}
    said = {"source": f"cfn-lint {importlib.metadata.version('cfn-lint')}", "extracted": today.isoformat()}
    _write("types.json", {**said, "types": types})
    _write("actions.json", {**said, "services": actions})
    covers = pattern({*BASELINE, SAM}, {*BASELINE, *types})
    _write("baseline.json", {**said, "covers": covers, "statements": baseline(types, actions)})


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
