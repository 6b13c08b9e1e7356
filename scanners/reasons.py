"""The reasons that stand in the code, beside what they are about."""

from __future__ import annotations

import pkgutil
from collections.abc import Collection, Iterator
from importlib import import_module
from typing import NamedTuple

import generator
from generator.model.accepted import Accepted
from scanners.findings import Finding, covers

_ROOMS = ("actions", "permissions", "pipeline_stages", "render", "sources")


class Declared(NamedTuple):
    """A reason and the module that gives it."""

    module: str
    accepted: Accepted


def declared() -> tuple[Declared, ...]:
    """Every reason, by module and in its order."""
    return tuple(Declared(name, one) for name in _modules() for one in getattr(import_module(name), "ACCEPTED", ()))


def _modules() -> Iterator[str]:
    rooms = {f"generator.{room}" for room in _ROOMS}
    found = pkgutil.walk_packages(generator.__path__, "generator.", onerror=lambda _: None)
    yield from sorted(one.name for one in found if ".".join(one.name.split(".")[:2]) in rooms)


def unexplained(findings: Collection[Finding], reasons: Collection[Declared]) -> tuple[Finding, ...]:
    """Findings that no reason is about."""
    return tuple(one for one in sorted(findings) if not any(covers(reason.accepted, one) for reason in reasons))


def outlived(findings: Collection[Finding], reasons: Collection[Declared]) -> tuple[tuple[str, Declared], ...]:
    """Rules with a reason that nothing breaks any more."""
    return tuple(
        (rule, reason)
        for reason in reasons
        for rule in reason.accepted.rules
        if not any(one.rule == rule and covers(reason.accepted, one) for one in findings)
    )
