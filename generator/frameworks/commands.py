"""Commands that leave a CloudFormation template for each stage: `cdk synth` and whatever else does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.application.reader import read
from generator.application.template import Template
from generator.document import Document
from generator.errors import Problem
from generator.frameworks import UnitTests, UsualTemplates, _unit_tests
from generator.frameworks._buildspecs import filled
from generator.frameworks._sam_starter import starter_template
from generator.frameworks._sam_templates import TESTS_NAMES
from generator.frameworks._sam_templates import usual_templates as templates_of_sam
from generator.frameworks._silent import (
    described,
    environment,
    functions,
    remarks,
    stack,
    statements,
    unrehearsed,
)
from generator.frameworks._silent import no_configuration as own_configuration
from generator.frameworks.sam import IMAGE, PACKAGED_TESTS, RUNTIMES
from generator.model.build import Machine
from generator.repository.files import Repository

__all__ = [
    "APP_NAMES",
    "BUILD_KEYS",
    "BY_STAGE",
    "IMAGE",
    "IS_DEFAULT",
    "LANGUAGE",
    "LANGUAGES",
    "PACKAGED_APP",
    "PACKAGED_CONFIGURATION",
    "PACKAGED_TESTS",
    "PARAMETERS_IN_BUILD",
    "RUNTIMES",
    "TEMPLATE",
    "TESTS_NAMES",
    "buildspec",
    "described",
    "environment",
    "functions",
    "languages",
    "other_templates",
    "own_configuration",
    "problems",
    "read",
    "recognises",
    "remarks",
    "stack",
    "starter_template",
    "statements",
    "unit_tests",
    "unrehearsed",
    "url",
    "usual_templates",
]

IS_DEFAULT = False
BY_STAGE = True
BUILD_KEYS: tuple[str, ...] = ("commands",)
PARAMETERS_IN_BUILD = False
PACKAGED_CONFIGURATION = ""
TEMPLATE = "template that the build's commands leave"
# What the commands leave has no usual name: the pipeline file says it.
APP_NAMES: tuple[str, ...] = ("{stage}.yaml",)
PACKAGED_APP = "packaged-{stage}.yaml"
LANGUAGE = "python"
LANGUAGES: Mapping[str, str] = {"nodejs": "commands.yml", "python": "commands.yml"}

# Files at the root of a repository -> the language that its commands are likely to need, and a version.
_LANGUAGES = {
    "package.json": ("nodejs", "22"),
    "pyproject.toml": ("python", "3.13"),
    "requirements.txt": ("python", "3.13"),
}


def recognises(_repository: Repository) -> bool:
    """Never: which commands to run is for the pipeline file to say."""
    return False


def usual_templates(repository: Repository) -> UsualTemplates:
    """The tests' template alone."""
    return UsualTemplates(None, templates_of_sam(repository).tests, ())


def other_templates(_repository: Repository) -> tuple[str, ...]:
    """None: the application's is not there yet."""
    return ()


def url(_repository: Repository, _path: str) -> str | None:
    """What a function URL or an API is mostly called."""
    return "ApiUrl"


def languages(repository: Repository, _path: str) -> Mapping[str, str]:
    """Those whose packages the build installs at the root."""
    return {language: version for name, (language, version) in _LANGUAGES.items() if repository.has(name)}


def problems(document: Document, _repository: Repository, _path: str) -> Iterator[Problem]:
    """Commands or a template that the file does not name, and exact roles, which need a template."""
    build, app = document.data.get("build", {}), document.data.get("app", {})
    at = ("build", "framework")
    if not build.get("commands") and not build.get("buildspec"):
        hint = 'build: {framework: commands, commands: ["npx cdk synth --quiet --context stage=$STAGE"]}'
        yield document.problem(at, "framework: commands needs the commands", hint)
    if not app.get("template"):
        hint = "app: {template: cdk.out/Shop-{stage}.template.json}"
        yield document.problem(at, "framework: commands needs the path of what the commands leave", hint)


def unit_tests(repository: Repository, _app: Template | None, tests: Template | None) -> UnitTests:
    """The unit tests of the whole repository."""
    return _unit_tests.unit_tests(repository, None, tests, everywhere=True)


def buildspec(language: str, versions: Mapping[str, str], machine: Machine) -> str:
    """The buildspec that runs the commands."""
    return filled(LANGUAGES[language], versions, machine)
