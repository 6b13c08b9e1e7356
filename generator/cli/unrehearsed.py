"""What of a project cannot be rehearsed, by what its frameworks say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.errors import NotRehearsedError

if TYPE_CHECKING:
    from generator.compiler.pipeline import Compilation


def refuse_unrehearsed(compiled: Compilation, *, permissions: bool) -> None:
    """Raise NotRehearsedError, once all else was checked, for what cannot be done on this machine or with this file."""
    if compiled.pipeline.build.images:
        raise NotRehearsedError("functions are container images, and a rehearsal has no engine to make or run them")
    for part in compiled.file.parts:
        if reason := part.framework.unrehearsed(part.repository, part.app.path):
            raise NotRehearsedError(f"{part.app.path} is not rehearsed: {reason}")
        if permissions and part.framework.BY_STAGE:
            how = "--permissions changes the application's template in commits of its own, to see every right at work"
            raise NotRehearsedError(f"{how}; here the build makes that template: rehearse without the option")
