"""Exports: a name belongs to one stack, and stays as it is while another one imports it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
"""

from __future__ import annotations

from collections.abc import Mapping

from generator.rehearsal.emulator.ministack import cloudformation


class ExportError(ValueError):
    """Why a stack's outputs cannot be as its template wants them."""


def refuse(_stack: str, stack_id: str, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Raise ExportError for a name another stack exports, and for one that is imported and would go or change."""
    for name in sorted(after):
        owner = cloudformation.exporter(name)
        if owner not in {None, stack_id}:
            raise ExportError(f"Export with name {name} is already exported by stack {_name(owner or '')}.")
    for name in sorted(before):
        if before[name] == after.get(name):
            continue
        if users := cloudformation.importers(name):
            done = "updated" if name in after else "deleted"
            raise ExportError(f"Export {name} cannot be {done} as it is in use by {' and '.join(users)}")


def _name(stack_id: str) -> str:
    return stack_id.split("/")[1]
