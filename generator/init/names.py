"""Valid names made from the names of folders, remotes and configurations."""

from __future__ import annotations

import re

from generator.model.pipeline import SERVICE_LENGTH
from generator.model.stage import STAGE_LENGTH


def service_name(name: str) -> str:
    """The service's name nearest to a text; empty when it holds no letter to begin with."""
    return _legal(name, SERVICE_LENGTH)


def stage_word(name: str) -> str:
    """The stage's word nearest to a text; empty when it holds no letter to begin with."""
    return _legal(name, STAGE_LENGTH)


def _legal(name: str, length: int) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).lstrip("0123456789-")
    return words[:length].rstrip("-")
