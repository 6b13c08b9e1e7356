"""The key `notifications`: who is notified of a failed execution, by the kinds in `notifications/`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.errors import Problem
from generator.model.pipeline import Pipeline
from generator.pipeline_file import kinds
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema, mapping

SCHEMA: Schema = {
    **mapping({word: kind.SCHEMA for word, kind in kinds.notifications().items()}, least=1),
    "description": "Who is notified of a failed execution and of a waiting approval.",
    "x-noun": "notification",
}


def read(settings: Mapping[str, Any], _file: File) -> Fields:
    """Subscriptions, targets and channels of all kinds together."""
    audiences = [kinds.notifications()[word].audience(written) for word, written in sorted(settings.items())]
    return {
        "subscriptions": tuple(subscription for audience in audiences for subscription in audience.subscriptions),
        "targets": tuple(target for audience in audiences for target in audience.targets),
        "channels": tuple(resource for audience in audiences for resource in audience.resources),
    }


def remarks(settings: Mapping[str, Any], file: File, _pipeline: Pipeline) -> Iterator[Problem]:
    """What the owners of existing topics and workspaces must set up."""
    for word, written in settings.items():
        for message, hint in kinds.notifications()[word].remarks(written):
            yield file.document.problem(("notifications", word), message, hint, level="info")
