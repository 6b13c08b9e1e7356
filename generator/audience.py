"""What a kind of notification adds to a pipeline: who hears of it, and what that takes."""

from __future__ import annotations

from dataclasses import dataclass

from generator.model import Resource
from generator.telling import Subscription, Target


@dataclass(frozen=True, slots=True)
class Audience:
    """Subscribers of the pipeline's own topic, targets of its notification rule, and resources that targets need."""

    subscriptions: tuple[Subscription, ...] = ()
    targets: tuple[Target, ...] = ()
    resources: tuple[Resource, ...] = ()
