"""Measures what one emulator carries: many pipelines, many pushes, executions at once, a large artifact, a long log.

`python -m benchmarks.load [--runs N] [--share S] [--soak MINUTES]`, in a checkout with the extras `rehearse` and `dev`
installed. Afterwards it goes on pushing for five minutes, or as long as is asked, to see whether anything grows.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import median

from benchmarks.family import Watch, sizes
from benchmarks.yard import BUCKET, PROJECT, Yard, count, refuse_unless, stored
from generator.rehearsal.driver import logs
from generator.rehearsal.emulator.handle import Emulator

_BLOCK = 2**20
EMULATOR = "the emulator"
MOST_MEMORY = 600
"""MiB that the emulator may hold, whatever it is given to do."""
_LAP = 20  # pushes
_POLL, _PATIENCE = 0.1, 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything; an artifact's in MiB."""

    pipelines: int = 100
    pushes: int = 1000
    at_once: int = 20
    artifact: int = 1024
    lines: int = 10_000

    def part(self, share: float) -> Sizes:
        """A share of everything, at least two of each."""
        return Sizes(*(max(2, round(size * share)) for size in astuple(Sizes())))


def main(arguments: list[str]) -> int:
    """Measure and print; returns the exit code. Raises LostError when something was lost or stayed behind."""
    parser = argparse.ArgumentParser(description="Measure what one emulator carries.")
    parser.add_argument("--runs", type=int, default=1, help="how often, for the medians (default: 1)")
    parser.add_argument("--share", type=float, default=1.0, help="of the whole load (default: 1)")
    parser.add_argument("--soak", type=float, default=5.0, help="minutes to go on for afterwards (default: 5)")
    asked = parser.parse_args(arguments)
    runs = [measured(Sizes().part(asked.share), asked.soak) for _ in range(max(1, asked.runs))]
    width = max(map(len, runs[0]))
    for name in runs[0]:
        print(f"{name:{width}} {median(run[name] for run in runs):10.2f}")
    return 0


def measured(sizes: Sizes, minutes: float) -> dict[str, float]:
    """Every figure of one emulator's life, by name; after the load it goes on for so many minutes."""
    with tempfile.TemporaryDirectory() as folder, Watch(_kind) as watch:
        with Emulator({**os.environ, "TMPDIR": folder}) as emulator:
            yard = Yard(emulator, Path(folder))
            yard.project(PROJECT, ["cat text"])
            figures: dict[str, float] = {}
            alone = _timed(lambda: pipelines(yard, "alone", 1))
            before = standing(emulator)
            figures |= _against(f"{sizes.pipelines} pipelines", lambda: pipelines(yard, "many", sizes.pipelines), alone)
            figures |= _against(f"{sizes.pushes} pushes", lambda: pushes(yard, "many", sizes), alone)
            figures |= _against(f"{sizes.at_once} executions at once", lambda: at_once(yard, sizes.at_once), alone)
            figures |= _against(f"{sizes.artifact} MiB artifact", lambda: artifact(yard, sizes.artifact), alone)
            figures |= _against(f"{sizes.lines} lines of a log", lambda: log(yard, sizes.lines), alone)
            after = settled(emulator, before)
            refuse_left(before, after)
            figures |= soak(yard, minutes)
            refuse_left(before, settled(emulator, before))
            figures["open files more than before"] = after["open files"] - before["open files"]
        refuse_unless(not emulator.settings.folder.exists(), f"{emulator.settings.folder} was left")
    refuse_unless(watch.memory.held[EMULATOR] < MOST_MEMORY, f"memory of the emulator: {watch.memory.held}")
    kinds = {f"memory of {kind}, MiB": held for kind, held in watch.memory.held.items()}
    return {"one pipeline alone, s": alone, **figures, "memory at its peak, MiB": watch.memory.peak, **kinds}


def pipelines(yard: Yard, name: str, number: int) -> None:
    """So many pipelines, a push to each; every one gets through."""
    names = [f"{name}-{number}" for number in range(number)]
    commit = yard.commit(name)
    for item_name in names:
        yard.pipeline(item_name, yard.connected(f"load/{item_name}"))
    started = {name: yard.emulator.push_connected(f"load/{name}", commit).executions for name in names}
    for item_name, executions in started.items():
        statuses = yard.ends(item_name)
        refuse_unless(len(executions) == 1, f"a push to {item_name} started {executions}")
        refuse_unless(statuses[executions[0]] == "Succeeded", f"{item_name} ended as {statuses}: {yard.why(item_name)}")


