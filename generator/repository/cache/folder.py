"""Where the user's cache is."""

from __future__ import annotations

import os
import pwd
import sys
from collections.abc import Mapping
from pathlib import Path


def cache_folder(variables: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Penstock's folder in the cache of the user whose variables these are.

    Without HOME it is in the home that the system knows, never in a folder that others could have filled before; a
    relative path counts as none, as https://specifications.freedesktop.org/basedir-spec/latest/ asks.
    """
    home, caches = (Path(variables.get(name, "")) for name in ("HOME", "XDG_CACHE_HOME"))
    if not home.is_absolute():
        home = Path(pwd.getpwuid(os.getuid()).pw_dir)
    if caches.is_absolute():
        return caches / "penstock"
    if platform == "darwin":
        return home / "Library" / "Caches" / "penstock"
    return home / ".cache" / "penstock"
