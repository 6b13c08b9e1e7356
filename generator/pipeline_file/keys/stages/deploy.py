"""The key `deploy` of a stage: how it deploys, one of the kinds in `stages/`."""

from __future__ import annotations

from generator.pipeline_file import kinds
from generator.pipeline_file.entry import Entry
from generator.pipeline_file.key import Fields
from generator.pipeline_file.keys.stages.approval import approval
from generator.pipeline_file.schema_parts import Schema

_SUMMARIES = "; ".join(f"{word}: {kind.SUMMARY}" for word, kind in kinds.stages().items())
SCHEMA: Schema = {
    "enum": sorted(kinds.stages()),
    "description": f"{_SUMMARIES}. Left out: changeset with an approval, direct without.",
}


def read(settings: str, entry: Entry) -> Fields:
    """The kind's word: an approver is to see what will change, so an approval needs a change set."""
    return {"deploy": settings or ("changeset" if approval(entry) else "direct")}
