"""The functions of a serverless.yml, with the files that their handlers name: what is known before it is packaged."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from typing import Any

from generator.application.functions import Function, Stated
from generator.frameworks._serverless_file import ServerlessFile, StatedFunction
from generator.repository import assets

# What npm runs while it installs: it may make the files that are packed.
_SCRIPTS = frozenset({"preinstall", "install", "postinstall", "prepare", "prepublish"})


def functions(file: ServerlessFile) -> Iterator[Function]:
    """Each function; one of a package that is there, or of an image, has no files to look for."""
    may_lack, service = _may_be_made(file), posixpath.dirname(file.path)
    ready = _has_artifact(file.data) or file.at("provider", "layers")
    for stated in file.stated_functions():
        settings = stated.settings
        elsewhere = ready or settings.get("layers") or settings.get("image") or _has_artifact(settings)
        yield Function(
            stated.name,
            _runtime(file, stated),
            Stated(file.text(settings.get("handler"), "") or "", stated.document, (*stated.path, "handler")),
            _folder(service, str(settings.get("module", ""))),
            is_complete=not elsewhere,
            may_lack=may_lack,
            is_compiled=True,
        )


def _runtime(file: ServerlessFile, stated: StatedFunction) -> Stated:
    """A function's own runtime, else that of all."""
    own = stated.settings.get("runtime")
    if own is not None or file.document is None:
        return Stated(file.text(own, "") or "", stated.document, (*stated.path, "runtime"))
    return Stated(file.text(file.at("provider", "runtime"), "") or "", file.document, ("provider", "runtime"))


def _folder(*parts: str) -> str:
    folder = posixpath.normpath(posixpath.join(*parts))
    return "" if folder == "." else folder


def _has_artifact(settings: Any) -> bool:
    package = settings.get("package")
    return isinstance(package, dict) and "artifact" in package


def _may_be_made(file: ServerlessFile) -> bool:
    """Whether a plugin that nobody knows here, or a script of npm, may make files before they are packed."""
    packs_as_is = json.loads(assets.text("buildspecs", "stages/serverless_losses.json"))
    plugins = file.data.get("plugins")
    usual = {*packs_as_is["harmless"], *packs_as_is["plugins"]}
    return not usual.issuperset(map(str, plugins if isinstance(plugins, list) else ())) or bool(
        _SCRIPTS.intersection(file.scripts())
    )
