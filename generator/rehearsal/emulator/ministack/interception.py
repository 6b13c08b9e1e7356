"""How a function of ministack's is intercepted: ours takes its place once, and layers are added to ours."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


class Layers:
    """A call and the layers around it; the layer that was added last is asked first."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call the outermost layer."""
        return self._call(*arguments, **named)

    def around(self, layer: Callable[..., Any]) -> None:
        """Have `layer(inner, *arguments)` answer from now on; `inner` is what answered until now."""
        self._call = functools.partial(layer, self._call)


class Intercepted:
    """One function under all dotted names that ministack calls it by, in its place until a layer is added."""

    def __init__(self, *names: str) -> None:
        self._names = names
        self._layers: Layers | None = None

    def around(self, layer: Callable[..., Any]) -> None:
        """See `Layers`; the innermost call is ministack's own function."""
        if self._layers is None:
            self._layers = self._installed()
        self._layers.around(layer)

    def _installed(self) -> Layers:
        module, _, name = self._names[0].rpartition(".")
        original = getattr(import_module(module), name)
        layers = Layers(original)

        @functools.wraps(original)
        def call(*arguments: Any, **named: Any) -> Any:
            return layers(*arguments, **named)

        replace(call, *self._names)
        return layers


def replace(value: Any, *names: str) -> None:
    """Put a value in the place of what has these dotted names."""
    for name in names:
        module, _, attribute = name.rpartition(".")
        setattr(import_module(module), attribute, value)


def rewritten(function: Callable[..., Any], changes: Mapping[str, str], **names: Any) -> Callable[..., Any]:
    """A function with some of its expressions replaced, for what no call can be intercepted in.

    `names` are what the new expressions use; everything else is the function's own module's. Raises ValueError when an
    expression does not stand there exactly once. The release of ministack is pinned by the hash of its files.
    """
    source = inspect.getsource(inspect.unwrap(function))
    for old, new in changes.items():
        if source.count(old) != 1:
            raise ValueError(f"{function.__name__} has {old} {source.count(old)} times")
        source = source.replace(old, new)
    module = import_module(function.__module__)
    for name, value in names.items():
        setattr(module, name, value)
    own: dict[str, Any] = {}
    exec(compile(source, f"<rewritten {function.__name__}>", "exec"), vars(module), own)  # noqa: S102 - see above
    changed: Callable[..., Any] = own[function.__name__]
    return changed
