"""The benchmark of `generate` measures what it says. What the figures are, no test says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from benchmarks import contenders, generate, growth
from benchmarks.contenders import Contender
from benchmarks.generate import Cost
from generator.compiler.pipeline import compile_file
from generator.render.template import template
from generator.repository.files import Repository


def test_the_floors_dump_the_very_template(tmp_path: Path) -> None:
    starter = contenders.starter(tmp_path / "starter")
    compiled = compile_file(starter / "pipeline.yaml", "pipeline.yaml", Repository(starter))
    in_yaml, in_json = (
        subprocess.run(floor.command, cwd=floor.folder, capture_output=True, check=True).stdout
        for floor in contenders.floors(starter)
    )
    resources = json.loads(json.dumps(template(compiled.pipeline)))["Resources"]
    assert yaml.safe_load(in_yaml) == json.loads(in_json)
    assert json.loads(in_json)["Resources"] == resources


def test_a_contender_is_compared_with_the_floor_beside_it() -> None:
    costs = {"floor": [Cost(1, 10), Cost(2, 10)], "ours": [Cost(3, 30), Cost(8, 40)]}
    assert generate.against(costs, "floor") == {"floor": (1.5, 1, 10), "ours": (5.5, 3.5, 35)}


def test_contenders_take_turns_after_a_run_that_does_not_count(tmp_path: Path) -> None:
    log = tmp_path / "log"
    field = [
        Contender(name, [sys.executable, "-c", f"open({str(log)!r}, 'a').write({name!r})"], tmp_path) for name in "ab"
    ]
    assert [len(costs) for costs in generate.measured(field, 2).values()] == [2, 2]
    assert log.read_text() == "ababab"


def test_a_contender_that_fails_ends_the_benchmark_with_what_it_said(tmp_path: Path) -> None:
    broken = Contender(
        "broken", [sys.executable, "-c", "import sys; sys.exit(input())"], tmp_path, stdin="no template\n"
    )
    with pytest.raises(ValueError, match="broken ended with 1:\nno template"):
        generate.measured([broken], 1)


@pytest.mark.parametrize("count", [1, 60])
def test_a_grown_pipeline_has_as_many_stages_as_asked_for(tmp_path: Path, count: int) -> None:
    starter = contenders.starter(tmp_path / "starter")
    compiled = compile_file(starter / "pipeline.yaml", "pipeline.yaml", Repository(starter))
    document = template(growth.grown(compiled.pipeline, count))
    names = [stage["Name"] for stage in document["Resources"]["Pipeline"]["Properties"]["Stages"]]
    assert names == ["Source", "Build", "DeployTests", *(f"S{number}" for number in range(count))]


def test_the_steps_of_generate_and_check_are_told_apart(tmp_path: Path) -> None:
    named = list(generate.steps(contenders.starter(tmp_path / "starter"), 1))
    assert named[0] == "Python's start"
    assert {name.partition(":")[0] for name in named[1:]} == {"import", "generate", "check"}


def test_a_program_that_found_something_did_its_work(tmp_path: Path) -> None:
    finds = Contender("linter", [sys.executable, "-c", "raise SystemExit(6)"], tmp_path, codes=range(0, 16, 2))
    assert [len(costs) for costs in generate.measured([finds], 1).values()] == [1]
