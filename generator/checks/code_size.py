"""How large a function's code is before the build adds packages: Lambda unpacks 250 MB of it and its layers at most.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from generator.application.template import FUNCTIONS, Code, Resource, Template
from generator.application.values import names_in
from generator.aws_rules import limits
from generator.errors import Problem
from generator.repository.files import Repository

# The build adds the packages, which are not here: what is this large already is reported.
_NEAR = 0.8
_LAYERS = frozenset({"AWS::Lambda::LayerVersion", "AWS::Serverless::LayerVersion"})


def check_code_size(template: Template, repository: Repository) -> Iterator[Problem]:
    """A function whose folder, with those of its layers of this template, is near or above Lambda's limit.

    Always a warning: what git ignores is measured here, and is not in the commit that is built.
    """
    sizes: dict[str, int] = {}
    by_resource = {code.path[1]: code for code in template.code if code.is_local and code.path[0] == "Resources"}
    for function in (resource for resource in template.resources.values() if resource.type in FUNCTIONS):
        parts = [
            code for name in (function.logical_id, *_layers(function, template)) if (code := by_resource.get(name))
        ]
        size = sum(_measured(code, template, repository, sizes) for code in parts)
        if size > limits.FUNCTION_UNZIPPED_BYTES * _NEAR and parts:
            yield _large(template, function.logical_id, parts[0], size)


def _large(template: Template, name: str, code: Code, size: int) -> Problem:
    limit = f"Lambda takes {limits.FUNCTION_UNZIPPED_BYTES:,} unzipped, with packages and layers"
    message = f"the code of {name} has {size:,} bytes, and the build adds packages to it; {limit}"
    hint = "leave out what it does not need; what git ignores is not in the commit, and does not count"
    return template.problem(code.path, message, hint, level="warning")


def _layers(function: Resource, template: Template) -> Iterator[str]:
    stated: Any = function.properties.get("Layers")
    for name in dict.fromkeys(names_in(stated if isinstance(stated, list) else [])):
        if name in template.resources and template.resources[name].type in _LAYERS:
            yield name


def _measured(code: Code, template: Template, repository: Repository, sizes: dict[str, int]) -> int:
    path = posixpath.normpath(posixpath.join(posixpath.dirname(template.path), code.location))
    if path not in sizes:
        sizes[path] = repository.size(path)
    return sizes[path]