def pushes(yard: Yard, name: str, sizes: Sizes) -> None:
    """So many pushes spread over the pipelines there are; each is an execution that succeeds or is superseded."""
    commits = [yard.commit(f"{name}-{number}") for number in range(sizes.pushes)]
    started: dict[str, list[str]] = {}
    for number, commit in enumerate(commits):
        text = f"{name}-{number % sizes.pipelines}"
        # Each commit begins a history of its own, so the branch is moved and not continued.
        started.setdefault(text, []).extend(yard.emulator.push_connected(f"load/{text}", commit).executions)
    total = sum(map(len, started.values()))
    refuse_unless(total == sizes.pushes, f"{sizes.pushes} pushes started {total} executions")
    for text, executions in started.items():
        statuses = yard.ends(text)
        ended = [statuses[execution] for execution in executions]
        refuse_unless(count(ended, "Succeeded", "Superseded") == len(ended), f"{text}: {ended}: {yard.why(text)}")
        refuse_unless(ended[-1] == "Succeeded", f"the last push to {text} ended as {ended[-1]}")


def at_once(yard: Yard, number: int) -> None:
    """So many executions of one pipeline side by side; all get through."""
    yard.pipeline("parallel", yard.connected("load/parallel"), mode="PARALLEL")
    yard.emulator.push_connected("load/parallel", yard.commit("parallel"))
    codepipeline = yard.emulator.client("codepipeline")
    started = [codepipeline.start_pipeline_execution(name="parallel")["pipelineExecutionId"] for _ in range(number - 1)]
    statuses = yard.ends("parallel")
    refuse_unless(
        all(statuses[execution] == "Succeeded" for execution in started)
        and count(statuses.values(), "Succeeded") == number,
        f"of {number} executions at once: {sorted(statuses.values())}",
    )


def artifact(yard: Yard, mebibytes: int) -> None:
    """A file of so many MiB through source, build and artifact bucket; it comes out as it went in."""
    with tempfile.TemporaryDirectory() as folder:
        file, expected = _large(Path(folder), mebibytes)
        s3 = yard.emulator.client("s3")
        with file.open("rb") as body:
            s3.put_object(Bucket=BUCKET, Key="large.zip", Body=body)
        yard.project("load-large", ["sha256sum large"], ["large"])
        source = stored(BUCKET, "large.zip")
        yard.pipeline("large", source, project="load-large")
        refuse_unless(set(yard.ends("large").values()) == {"Succeeded"}, f"the large artifact: {yard.ends('large')}")
        listed = s3.list_objects_v2(Bucket=BUCKET, Prefix="large/Build/")["Contents"]
        with (Path(folder) / "out.zip").open("wb") as target:
            for chunk in s3.get_object(Bucket=BUCKET, Key=listed[0]["Key"])["Body"].iter_chunks(_BLOCK):
                target.write(chunk)
        with zipfile.ZipFile(Path(folder) / "out.zip").open("large") as member:
            digest = hashlib.file_digest(member, "sha256").hexdigest()  # type: ignore[arg-type]  # a zip's member reads as a file does
        refuse_unless(digest == expected, "the artifact came out another than it went in")


def log(yard: Yard, lines: int) -> None:
    """A build that writes so many lines; all of them are in CloudWatch Logs, in order."""
    yard.project("load-log", [f"seq -f 'line %.0f' 1 {lines}"])
    yard.pipeline("log", yard.connected("load/log"), project="load-log")
    yard.emulator.push_connected("load/log", yard.commit("log"))
    refuse_unless(count(yard.ends("log").values(), "Succeeded") == 1, f"the long log: {yard.ends('log')}")
    text_lines = [
        line for line in logs.build(yard.emulator, yard.builds("load-log")[0]["id"]) if line.startswith("line ")
    ]
    refuse_unless(
        text_lines == [f"line {number}" for number in range(1, lines + 1)], f"{len(text_lines)} of {lines} lines"
    )


