"""Where the user's cache is."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from generator.repository.cache.folder import cache_folder

OWN_HOME = pwd.getpwuid(os.getuid()).pw_dir


@pytest.mark.parametrize(
    ("variables", "platform", "expected"),
    [
        ({"HOME": "/home/me"}, "linux", "/home/me/.cache/penstock"),
        ({"HOME": "/Users/me"}, "darwin", "/Users/me/Library/Caches/penstock"),
        ({"HOME": "/home/me", "XDG_CACHE_HOME": "/fast"}, "linux", "/fast/penstock"),
        ({"HOME": "/home/me", "XDG_CACHE_HOME": "fast"}, "linux", "/home/me/.cache/penstock"),
        ({"HOME": "me"}, "linux", f"{OWN_HOME}/.cache/penstock"),
        ({}, "linux", f"{OWN_HOME}/.cache/penstock"),
    ],
)
def test_the_cache_lies_where_the_platform_has_caches(variables: dict[str, str], platform: str, expected: str) -> None:
    assert cache_folder(variables, platform) == Path(expected)
