"""Loads a service of ministack when something of it is used: its CloudFormation imports all of them at the start."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

_PACKAGE = "ministack.services."
# What Python itself asks a module that is imported once more.
_ASKED_BY_IMPORTS = frozenset({"__class__", "__name__", "__path__", "__spec__"})


def defer() -> None:
    """Do so from now on; what is loaded already stays."""
    sys.meta_path.insert(0, _Services())


class _Services(MetaPathFinder):
    def find_spec(self, fullname: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        """A service's module as Python finds it, with a loader that waits; None for anything else."""
        if not fullname.startswith(_PACKAGE) or "." in fullname.removeprefix(_PACKAGE):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.loader is None or spec.submodule_search_locations is not None:
            return spec
        spec.loader = _Waiting(spec.loader)
        return spec


class _Waiting(Loader):
    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """The module that Python itself would make."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Leave it empty until somebody looks into it."""
        assert module.__spec__ is not None  # noqa: S101 - it was found
        module.__spec__.loader = module.__loader__ = self._loader
        _empty[module.__name__] = self._loader
        module.__class__ = _Deferred


class _Deferred(ModuleType):
    def __getattribute__(self, name: str) -> Any:
        if name not in _ASKED_BY_IMPORTS:
            # Of several threads the first one loads it, and the others wait until it is whole.
            with _loading:
                loader = _empty.pop(self.__name__, None)
                if loader is not None:
                    loader.exec_module(self)
                    ModuleType.__setattr__(self, "__class__", ModuleType)
        return ModuleType.__getattribute__(self, name)


_empty: dict[str, Loader] = {}
_loading = threading.RLock()
