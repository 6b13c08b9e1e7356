"""Measures `penstock rehearse` on a project of several small SAM services.

`python -m benchmarks.services [--services N] [--runs N]`, in a checkout with the extras `rehearse` and `dev` installed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks import floor, parts
from benchmarks.family import Run
from benchmarks.rehearsal import CORES, committed, machine, print_figures, rehearse

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: src, Handler: answer.handler, Runtime: python3.13, FunctionUrlConfig: {AuthType: NONE}}
Outputs:
  Url: {Value: !GetAtt FunctionUrl.FunctionUrl}
"""
_CODE = """\
def handler(event, context):
    return {"statusCode": 200, "body": "service %d"}
"""
_TESTS = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  TestFunction:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: checks, Handler: checks.handler, Runtime: python3.13, Timeout: 60}
Outputs:
  TestFunction: {Value: !Ref TestFunction}
"""
_CHECKS = """\
import urllib.request


def handler(event, context):
    urls = [url for name, url in event["outputs"].items() if name.endswith(".Url")]
    for url in urls:
        with urllib.request.urlopen(url, timeout=50) as answer:
            assert answer.read().startswith(b"service ")
    return {"passed": len(urls), "failed": 0, "summary": f"{len(urls)} answer"}
"""


def main(arguments: list[str]) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(description="Measure the rehearsal of several services.")
    parser.add_argument("--services", type=int, default=10, help="how many (default: 10)")
    parser.add_argument("--runs", type=int, default=3, help="how often, for the medians (default: 3)")
    chosen = parser.parse_args(arguments)
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        repository = committed(Path(folder) / "repository", write(Path(folder) / "services", chosen.services))
        templates = _bare(chosen.services)
        pairs = [(rehearse(repository), floor.measure(repository, templates)) for _ in range(max(1, chosen.runs))]
    _print([run for run, _ in pairs], [beside.build for _, beside in pairs])
    return 0


def write(folder: Path, count: int) -> Path:
    """A project of so many services: a function with a URL each, and a function that calls them all."""
    services = "".join(f"  s{number}: {{path: s{number}}}\n" for number in range(count))
    head = "service: several\nsource: {codecommit: {repository: several}}\nstages: [beta, {prod: {approval: false}}]\n"
    files = {
        "pipeline.yaml": f"{head}services:\n{services}",
        "test-sam.yaml": _TESTS,
        "checks/checks.py": _CHECKS,
        **{f"s{number}/template.yaml": _TEMPLATE for number in range(count)},
        **{f"s{number}/src/answer.py": _CODE % number for number in range(count)},
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def _bare(count: int) -> list[floor.Template]:
    """The folder, template and output of each `aws cloudformation package` that no build can do without."""
    services = [(f"s{number}", "template.yaml", "packaged.yaml") for number in range(count)]
    return [*services, (".", "test-sam.yaml", "packaged.yaml")]


def _print(rehearsals: Sequence[Run], floors: Sequence[float]) -> None:
    walls = [rehearsal.wall for rehearsal in rehearsals]
    totals = {
        "whole command": median(walls),
        "slowest": max(walls),
        "of the processors": median(rehearsal.cpu for rehearsal in rehearsals),
        "aws cloudformation package of each": median(floors),
    }
    print_figures(f"median of {len(rehearsals)}, s", totals)
    print(f"\nthe whole command takes {parts.ratio(walls, floors):.1f} times aws cloudformation package of each")
    print_figures("part, s", parts.medians([_of_stages(parts.parts(rehearsal)) for rehearsal in rehearsals]))


def _of_stages(seconds: Mapping[str, float]) -> dict[str, float]:
    """The parts of a stage as one: its actions run side by side, and end in any order."""
    stages: dict[str, float] = defaultdict(float)
    for name, figure in seconds.items():
        stages[name.partition(":")[0]] += figure
    return dict(stages)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
