"""Who generates a pipeline, and with which command: Penstock, the floor under it, and its peers as installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
STARTER = ROOT / "blueprints" / "time-service-python"
# The versions that were current when the benchmark was written, so that runs can be compared.
CHALICE = "chalice==1.34.0"
SAM = "aws-sam-cli==1.170.0"
CDK = ("aws-cdk-lib@2.276.0", "aws-cdk@2.1148.1", "constructs")
_REGION = "eu-west-1"
# Imports json and yaml, loads the pipeline file, dumps the template again; what is dumped is read from JSON, which
# costs next to nothing.
_FLOOR = """
import json, sys, yaml
yaml.load(open("pipeline.yaml"), yaml.CSafeLoader)
template = json.load(open("template.json"))
{dump}
"""
_DUMP_YAML = "yaml.dump(template, sys.stdout, yaml.CSafeDumper, sort_keys=False)"
_DUMP_JSON = "json.dump(template, sys.stdout, indent=1)"
_CHALICE_APP = """
from chalice import Chalice

app = Chalice(app_name="time-service")


@app.route("/")
def index():
    return {}
"""
# The same pipeline as the starter's: three stages, tests after each, an approval before the last.
_CDK_APP = """
const { App, Stack, Stage } = require("aws-cdk-lib");
const { Repository } = require("aws-cdk-lib/aws-codecommit");
const { PipelineType } = require("aws-cdk-lib/aws-codepipeline");
const { CfnTopic } = require("aws-cdk-lib/aws-sns");
const { CodePipeline, CodePipelineSource, ManualApprovalStep, ShellStep } = require("aws-cdk-lib/pipelines");

