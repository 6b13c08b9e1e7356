"""Where the user's cache is."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

import generator
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


def test_a_process_without_home_uses_the_folder_of_its_user_and_none_that_others_know() -> None:
    asked = "import os; from generator.repository.cache.folder import cache_folder; print(cache_folder(os.environ))"
    variables = {"PYTHONPATH": str(Path(generator.__file__).parent.parent)}
    ran = subprocess.run(
        [sys.executable, "-c", asked], env=variables, cwd="/", capture_output=True, text=True, check=True
    )
    assert Path(ran.stdout.strip()).is_relative_to(OWN_HOME)
