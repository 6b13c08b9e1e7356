"""A kind or a key that nobody knows is there once its file is: proved in a copy of the package, by a child process."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import yaml

from generator.repository import assets

pytestmark = pytest.mark.slow

_HERE = Path(__file__).parent
_CHECKOUT = _HERE.parents[1]
# What `generate`, `check` and `schema` run; the rest of the package would only cost time.
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "aws")
_PENSTOCK = "import sys; from generator.cli.main import main; sys.exit(main())"
_APPLICATION = """\
Resources: {Topic: {Type: AWS::SNS::Topic}}
Outputs: {ApiUrl: {Value: x}}
Parameters: {Label: {Type: String}}
"""
_FILE = """\
service: clock
source:
  mirror: {repository: clock}
owner: Ada
build: {strict: true}
notifications: {pager: https://pager.example.com}
tests: {script: checks.sh}
stages:
  - beta: {deploy: slowly, label: First, patience: 7}
"""
# What an addition changes in files that are there: the field of a key of its own, and the row of a block.
_CHANGED = {
    "model/stage.py": (("    after: Commands | None = None\n", "    patience: int = 0\n"),),
    "render/blocks.py": (
        ("from generator.model.notification import Topic\n", "from generator.model.queue import Queue\n"),
        ("from generator.render import event, ", "queue, "),
        ("    Project: project.resources,\n", "    Queue: queue.resources,\n"),
    ),
}
_KEYS = "pipeline_file/keys"
# The rows of "What an addition costs" in docs/architecture.md, and the files of each thing that is added here.
_ADDITIONS = {
    "a source, a framework, a stage kind, a test kind, a notification": (
        {"sources/mirror.py"},
        {"frameworks/plain.py"},
        {"stages/slowly.py"},
        {"test_kinds/script.py"},
        {"notifications/pager.py"},
    ),
    "a key that fields of the model can express": (
        {f"{_KEYS}/owner.py"},
        {f"{_KEYS}/build/strict.py"},
        {f"{_KEYS}/stages/label.py"},
    ),
    "a key with a field of its own": ({f"{_KEYS}/stages/patience.py", "model/stage.py", "stages/slowly.py"},),
    "an action provider": ({"stages/actions/pause.py"},),
    "a block": ({"model/queue.py", "render/queue.py", "render/blocks.py"},),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with one more file for each thing that can be added."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(_CHECKOUT / "generator", folder / "generator", ignore=_LEFT_OUT)
    shutil.copytree(_HERE / "throw_away", folder / "generator", dirs_exist_ok=True)
    for name in ("buildspecs", "test_runner_lambda"):
        shutil.copytree(assets.folder(name), folder / name)
    for name, additions in _CHANGED.items():
        _change(folder / "generator" / name, additions)
    return folder


def _change(file: Path, additions: Iterable[tuple[str, str]]) -> None:
    text = file.read_text(encoding="utf-8")
    for before, added in additions:
        assert text.count(before) == 1, before
        text = text.replace(before, before + added)
    file.write_text(text, encoding="utf-8")


def _different(copy: Path) -> Iterator[str]:
    """The files of the copy that the package has not, or has otherwise."""
    for file in (copy / "generator").rglob("*.py"):
        path = file.relative_to(copy / "generator")
        original = _CHECKOUT / "generator" / path
        if not original.exists() or original.read_bytes() != file.read_bytes():
            yield path.as_posix()


def test_each_addition_costs_what_the_table_says(copy: Path) -> None:
    section = (_CHECKOUT / "docs" / "architecture.md").read_text().split("## What an addition costs")[1].split("##")[0]
    costs = dict(re.findall(r"^\| (a[^|]*) \| (\d+) \|", section, re.MULTILINE))
    assert {addition: {str(len(files)) for files in added} for addition, added in _ADDITIONS.items()} == {
        addition: {cost} for addition, cost in costs.items()
    }
    assert set(_different(copy)) == {file for added in _ADDITIONS.values() for files in added for file in files}


def penstock(copy: Path, repository: Path, *arguments: str, file: str = _FILE) -> subprocess.CompletedProcess[str]:
    (repository / "plain.yaml").write_text(_APPLICATION)
    (repository / "pipeline.yaml").write_text(file)
    command = [sys.executable, "-c", _PENSTOCK, *arguments]
    environment = {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
    return subprocess.run(
        command, cwd=repository, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_every_added_file_has_its_part_in_the_template(copy: Path, tmp_path: Path) -> None:
    done = penstock(copy, tmp_path, "generate", "--format", "json")
    resources = yaml.safe_load(done.stdout)["Resources"]
    pipeline, build = resources["Pipeline"]["Properties"], resources["BuildProject"]["Properties"]
    source, _, beta = pipeline["Stages"]
    pause = beta["Actions"][0]
    deploy = next(action for action in beta["Actions"] if action["Name"] == "DeploySlowly")
    assert source["Actions"][0]["ActionTypeId"]["Provider"] == "CodeCommit"
    assert pause["ActionTypeId"]["Provider"] == "StepFunctions"
    assert pause["Configuration"]["Input"] == '{"minutes": 7}'
    assert resources["PauseQueue"]["Type"] == "AWS::SQS::Queue"
    assert "states:StartExecution" in str(resources["PipelineRole"])
    assert deploy["Configuration"]["TemplatePath"] == "BuildArtifact::plain-packaged.yaml"
    assert deploy["Configuration"]["ParameterOverrides"] == '{"Label":"First"}'
    assert {"Key": "owner", "Value": "Ada"} in pipeline["Tags"]
    assert {"Name": "STRICT", "Value": "1"} in build["Environment"]["EnvironmentVariables"]
    assert "cp plain.yaml" in str(build["Source"]["BuildSpec"])
    assert "bash checks.sh" in str(resources["TestProject"]["Properties"]["Source"]["BuildSpec"])
    assert "https://pager.example.com" in str(resources["NotificationTopic"])


def test_what_they_miss_and_remark_on_is_told(copy: Path, tmp_path: Path) -> None:
    done = penstock(copy, tmp_path, "generate")
    assert done.returncode == 1
    assert "pipeline.yaml:4:8: there is no OWNERS in the repository" in done.stderr
    assert "pipeline.yaml:4:8: info: Ada is asked about clock" in done.stderr
    assert "info: the pager must confirm the subscription" in done.stderr
    # A script needs no test stack, so that no template of one is missing.
    assert "the integration tests' template is needed" not in done.stderr


def test_what_they_refuse_is_refused(copy: Path, tmp_path: Path) -> None:
    done = penstock(copy, tmp_path, "generate", file=_FILE.replace("Ada", "nobody"))
    assert done.returncode == 2
    assert "pipeline.yaml:4:8: nobody owns this pipeline" in done.stderr


@pytest.mark.parametrize(
    ("written", "instead", "hint"),
    [
        ("owner:", "boss:", "did you mean 'owner'?"),
        ("mirror:", "miror:", "did you mean 'mirror'?"),
        ("pager:", "pagr:", "did you mean 'pager'?"),
        ("slowly", "slowl", "did you mean 'slowly'?"),
        ("script:", "shell:", "did you mean 'script'?"),
        ("label:", "lable:", "did you mean 'label'?"),
        ("strict:", "stict:", "did you mean 'strict'?"),
    ],
)
def test_their_words_are_offered_to_who_misspells_them(
    written: str, instead: str, hint: str, copy: Path, tmp_path: Path
) -> None:
    done = penstock(copy, tmp_path, "generate", file=_FILE.replace(written, instead))
    assert done.returncode == 2
    assert hint in done.stderr


def test_the_schema_describes_them(copy: Path, tmp_path: Path) -> None:
    schema = yaml.safe_load(penstock(copy, tmp_path, "schema").stdout)["properties"]
    assert schema["owner"]["description"] == "Who owns the pipeline."
    assert schema["build"]["properties"]["framework"]["enum"] == ["chalice", "commands", "plain", "sam", "serverless"]
    described = schema["app"]["properties"]["template"]["description"]
    assert "plain template or SAM or CloudFormation template" in described
