"""Model to CloudFormation: each file makes the resources of one subject, `template` puts them together."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


def _defer(name: str) -> None:
    """Let an `import` of this module find one that loads it when somebody uses it first.

    importlib's own LazyLoader does not do it: up to Python 3.11 the next `import` statement loads the module.
    """

    def load(attribute: str) -> Any:
        if sys.modules.get(name) is deferred:
            del sys.modules[name]
        return getattr(import_module(name), attribute)

    deferred = ModuleType(name)
    deferred.__getattr__ = load  # type: ignore[method-assign]  # a module's own, as PEP 562 has it
    sys.modules.setdefault(name, deferred)


# troposphere imports it to write YAML, which is done here otherwise, and it takes a fourth of troposphere's time.
_defer("cfn_flip")
