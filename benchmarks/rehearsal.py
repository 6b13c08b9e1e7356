"""Measures `penstock rehearse` on the Python starter: time, memory, and which part takes what.

`python -m benchmarks.rehearsal [--runs N | --once]`, in a checkout with the extras `rehearse` and `dev` installed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from benchmarks import floor, parts
from benchmarks.family import Memory, Run, Watch, run
from generator.rehearsal.emulator.kept_emulators import kept
from generator.rehearsal.service import connect

ROOT = Path(__file__).parents[1]
STARTER = ROOT / "blueprints" / "time-service-python"
CORES = 2
_GIT = ("git", "-c", "user.name=Benchmark", "-c", "user.email=benchmark@localhost")


def main(arguments: list[str]) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(description="Measure the rehearsal of the Python starter.")
    parser.add_argument("--runs", type=int, default=5, help="how often, for the medians (default: 5)")
    parser.add_argument("--once", action="store_true", help="take all figures from one cold, watched run: rough ones")
    chosen = parser.parse_args(arguments)
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        repository = committed(Path(folder) / "repository")
        if not chosen.once:
            rehearse(repository)  # what is made once per machine is made now
        watched, memory, phases = looked_into(repository)
        rehearsals, floors = (
            ([watched], [floor.measure(repository, tests=True)]) if chosen.once else measured(repository, chosen.runs)
        )
    _print_totals(rehearsals, floors)
    print_figures("memory at its peak, MiB", {"all": memory.peak, **memory.held}, digits=0)
    print_figures("part, s", parts.medians([parts.parts(rehearsal) for rehearsal in rehearsals]))
    print_figures("phase of the build, s", phases)
    return 0


def measured(repository: Path, runs: int) -> tuple[list[Run], list[floor.Floor]]:
    """Rehearsals, and the floor after each of them."""
    pairs = [(rehearse(repository), floor.measure(repository, tests=True)) for _ in range(max(1, runs))]
    return [run for run, _ in pairs], [beside for _, beside in pairs]


def committed(folder: Path, source: Path = STARTER) -> Path:
    """A repository whose first commit is the starter, or another folder."""
    shutil.copytree(source, folder)
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "The starter as it is"]):
        subprocess.run([*_GIT, *arguments], cwd=folder, check=True)
    return folder


def rehearse(repository: Path, *more: str) -> Run:
    """One rehearsal, approved, from commit to prod. Raises ValueError when it does not get there."""
    command = [sys.executable, "-m", "generator.cli", "rehearse", "--approve", "yes", "--output", "json", *more]
    done = run(command, repository, {**os.environ, "PYTHONPATH": str(ROOT)})
    parts.parts(done)
    return done


def looked_into(repository: Path) -> tuple[Run, Memory, Mapping[str, float]]:
    """A rehearsal, its memory and the phases of its build; looking takes time, so its times count only for `--once`."""
    with Watch(_kind) as watch:
        done = rehearse(repository, "--keep")
    folder = json.loads(done.lines[-1].text)["kept"]["folder"]
    (emulator,) = [emulator for emulator in kept(os.environ) if str(emulator.folder) == folder]
    try:
        codebuild = connect("codebuild", emulator.doors.endpoint, emulator.doors.secrets.root, emulator.region)
        builds = codebuild.batch_get_builds(ids=codebuild.list_builds()["ids"])["builds"]
        return done, watch.memory, parts.phases(builds[0])
    finally:
        emulator.stop()


def _kind(command: str) -> str:
    """The part of the rehearsal a process belongs to, by its command line."""
    for mark, kind in (
        ("generator.cli", "the command itself"),
        ("generator.rehearsal.emulator.process", "emulator"),
        ("functions/bootstrap/", "Lambda functions"),
    ):
        if mark in command:
            return kind
    return "build and git"


def machine() -> str:
    """The machine in a line: processor, cores used, memory, system, Python."""
    lines = Path("/proc/cpuinfo").read_text(errors="replace").splitlines()
    model = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine()
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    python = platform.python_version()
    return f"{model}, {cores} cores, {memory:.0f} GiB, {platform.system()}, Python {python}"


def _print_totals(rehearsals: list[Run], floors: list[floor.Floor]) -> None:
    walls = [rehearsal.wall for rehearsal in rehearsals]
    builds = [run.build for run in floors]
    print_figures(
        f"median of {len(rehearsals)}, s",
        {
            "whole command": median(walls),
            "slowest": max(walls),
            "of the processors": median(rehearsal.cpu for rehearsal in rehearsals),
            "the build's bare commands": median(builds),
            "emulator's first answer": median(run.first_answer for run in floors),
            "emulator's end": median(run.stop for run in floors),
        },
    )
    print(f"\nthe whole command takes {parts.ratio(walls, builds):.1f} times the build's bare commands")


def print_figures(title: str, figures: Mapping[str, float], digits: int = 2) -> None:
    """Print figures below each other, each with its name."""
    width = max(map(len, [title, *figures]))
    print(f"\n{title:{width}}")
    for name, figure in figures.items():
        print(f"{name:{width}} {figure:8.{digits}f}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
