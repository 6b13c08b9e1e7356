"""What only `sam build` does and the build of Penstock does not: functions with a build method of their own.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-custom-runtimes.html
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.application.template import Template
from generator.document import Path, quote
from generator.errors import Problem
from generator.model.build import Build

# Their packages are installed, which is all that `sam build` would do for these.
_INSTALLED = ("nodejs", "python")


def check_build_methods(template: Template, build: Build) -> Iterator[Problem]:
    """A build method that nothing carries out, so that what is packaged is the source as it lies in the repository."""
    if build.own:
        return
    resources = template.document.data.get("Resources") or {}
    for logical_id in template.resources:
        method = _method(resources[logical_id])
        if method and not method.startswith(_INSTALLED):
            path: Path = ("Resources", logical_id, "Metadata", "BuildMethod")
            message = f"BuildMethod {quote(method)} of {logical_id} is not carried out: the build installs and packages"
            hint = "call sam build in a buildspec of your own: build: {buildspec: buildspec.yml}"
            yield template.problem(path, message, hint)


def _method(resource: object) -> str:
    match resource:
        case {"Metadata": {"BuildMethod": str(method)}}:
            return method
        case _:
            return ""
