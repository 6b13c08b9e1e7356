"""An action of a pipeline stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from generator.model.text import Json


class Action(NamedTuple):
    """An action of a pipeline stage. Configuration values are texts or intrinsics; `role` is a logical id."""

    name: str
    category: str
    provider: str
    configuration: Mapping[str, Json]
    run_order: int = 1
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    namespace: str = ""
    timeout_minutes: int = 0
    owner: str = "AWS"
    version: str = "1"
