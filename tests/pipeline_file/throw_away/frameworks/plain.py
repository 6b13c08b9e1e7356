"""A throw-away framework: templates without a build, in a file of its own name."""

from __future__ import annotations

from collections.abc import Mapping

from generator.frameworks import UsualTemplates
from generator.frameworks.sam import (
    BUILD_KEYS,
    BY_STAGE,
    IMAGE,
    PACKAGED_CONFIGURATION,
    PARAMETERS_IN_BUILD,
    RUNTIMES,
    TESTS_NAMES,
    described,
    environment,
    functions,
    languages,
    other_templates,
    own_configuration,
    problems,
    read,
    remarks,
    stack,
    starter_template,
    statements,
    unit_tests,
    unrehearsed,
    url,
)
from generator.model.build import Machine
from generator.repository.files import Repository

__all__ = [
    "BUILD_KEYS",
    "BY_STAGE",
    "IMAGE",
    "PACKAGED_CONFIGURATION",
    "PARAMETERS_IN_BUILD",
    "RUNTIMES",
    "TESTS_NAMES",
    "described",
    "environment",
    "functions",
    "languages",
    "other_templates",
    "own_configuration",
    "problems",
    "read",
    "remarks",
    "stack",
    "starter_template",
    "statements",
    "unit_tests",
    "unrehearsed",
    "url",
]

IS_DEFAULT = False
TEMPLATE = "plain template"
APP_NAMES = ("plain.yaml",)
PACKAGED_APP = "plain-packaged.yaml"
PACKAGED_TESTS = "plain-tests.yaml"
LANGUAGE = "python"
LANGUAGES: Mapping[str, str] = {"python": "none"}


def recognises(repository: Repository) -> bool:
    """Whether it has a template of that name."""
    return repository.has("plain.yaml")


def usual_templates(_repository: Repository) -> UsualTemplates:
    """That template alone."""
    return UsualTemplates("plain.yaml", None, ())


def buildspec(_language: str, _versions: Mapping[str, str], _machine: Machine) -> str:
    """A build that copies the template."""
    return "version: 0.2\nphases: {build: {commands: [cp plain.yaml plain-packaged.yaml]}}\n"
