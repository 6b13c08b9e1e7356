"""Build methods of functions and layers that the build does not support.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-custom-runtimes.html
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.application.template import Template
from generator.document import Path, quote
from generator.errors import Problem
from generator.model.build import Build

# The first two are left to `sam build`; what it does for the others is done without it.
_CARRIED_OUT = ("esbuild", "makefile", "nodejs", "python")
_METHODS = "esbuild, makefile, nodejs<version> and python<version>"


def check_build_methods(template: Template, build: Build) -> Iterator[Problem]:
    """A build method that nothing supports, so that what is packaged is the source as it is in the repository."""
    if build.own:
        return
    resources = template.document.data.get("Resources") or {}
    for logical_id in template.resources:
        method = _method(resources[logical_id])
        if method and not method.startswith(_CARRIED_OUT):
            path: Path = ("Resources", logical_id, "Metadata", "BuildMethod")
            message = f"BuildMethod {quote(method)} of {logical_id} is not supported; the build knows {_METHODS}"
            hint = "call sam build in a buildspec of your own: build: {buildspec: buildspec.yml}"
            yield template.problem(path, message, hint)


def _method(resource: object) -> str:
    match resource:
        case {"Metadata": {"BuildMethod": str(method)}}:
            return method
        case _:
            return ""
