"""Stubs: what ends an action as the user asked, without doing anything, where its provider is not to run."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from generator.rehearsal.codepipeline.actions import provider_of
from generator.rehearsal.codepipeline.context import ActionContext, ActionProvider
from generator.rehearsal.codepipeline.declaration import RULE, ActionType
from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.rehearsal.codepipeline.state import Outcome

Ending = Literal["succeed", "fail"]
ENDINGS: tuple[str, ...] = get_args(Ending)


@dataclass(frozen=True, slots=True)
class Stub:
    """Ends every action in the same way; output artifacts are zips without files."""

    ending: str

    def start(self, context: ActionContext) -> Outcome:
        """Do nothing, and end. Raises ActionFailedError where it is to fail."""
        if self.ending == "fail":
            raise ActionFailedError("JobFailed", "A stub fails this action: nothing was done.")
        file = context.folder / "nothing.zip"
        zipfile.ZipFile(file, "w").close()
        artifacts = tuple(context.put(name, file) for name in context.action.outputs)
        return Outcome(summary="stubbed: nothing was done", artifacts=artifacts)


@dataclass(frozen=True, slots=True)
class StubsFirst:
    """Finds who runs an action: the stub of its provider (`stubs`: provider -> ending), else the provider."""

    stubs: Mapping[str, str]

    def __call__(self, kind: ActionType) -> ActionProvider | None:
        """The provider of a type of action; None when nobody here runs it."""
        if kind.category != RULE and kind.provider in self.stubs:
            return Stub(self.stubs[kind.provider])
        return provider_of(kind)
