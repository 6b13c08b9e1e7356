"""Measures `penstock generate` and `penstock check` against the floor and against peers, all in the same run.

`python -m benchmarks.generate [--runs N] [--programs FOLDER] [--without-peers]`, in a checkout with the extra `dev`
installed; Node and npm for CDK. Peers are installed at fixed versions into FOLDER, which is kept for the next time.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from benchmarks import contenders, services
from benchmarks.contenders import Contender
from benchmarks.parts import medians, ratio

GROWTH = (1, 10, 50, 300)
SERVICES = (1, 10, 30)
_MEBIBYTE = 1024  # what the kernel tells is in KiB


@dataclass(frozen=True, slots=True)
class Cost:
    """One process from start to end: seconds on the wall, and the most memory it held, in MiB."""

    seconds: float
    memory: float


def main(arguments: list[str]) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(description="Measure generate and check.")
    parser.add_argument("--runs", type=int, default=15, help="how often, for the medians (default: 15)")
    parser.add_argument("--programs", type=Path, default=Path.home() / ".cache" / "penstock-benchmarks")
    parser.add_argument("--without-peers", action="store_true", help="only Penstock, the floor and cfn-lint")
    result = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        field = _field(folder / "field", None if result.without_peers else result.programs)
        _print("generate", against(measured(field, result.runs), "floor, YAML"))
        growing = [_growing(folder / "field" / "starter", stages) for stages in GROWTH]
        _print("stages", against(measured(growing, result.runs), growing[0].name))
        several = [_several(folder / f"services-{count}", count) for count in SERVICES]
        _print("services", against(measured(several, result.runs), several[0].name))
        checking = _checking(folder / "checking")
        _print("check", against(measured(checking, max(1, result.runs // 3)), checking[0].name))
        _print_steps(steps(folder / "field" / "starter", max(1, result.runs // 3)))
    return 0


def measured(field: Sequence[Contender], runs: int) -> dict[str, list[Cost]]:
    """What each contender costs, `runs` times; they take turns, so that all see the same machine."""
    for contender in field:
        _run(contender)  # what is made once per machine, bytecode above all, is made now
    costs: dict[str, list[Cost]] = {contender.name: [] for contender in field}
    for _ in range(runs):
        for contender in field:
            costs[contender.name].append(_run(contender))
    return costs


def against(costs: Mapping[str, Sequence[Cost]], floor: str) -> dict[str, tuple[float, float, float]]:
    """Of each contender the median seconds, how often the floor beside it goes into them, and the median MiB."""
    floors = [cost.seconds for cost in costs[floor]]
    return {
        name: (
            median(cost.seconds for cost in all_of),
            ratio([cost.seconds for cost in all_of], floors),
            median(cost.memory for cost in all_of),
        )
        for name, all_of in costs.items()
    }


def steps(starter: Path, runs: int) -> Mapping[str, float]:
    """What generate and check spend the processor's seconds on, step by step: the medians of so many processes."""
    command = [sys.executable, "-m", "benchmarks.stretches", str(starter)]
    environment = contenders.environment(Contender("steps", command, starter)) | {"PYTHONPATH": str(contenders.ROOT)}
    several = [
        subprocess.run(command, cwd=starter, env=environment, capture_output=True, check=True).stdout
        for _ in range(runs + 1)
    ]
    # The first run makes what is made once per machine.
    return medians([json.loads(each) for each in several[1:]])


def _field(folder: Path, programs: Path | None) -> list[Contender]:
    ours = contenders.starter(folder / "starter")
    exact = contenders.starter(folder / "exact", "deploy_role: exact")
    field = [
        *contenders.floors(ours),
        contenders.penstock(ours, "generate"),
        contenders.penstock(ours, "generate", "--format", "json"),
        contenders.penstock(exact, "generate", name="penstock generate, deploy_role: exact"),
    ]
    if programs:
        template = subprocess.run(field[2].command, cwd=ours, capture_output=True, text=True, check=True).stdout
        field += [
            contenders.chalice(programs, folder / "chalice"),
            contenders.sam(programs, folder / "sam", template),
            *contenders.cdk(programs, folder / "cdk"),
        ]
    return field


def _growing(starter: Path, stages: int) -> Contender:
    command = [sys.executable, "-m", "benchmarks.growth", str(starter), str(stages)]
    return Contender(f"{stages} stages", command, contenders.ROOT)


def _several(folder: Path, count: int) -> Contender:
    return contenders.penstock(services.write(folder, count), "generate", name=f"{count} services")


def _checking(folder: Path) -> list[Contender]:
    starter = contenders.starter(folder)
    subprocess.run(contenders.penstock(starter, "generate", "-o", "made.yaml").command, cwd=starter, check=True)
    linter = contenders.linter(starter, "made.yaml", "app-sam.yaml", "test-sam.yaml")
    check = contenders.penstock(starter, "check")
    # No folder can be made there, so that nothing is remembered.
    asking = replace(check, name="penstock check, for the first time", environment={"XDG_CACHE_HOME": "/dev/null"})
    return [linter, asking, replace(check, name="penstock check, once more")]


def _run(contender: Contender) -> Cost:
    began = time.perf_counter()
    process = subprocess.Popen(
        contender.command,
        cwd=contender.folder,
        env=contenders.environment(contender),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stderr is not None
    process.stdin.write(contender.stdin.encode())
    process.stdin.close()
    complaint = process.stderr.read().decode(errors="replace")
    process.stderr.close()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in contender.codes:
        raise ValueError(f"{contender.name} ended with {process.returncode}:\n{complaint}")
    return Cost(seconds, used.ru_maxrss / _MEBIBYTE)


def _print(title: str, figures: Mapping[str, tuple[float, float, float]]) -> None:
    width = max(map(len, [title, *figures]))
    first = next(iter(figures))
    print(f"\n{title:{width}}  seconds  times {first!r}  MiB")
    for name, (seconds, times, memory) in figures.items():
        print(f"{name:{width}} {seconds:8.3f} {times:8.2f} {memory:8.0f}")


def _print_steps(seconds: Mapping[str, float]) -> None:
    width = max(map(len, seconds))
    print(f"\n{'step':{width}}  seconds of the processor")
    for name, figure in seconds.items():
        print(f"{name:{width}} {figure:8.3f}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
