"""The schemas CloudFormation's registry has of resource types, as cfn-lint carries them; cfn-lint itself is not loaded.

https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

Schema = Mapping[str, Any]


@functools.cache
def schema_of(resource_type: str, region: str) -> Schema | None:
    """The schema of a type in a region; None when the region does not have it."""
    name = _index(region).get(resource_type)
    if name is None:
        return None
    schema: Schema = json.loads((_folder() / "resources" / f"{name}.json").read_bytes())
    return schema


@functools.cache
def _index(region: str) -> Mapping[str, str]:
    file = _folder() / "providers" / f"{region}.json"
    names: Mapping[str, str] = json.loads(file.read_bytes()) if file.is_file() else {}
    return names


@functools.cache
def _folder() -> Path:
    package = find_spec("cfnlint")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("cfn-lint is not installed")
    return Path(package.origin).parent / "data" / "schemas"
