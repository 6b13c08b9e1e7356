"""A repository on GitHub, through a connection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.model.source import Source
from generator.model.text import Json
from generator.sources import _connection

# Where its repositories are cloned from; ssh on port 443 has a host name of its own.
HOSTS = ("github.com", "ssh.github.com")
SCHEMA: Mapping[str, Json] = _connection.schema(
    "GitHub",
    "owner/name",
    r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+",
    "acme/time-service",
)


def source(settings: Mapping[str, Any], _service: str) -> Source:
    """The source for these settings; the connection tells CodePipeline of every push."""
    return _connection.source("github", "GitHub", settings)
