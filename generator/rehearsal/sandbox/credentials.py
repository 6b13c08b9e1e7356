"""Where the user's keys to clouds and machines lie: files that no program of a rehearsal needs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.rehearsal.sandbox.landlock import hide
from generator.rehearsal.sandbox.seccomp import UnavailableError

_IN_HOME = (".aws", ".azure", ".config/gcloud", ".kube", ".oci", ".ssh")
_NAMED = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "GOOGLE_APPLICATION_CREDENTIALS", "KUBECONFIG")


def lying(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """The files and folders with keys that there are.

    https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
    """
    home = environ.get("HOME")
    in_home = [Path(home) / name for name in _IN_HOME] if home else []
    named = [Path(environ[name]) for name in _NAMED if environ.get(name)]
    return tuple(place for place in (*in_home, *named) if place.is_file() or place.is_dir())


def hidden(keys: Iterable[Path], *, hooks_only: bool = False) -> str:
    """Take keys out of reach of the calling thread and all it starts; which can be read all the same, and why."""
    below = {key for key in keys if _is_temporary(key)}
    try:
        if hooks_only:
            raise UnavailableError("the kernel was not asked to hide them")  # noqa: TRY301 - one way to tell of it
        hide(key for key in keys if key not in below)
    except UnavailableError as reason:
        return _readable(keys, str(reason))
    return _readable(below, "beside them lie temporary files, which must be read")


def _readable(keys: Iterable[Path], reason: str) -> str:
    named = ", ".join(map(str, sorted(keys)))
    return f"programs can read your keys in {named}: {reason}" if named else ""


def _is_temporary(place: Path) -> bool:
    """Whether new files are made beside it, which nobody could read then."""
    temporary = {Path(folder).resolve() for folder in ("/tmp", "/var/tmp", tempfile.gettempdir())}  # noqa: S108 - never written to
    return not temporary.isdisjoint(place.resolve().parents)