def soak(yard: Yard, minutes: float) -> dict[str, float]:
    """Go on pushing for so many minutes; what is held is looked at after the first lap and after the last."""
    names = [f"soak-{number}" for number in range(_LAP // 2)]
    pipelines(yard, "soak", len(names))
    commits = [yard.commit(f"soak-{turn}") for turn in ("one", "other")]
    until, made = time.monotonic() + 60 * minutes, 0
    begun: dict[str, float] = {}
    while not made or time.monotonic() < until:
        for number in range(_LAP):
            yard.emulator.push_connected(f"load/{names[number % len(names)]}", commits[made % 2])
            made += number % len(names) == len(names) - 1
        for name in names:
            # The first began with the pipeline, before there was anything to take.
            refuse_unless(count(yard.ends(name).values(), "Failed") == 1, f"{name}: {yard.why(name)}")
        begun = begun or _held(yard.emulator)
    ended = _held(yard.emulator)
    grown = {f"{name} in the soak": ended[name] - begun[name] for name in begun}
    return {"pushes of the soak": made * len(names), **{f"more {name}": figure for name, figure in grown.items()}}


def _held(emulator: Emulator) -> dict[str, float]:
    memory = sum(size for command, size in sizes(os.getpid()) if _kind(command) == EMULATOR)
    return {"memory of the emulator, MiB": memory / _BLOCK, "open files": standing(emulator)["open files"]}


def _large(folder: Path, mebibytes: int) -> tuple[Path, str]:
    """A zip with a file that does not compress, and the file's hash."""
    digest, numbers = hashlib.sha256(), random.Random(1)  # noqa: S311 - only to be hard to compress
    with zipfile.ZipFile(folder / "in.zip", "w", zipfile.ZIP_STORED) as archive, archive.open("large", "w") as member:
        for _ in range(mebibytes):
            block = numbers.randbytes(_BLOCK)
            digest.update(block)
            member.write(block)
    return folder / "in.zip", digest.hexdigest()


def standing(emulator: Emulator) -> dict[str, int]:
    """What an emulator holds just now: processes, and of all of them threads and open files; folders of work."""
    counts = {"processes": 0, "threads": 0, "open files": 0}
    for pid in emulator.processes():
        process = Path("/proc", str(pid))
        # It may end while it is looked at.
        with suppress(FileNotFoundError, ProcessLookupError):
            threads, files = (len(list((process / kind).iterdir())) for kind in ("task", "fd"))
            counts["processes"] += 1
            counts["threads"] += threads
            counts["open files"] += files
    services = emulator.settings.folder / "services"
    counts["folders of actions"] = len(list(services.glob("codepipeline/action-*")))
    return counts


def settled(emulator: Emulator, before: Mapping[str, int]) -> dict[str, int]:
    """What it holds once nothing is left over; what is still there after a minute stays.

    An execution has ended before the folder of its last action is removed, and the last program of a build reaped.
    """
    deadline = time.monotonic() + _PATIENCE
    while left(before, after := standing(emulator)) and time.monotonic() < deadline:
        time.sleep(_POLL)
    return after


def refuse_left(before: Mapping[str, int], after: Mapping[str, int]) -> None:
    """Raise LostError for what was left."""
    over = left(before, after)
    refuse_unless(not over, f"left behind: {over}")


def left(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """What grew with the work; threads of pools may stay, and both ends of services' connections.

    Two services keep the clients of their 48 latest sessions.
    """
    allowed = {"processes": 0, "threads": 40, "open files": 300, "folders of actions": 0}
    return {name: after[name] - before[name] for name in allowed if after[name] - before[name] > allowed[name]}


def _timed(work: Callable[[], None]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def _against(name: str, work: Callable[[], None], alone: float) -> dict[str, float]:
    seconds = _timed(work)
    print(f"{name}: {seconds:.1f} s", file=sys.stderr)
    return {f"{name}, s": seconds, f"{name}, times one pipeline": seconds / alone}


def _kind(command: str) -> str:
    """The part a process belongs to, by its command line."""
    return EMULATOR if "generator.rehearsal.emulator.process" in command else "builds and git"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
