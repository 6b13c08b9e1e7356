# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's Parameter Store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ministack.services import ssm


def stored_parameter(name: str) -> str | None:
    """The value of a parameter; None where there is none."""
    value = ssm.resolve_parameter_value(name)
    return None if value is None else str(value)


def secure_parameters(names: Iterable[Any], below: str = "") -> Iterator[tuple[str, str]]:
    """The ARNs and the keys of the parameters of these names (or ARNs, or below a path) that are SecureStrings."""
    meant = {str(name).partition(":parameter")[2] or str(name) for name in names}
    for name, record in list(ssm._parameters.items()):
        is_meant = name in meant or f"/{name}" in meant or (below and name.startswith(below))
        if is_meant and record.get("Type") == "SecureString":
            yield str(record.get("ARN", "")), str(record.get("KeyId") or "")
