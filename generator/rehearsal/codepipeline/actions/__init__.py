"""Who carries actions out: one module for each provider, called by the provider's name in lower case.

A module states the types of action it takes (`ACTION_TYPES`) and has a `start`; nothing else knows of it. A name
Python reserves has an underscore behind it.
"""

from __future__ import annotations

import importlib
import keyword
from typing import Protocol, cast

from generator.rehearsal.codepipeline.context import ActionContext, ActionProvider
from generator.rehearsal.codepipeline.declaration import ActionType
from generator.rehearsal.codepipeline.state import Outcome


class ProviderModule(Protocol):
    """What every module here looks like."""

    ACTION_TYPES: frozenset[tuple[str, str]]
    """Category and owner of the actions it runs."""

    def start(self, context: ActionContext) -> Outcome:
        """Carry one action out; see ActionProvider."""


def provider_of(kind: ActionType) -> ActionProvider | None:
    """Who runs actions of this type; None when nobody here does."""
    name = kind.provider.lower()
    if not name.isidentifier():
        return None
    full = f"{__name__}.{name}{'_' * keyword.iskeyword(name)}"
    try:
        imported = importlib.import_module(full)
    except ModuleNotFoundError as error:
        if error.name != full:
            raise
        return None
    module = cast("ProviderModule", imported)
    return module if (kind.category, kind.owner) in module.ACTION_TYPES else None
