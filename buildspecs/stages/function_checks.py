"""Looks over the functions of a template that the build has made: whether Lambda would take and run them.

`penstock check` has seen neither the template nor the packages. What only the packaging decides is compared here.
"""

from __future__ import annotations

import json
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uploads

# https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html, and nodejs-handler.html: what may hold a handler.
_FILES = {
    "python": r"(/__init__)?\.(py|pyc|.*so)",
    "nodejs": r"(\.(js|mjs|cjs|node)|/index\.(js|mjs|cjs|node)|/package\.json)?",
}
# By runtime: when it was retired, and from when on Lambda refuses to create functions and to update them; what to use.
_RUNTIMES = Path(__file__).with_name("runtimes.json").read_text(encoding="utf-8")
LIFECYCLES: dict[str, list[str]] = json.loads(_RUNTIMES)["lifecycles"]
_KEYS = {"AWS::Lambda::Function": "Code", "AWS::Serverless::Function": "CodeUri"}


def of_template(data: dict[str, Any]) -> Iterator[str]:
    """Runtimes with which Lambda makes no function, and handlers whose file is not in the package."""
    shared = (data.get("Globals") or {}).get("Function") or {}
    for logical_id, resource in (data.get("Resources") or {}).items():
        kind = resource.get("Type") if isinstance(resource, dict) else None
        if kind in _KEYS:
            inherited = shared if kind == "AWS::Serverless::Function" else {}
            properties = {**inherited, **(resource.get("Properties") or {})}
            yield from _runtime(logical_id, properties.get("Runtime"))
            yield from _handler(logical_id, properties, properties.get(_KEYS[kind]))


def _runtime(logical_id: str, runtime: Any) -> Iterator[str]:
    """A runtime that nothing can be done with any more; while functions that are there may be updated, a warning."""
    if not isinstance(runtime, str) or runtime not in LIFECYCLES:
        return
    retired, no_new, no_updates, successor = LIFECYCLES[runtime]
    today = time.strftime("%Y-%m-%d", time.gmtime())
    message = (
        f"runtime {runtime} of {logical_id} was retired on {retired}: Lambda refuses to create functions with it from "
        f"{no_new} and to update them from {no_updates}{f'; use {successor}' if successor else ''}"
    )
    if today >= max(no_new, no_updates):
        yield message
    elif today >= retired:
        print(f"warning: {message}", flush=True)


def _handler(logical_id: str, properties: dict[str, Any], code: Any) -> Iterator[str]:
    """A file that the package lacks; a layer may bring what the package has not."""
    handler, runtime = properties.get("Handler"), properties.get("Runtime")
    language = re.match("python|nodejs", runtime) if isinstance(runtime, str) else None
    package = uploads.UPLOADED.get(_key(code))
    if not isinstance(handler, str) or "." not in handler or not language or not package or properties.get("Layers"):
        return
    stem = handler.rpartition(".")[0]
    module = stem.replace(".", "/") if language[0] == "python" else stem
    pattern = re.compile(re.escape(module.removeprefix("./")) + _FILES[language[0]])
    with zipfile.ZipFile(package) as archive:
        files = archive.namelist()
    if not any(pattern.fullmatch(file) for file in files):
        alike = sorted(file for file in files if file.startswith(f"{module}."))
        there = f"it has {', '.join(alike)}" if alike else f"it has {len(files)} other files"
        yield f"the package of {logical_id} has no file for its handler {handler}: {there}"


def _key(code: Any) -> str:
    """The key of the object that holds a function's code; empty for any other code."""
    if isinstance(code, dict):
        key = code.get("S3Key", code.get("Key"))
        return key if isinstance(key, str) else ""
    return code.partition("://")[2].partition("/")[2] if isinstance(code, str) else ""
