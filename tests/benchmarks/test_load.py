"""The load benchmark runs in small: nothing is lost or left, and every figure is printed. No figure is judged."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.load import Sizes, refuse_left
from benchmarks.yard import LostError, refuse_unless

ROOT = Path(__file__).parents[2]
FIGURES = ("2 pipelines", "5 pushes", "2 executions at once", "5 MiB artifact", "50 lines of a log")


def test_a_share_of_the_load_has_at_least_two_of_each() -> None:
    assert Sizes().part(0.005) == Sizes(2, 5, 2, 5, 50)
    assert Sizes().part(1) == Sizes()


def test_what_grew_is_named() -> None:
    before = {"processes": 2, "threads": 20, "open files": 60, "folders of actions": 0}
    refuse_left(before, before)
    with pytest.raises(LostError, match=r"left behind: \{'folders of actions': 1\}"):
        refuse_left(before, {**before, "folders of actions": 1})


def test_what_does_not_hold_is_said() -> None:
    refuse_unless(True, "nothing")
    with pytest.raises(LostError, match="199 of 200"):
        refuse_unless(False, "199 of 200")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory and open files are read where only Linux tells them")
def test_a_small_load_loses_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", "--share", "0.005", "--soak", "0"],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    texts = {name.strip() for name in re.findall(r"^(.+?) +-?\d+\.\d\d$", done.stdout, re.MULTILINE)}
    assert {f"{name}, {figure}" for name in FIGURES for figure in ("s", "times one pipeline")} <= texts
    assert {"pushes of the soak", "more open files in the soak"} <= texts
    assert {"one pipeline alone, s", "memory at its peak, MiB", "memory of the emulator, MiB"} <= texts
    assert list(tmp_path.iterdir()) == []