const env = { account: "111111111111", region: "eu-west-1" };
const app = new App();
const stack = new Stack(app, "time-service-pipeline", { env });
const repository = new Repository(stack, "Repository", { repositoryName: "time-service" });
const synth = new ShellStep("Build", {
  input: CodePipelineSource.codeCommit(repository, "main"),
  commands: ["npm ci", "npx cdk synth"],
});
const pipeline = new CodePipeline(stack, "Pipeline", { pipelineType: PipelineType.V2, synth });
for (const name of ["Beta", "Gamma", "Prod"]) {
  const stage = new Stage(stack, name, { env });
  new CfnTopic(new Stack(stage, "Application"), "Topic");
  pipeline.addStage(stage, {
    pre: name === "Prod" ? [new ManualApprovalStep("Approve")] : [],
    post: [new ShellStep("Test", { commands: ["npm test"] })],
  });
}
app.synth();
"""
# Findings of a level set a bit of cfn-lint's exit code: https://github.com/aws-cloudformation/cfn-lint#exit-codes.
# It warns of an action that its list lacks, and takes a text for the shell for a forgotten Fn::Sub.
_LINTED = range(0, 16, 2)
_CDK_FASTEST = (
    "--no-validation",
    "--no-notices",
    "--no-version-reporting",
    "--no-path-metadata",
    "--no-asset-metadata",
    "--no-staging",
)


@dataclass(frozen=True, slots=True)
class Contender:
    """A command that generates a pipeline in `folder`; `stdin` is what it reads from stdin.

    `codes` are the exit codes of one that has done its work.
    """

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    stdin: str = ""
    codes: Container[int] = (0,)


def penstock(folder: Path, *arguments: str, name: str = "") -> Contender:
    """One process of `penstock`, from the installed console script, in this folder."""
    program = str(Path(sys.executable).with_name("penstock"))
    return Contender(name or " ".join(["penstock", *arguments]), [program, *arguments], folder)


def starter(folder: Path, *more: str) -> Path:
    """A copy of the Python starter; `more` are lines for the end of its pipeline file."""
    shutil.copytree(STARTER, folder)
    with (folder / "pipeline.yaml").open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in more)
    return folder


def linter(folder: Path, *templates: str) -> Contender:
    """cfn-lint over templates of this folder."""
    program = str(Path(sys.executable).with_name("cfn-lint"))
    return Contender("cfn-lint alone, the same three templates", [program, *templates], folder, codes=_LINTED)


def floors(folder: Path) -> list[Contender]:
    """The least that any generator in Python does, for YAML and for JSON; `folder` is a copy of the starter."""
    generate = penstock(folder, "generate", "--format", "json").command
    (folder / "template.json").write_bytes(subprocess.run(generate, cwd=folder, capture_output=True, check=True).stdout)
    return [
        Contender(f"floor, {form}", [sys.executable, "-c", _FLOOR.format(dump=dump)], folder)
        for form, dump in (("YAML", _DUMP_YAML), ("JSON", _DUMP_JSON))
    ]


def chalice(programs: Path, folder: Path) -> Contender:
    """`chalice generate-pipeline` for an application of one function."""
    (folder / ".chalice").mkdir(parents=True)
    (folder / "app.py").write_text(_CHALICE_APP, encoding="utf-8")
    (folder / "requirements.txt").touch()
    settings = {"version": "2.0", "app_name": "time-service", "stages": {"dev": {}}}
    (folder / ".chalice" / "config.json").write_text(json.dumps(settings), encoding="utf-8")
    # Without the image it looks one up for its own Python, and knows none for the newer ones.
    image = ("--codebuild-image", "aws/codebuild/amazonlinux-x86_64-standard:5.0")
    command = [_python_program(programs, CHALICE, "chalice"), "generate-pipeline", "--pipeline-version", "v2", *image]
    return Contender("chalice generate-pipeline", [*command, "pipeline.json"], folder)


def sam(programs: Path, folder: Path, template: str) -> Contender:
    """`sam pipeline init` from a template on this disk, as large as ours: its own would be cloned from GitHub."""
    source, work = folder / "source", folder / "work"
    inside = source / "{{cookiecutter.outputDir}}"
    inside.mkdir(parents=True)
    work.mkdir()
    question = {"key": "service", "question": "Service", "default": "time-service", "isRequired": True}
    files = {
        "questions.json": {"questions": [question]},
        "cookiecutter.json": {"outputDir": "aws-sam-pipeline", "service": ""},
        "metadata.json": {"number_of_stages": 1},
    }
    for name, content in files.items():
        (source / name).write_text(json.dumps(content), encoding="utf-8")
    # cookiecutter reads braces as its own; the template's size is what matters here.
    (inside / "codepipeline.yaml").write_text(template.replace("{", "("), encoding="utf-8")
    answers = "\n".join(["2", str(source), "", "", "Y", ""])
    command = [_python_program(programs, SAM, "sam"), "pipeline", "init"]
    quiet = {"SAM_CLI_TELEMETRY": "0", "HOME": str(folder)}
    return Contender("sam pipeline init", command, work, quiet, stdin=answers)


def cdk(programs: Path, folder: Path) -> tuple[Contender, Contender]:
    """`cdk synth` of a pipeline of CDK Pipelines, as installed and with all that can be turned off."""
    modules = _node_modules(programs)
    folder.mkdir(parents=True)
    (folder / "node_modules").symlink_to(modules)
    (folder / "app.js").write_text(_CDK_APP, encoding="utf-8")
    (folder / "cdk.json").write_text(json.dumps({"app": "node app.js"}), encoding="utf-8")
    synth = [str(modules / ".bin" / "cdk"), "synth", "--quiet"]
    quiet = {"CDK_DISABLE_CLI_TELEMETRY": "true", "HOME": str(folder)}
    return (
        Contender("cdk synth, as installed", synth, folder, quiet),
        Contender("cdk synth, fastest", [*synth, *_CDK_FASTEST], folder, quiet),
    )


def environment(contender: Contender) -> dict[str, str]:
    """The whole environment a contender runs in: the caller's, but for keys of AWS and what slows Python down.

    The cache is none in which rehearsals beside this one are noted: each command would look after those.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AWS_") and k != "PYTHONDONTWRITEBYTECODE"}
    own = {"AWS_DEFAULT_REGION": _REGION, "XDG_CACHE_HOME": str(contender.folder / ".cache")}
    return {**kept, **own, **contender.environment}


def _python_program(programs: Path, requirement: str, program: str) -> str:
    folder = programs / requirement
    if not (folder / "bin" / program).exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([folder / "bin" / "pip", "install", "-qqq", requirement], check=True)
    return str(folder / "bin" / program)


def _node_modules(programs: Path) -> Path:
    folder = programs / "-".join(CDK).replace("/", "-")
    if not (folder / "node_modules" / ".bin" / "cdk").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text("{}", encoding="utf-8")
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", *CDK], cwd=folder, check=True)
    return folder / "node_modules"
