"""Who is told of what happens to a pipeline: frozen values in AWS's words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subscription:
    """Somebody who is told through the pipeline's own topic: an SNS protocol and its endpoint."""

    protocol: str
    endpoint: str
