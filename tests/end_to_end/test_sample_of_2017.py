"""An application as AWS's blog described one in 2017 goes to prod with its own buildspec, on newer runtimes.

https://aws.amazon.com/blogs/compute/continuous-deployment-for-serverless-applications/ describes it; the files are
ours: Express behind `ANY /{proxy+}`, buildspec version 0.1, exports by stage, and a test function that answers the job
itself.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.rehearsals import Machine, events
from tests.rehearsal.emulator.repositories import git

pytestmark = pytest.mark.slow

SAMPLE = Path(__file__).parent / "sample_of_2017"
STAGES = ("Beta", "Gamma", "Prod")
OFFERED = "build: {buildspec: buildspec.yml}"
OFFER = f"# To use it instead: {OFFERED}"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    # How npm reaches its registry is for this machine's own settings to say.
    own = {"TMPDIR", "PYTHONPATH"}
    return Machine(tmp_path / "machine", {name: value for name, value in os.environ.items() if name not in own})


def start(folder: Path, machine: Machine) -> None:
    """The sample in a repository, with the pipeline file of `init`, which offers its buildspec."""
    shutil.copytree(SAMPLE, folder)
    git(folder, "init", "-q", "-b", "main")
    assert machine.penstock("init", folder).code == 0
    file = folder / "pipeline.yaml"
    written = file.read_text(encoding="utf-8")
    assert OFFER in written
    file.write_text(written.replace(OFFER, OFFERED), encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "The sample")


def test_the_sample_of_2017_goes_through_init_check_and_rehearse_to_prod(machine: Machine, tmp_path: Path) -> None:
    folder = tmp_path / "ferry"
    start(folder, machine)
    checked = machine.penstock("check", folder / "pipeline.yaml")
    assert (checked.code, "error:" in checked.err) == (0, False), checked.err
    ran = machine.penstock("rehearse", folder / "pipeline.yaml", "--approve", "yes", "--output", "json")
    assert ran.code == 0, ran.out[-3000:] + ran.err
    tests = [step for step in events(ran) if step.get("action") == "Test" and step["type"] == "ActionEnded"]
    assert [(test["stage"], test["status"]) for test in tests] == [(stage, "Succeeded") for stage in STAGES]
    # Requests through `ANY /{proxy+}` were answered, or these would have reported a failure; they leave no summary.
    assert [test["variables"] for test in tests] == [{}] * len(STAGES)
