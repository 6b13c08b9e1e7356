"""ministack's Parameter Store."""

from __future__ import annotations

from ministack.services import ssm


def stored_parameter(name: str) -> str | None:
    """The value of a parameter; None where there is none."""
    value = ssm.resolve_parameter_value(name)
    return None if value is None else str(value)
