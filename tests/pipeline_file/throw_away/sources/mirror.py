"""A throw-away source: a CodeCommit repository by another word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.model.source import Source
from generator.model.text import Json
from generator.sources import codecommit

SCHEMA: Mapping[str, Json] = {**codecommit.SCHEMA, "description": "A mirror of a repository."}


def source(settings: Mapping[str, Any], service: str) -> Source:
    """The repository, called a mirror."""
    return codecommit.source(settings, service)._replace(kind="mirror")
