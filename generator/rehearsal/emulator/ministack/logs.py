# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's CloudWatch Logs: log groups."""

from __future__ import annotations

from ministack.services import cloudwatch_logs


def has_log_group(name: str) -> bool:
    """Whether there is a log group of this name, in the account and region at hand."""
    return name in cloudwatch_logs._log_groups
