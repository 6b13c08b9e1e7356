"""What the tools themselves package twice, elsewhere and later, is the same: every template, every key."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from generator.rehearsal.codebuild.interpreters import Interpreter
from generator.rehearsal.codebuild.python_home import make_python_home
from generator.repository import assets
from generator.repository.cache.folder import cache_folder
from tests.conftest import Golden

BLUEPRINTS = assets.folder("blueprints")
SERVICES = BLUEPRINTS / "todo-serverless"
TESTS = Path(__file__).parents[1]
DEPLOYED_BY_SLS = TESTS / "rehearsal" / "frameworks" / "deployed_by_sls"
COMMANDS = TESTS / "docs" / "osls_commands.json"
# It notes the key of each object that would be created.
AWS = '#!/bin/sh\nwhile [ "$1" != --key ]; do shift; done\necho "$2" >> "$KEYS"\n'
TABLE = {"tableName": "TABLE", "tableArn": "arn:aws:dynamodb:us-east-1:000000000000:table/TABLE"}
# What the tool calls by the time, or packs differently each time: a REST API, code of a custom resource.
BY_TIME = """
  timed:
    handler: src/index.todos
    events:
      - http: GET /timed
      - s3: {bucket: twice-uploads, existing: true}
"""


class Packaged(NamedTuple):
    """What a packaging leaves: its files by name, and the keys of all objects, sorted."""

    files: Mapping[str, bytes]
    keys: tuple[str, ...]


class Tools:
    """What packagings share: a Python with pip, osls once it is installed, and an AWS CLI that takes notes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        ours = Interpreter(sys.executable, platform.python_version())
        make_python_home(folder, ours, cache_folder(os.environ), os.environ)
        # As in AWS's images. A copy: pip would write through a link, into the Python that runs the tests.
        shutil.copytree(Path(yaml.__file__).parent, next(folder.glob("lib/*/site-packages")) / "yaml")
        (folder / "bin" / "aws").write_text(AWS)
        (folder / "bin" / "aws").chmod(0o755)

    def package(self, framework: str, source: Path, **variables: str) -> Packaged:
        """Run the buildspec of a framework in a folder."""
        buildspec = yaml.safe_load(assets.with_programs(assets.text("buildspecs", f"{framework}.yml")))
        commands = (each for phase in buildspec["phases"].values() for each in phase["commands"])
        script = "".join(f"{command}\nstatus=$?; [ $status -eq 0 ] || exit $status\n" for command in commands)
        temporary = source.parent / "tmp"
        temporary.mkdir()
        environment = {
            **os.environ,
            "PATH": f"{self._folder / 'bin'}:{os.environ['PATH']}",
            "BUILD_SCRIPTS": str(self._folder),
            "BUILD_OUTPUT_BUCKET": "artifacts",
            "BUILD_OUTPUT_PREFIX": "Packaged",
            "AWS_REGION": "us-east-1",
            "KEYS": str(source.parent / "keys"),
            "TMPDIR": str(temporary),
            **variables,
        }
        done = subprocess.run(["bash", "-c", script], cwd=source, env=environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        files = [*source.glob("packaged-*"), *source.glob("*-output_sam.yaml")]
        keys = sorted((source.parent / "keys").read_text().splitlines())
        return Packaged({path.name: path.read_bytes() for path in files}, tuple(keys))

    def by_osls(self, source: Path, target: Path) -> str:
        """The template that osls itself would deploy, without what differs from packaging to packaging."""
        (program,) = self._folder.glob("osls@*/node_modules/osls/bin/serverless.js")
        parameters = (word for name, value in TABLE.items() for word in ("--param", f"{name}={value}"))
        where = ["--stage", "prod", "--region", "us-east-1", "--package", str(target)]
        subprocess.run(["node", str(program), "package", *where, *parameters], cwd=source, check=True)
        text = (target / "cloudformation-template-update-stack.json").read_text()
        # What follows from the bytes of a zip is another with each version of Node.js.
        for pattern, word in (
            (r"\d{13}-[-:.\dT]+Z", "TIME"),
            (r"(?<=LambdaVersion)\w{30,}", "Hash"),
            (r'(?<="CodeSha256": ")[^"]+', "HASH"),
        ):
            text = re.sub(pattern, word, text)
        return json.dumps(json.loads(text), indent=1, sort_keys=True) + "\n"

    def commands_of_osls(self) -> dict[str, Any]:
        """All commands of osls with their options, and its version."""
        (folder,) = self._folder.glob("osls@*/node_modules/osls")
        program = """
        const { version } = require("./package.json");
        const all = [...require("./lib/cli/commands-schema/aws-service")].filter(([name]) => name);
        const commands = Object.fromEntries(all.map(([name, { options }]) => [name, Object.keys(options).sort()]));
        console.log(JSON.stringify({ version, commands }));
        """
        done = subprocess.run(["node", "-e", program], cwd=folder, capture_output=True, text=True, check=True)
        commands: dict[str, Any] = json.loads(done.stdout)
        return commands


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    return Tools(tmp_path_factory.mktemp("tools"))


def copied(blueprint: str, target: Path, *, when: int) -> Path:
    """A blueprint in a folder, all of it written at a time (in seconds)."""
    shutil.copytree(BLUEPRINTS / blueprint, target, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    for path in target.rglob("*"):
        os.utime(path, (when, when))
    return target


def twice(tools: Tools, folder: Path, framework: str, blueprint: str, **variables: str) -> Packaged:
    """What two packagings of a blueprint have left, which has to be the same."""
    first, second = (
        tools.package(framework, copied(blueprint, folder / place / "source", when=when), **variables)
        for place, when in (("here", 1_000_000_000), ("over/there", 1_700_000_000))
    )
    assert first == second
    assert all(key.startswith("Packaged/") for key in first.keys)
    return first


def of_stages(template: str, *words: str, **parameters: str) -> dict[str, str]:
    """The variables of a build that makes a template for each stage."""
    stages = [{"stage": word, "stack": f"twice-{word}", "parameters": parameters} for word in words]
    return {"TEMPLATE_OF_STAGE": template, "STAGES": json.dumps(stages)}


def test_sam_leaves_the_same(tools: Tools, tmp_path: Path) -> None:
    result = twice(
        tools, tmp_path, "sam", "time-service-python", APP_TEMPLATE="app-sam.yaml", TESTS_TEMPLATE="test-sam.yaml"
    )
    assert result.files.keys() == {"app-output_sam.yaml", "test-output_sam.yaml"}
    assert len(result.keys) == 2


def test_chalice_leaves_the_same(tools: Tools, tmp_path: Path) -> None:
    result = twice(
        tools, tmp_path, "chalice", "time-service-chalice", **of_stages(".chalice/config.json", "beta", "prod")
    )
    assert result.files.keys() == {"packaged-beta.yaml", "packaged-prod.yaml"}
    # Both stages have the same code.
    assert len(set(result.keys)) == 1


@pytest.fixture(scope="module")
def by_osls(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Packaged:
    folder = tmp_path_factory.mktemp("osls")
    service = folder / "todo-restapi"
    shutil.copytree(SERVICES / "backend-restapi", service)
    with (service / "serverless.yml").open("a") as file:
        file.write(BY_TIME)
    return twice(tools, folder, "serverless", str(service), **of_stages("serverless.yml", "beta", **TABLE))


def test_osls_leaves_the_same(by_osls: Packaged) -> None:
    assert by_osls.files.keys() == {"packaged-beta.yaml", "packaged-beta.json"}
    # The code of the service and that of the custom resource.
    assert len(set(by_osls.keys)) == 2


@pytest.mark.usefixtures("by_osls")
@pytest.mark.parametrize("folder", ["backend-database", "backend-restapi"])
def test_what_a_rehearsal_adopts_is_what_osls_deploys(
    folder: str, tools: Tools, tmp_path: Path, golden: Golden
) -> None:
    source = tmp_path / "source"
    shutil.copytree(SERVICES / folder, source)
    golden(DEPLOYED_BY_SLS / f"{folder}.json", tools.by_osls(source, tmp_path / "packaged"))


@pytest.mark.usefixtures("by_osls")
def test_the_commands_that_a_page_maps_are_those_of_osls(tools: Tools, golden: Golden) -> None:
    golden(COMMANDS, json.dumps(tools.commands_of_osls(), indent=1) + "\n")
