"""The AWS Serverless Application Model: built as `sam build` does, packaged with `aws cloudformation package`."""

from __future__ import annotations

from collections.abc import Mapping

from generator.application.reader import read
from generator.frameworks._buildspecs import filled
from generator.frameworks._sam_starter import starter_template
from generator.frameworks._sam_templates import APP_NAMES, TESTS_NAMES, other_templates, usual_templates
from generator.frameworks._samconfig import own_configuration
from generator.frameworks._silent import (
    described,
    environment,
    functions,
    languages,
    problems,
    remarks,
    stack,
    statements,
    unrehearsed,
)
from generator.frameworks._unit_tests import unit_tests
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

# Plain CloudFormation templates are SAM templates that use none of it: there is always something to begin with.
IS_DEFAULT = True
BY_STAGE = False
BUILD_KEYS: tuple[str, ...] = ()
PARAMETERS_IN_BUILD = False
PACKAGED_CONFIGURATION = ""
TEMPLATE = "SAM or CloudFormation template"
# The names of AWS's sample of 2017, so that its buildspecs work unchanged.
PACKAGED_APP = "app-output_sam.yaml"
PACKAGED_TESTS = "test-output_sam.yaml"

# What a function is written in when no template says so.
LANGUAGE = "python"
# Language (as a Lambda runtime spells it) -> the buildspec's file.
LANGUAGES: Mapping[str, str] = {"nodejs": "sam.yml", "python": "sam.yml"}

# https://docs.aws.amazon.com/codebuild/latest/userguide/available-runtimes.html, for the image below (2026-11).
IMAGE = "aws/codebuild/amazonlinux-x86_64-standard:5.0"
RUNTIMES: Mapping[str, tuple[str, ...]] = {
    "nodejs": ("18", "20", "22", "24"),
    "python": ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14"),
}


def recognises(repository: Repository) -> bool:
    """Whether there is a template of a usual name."""
    return usual_templates(repository).app is not None


def url(_repository: Repository, _path: str) -> str | None:
    """The output of AWS's sample of 2017."""
    return "ApiUrl"


def buildspec(language: str, versions: Mapping[str, str], machine: Machine) -> str:
    """The buildspec of a language, for these versions and for what the machine allows."""
    return filled(LANGUAGES[language], versions, machine)
