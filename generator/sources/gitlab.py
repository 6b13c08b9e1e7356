"""A repository on GitLab, through a connection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.model.source import Source
from generator.model.text import Json
from generator.sources import _connection

# Where its repositories are cloned from; ssh on port 443 has a host name of its own.
HOSTS = ("gitlab.com", "altssh.gitlab.com")
SCHEMA: Mapping[str, Json] = _connection.schema(
    "GitLab",
    "group/name, with its subgroups",
    r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)+",
    "acme/team/time-service",
)


def source(settings: Mapping[str, Any], _service: str) -> Source:
    """The source for these settings; the connection tells CodePipeline of every push."""
    return _connection.source("gitlab", "GitLab", settings)
