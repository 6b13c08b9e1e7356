"""The AWS Serverless Application Model: built as `sam build` does, packaged with `aws cloudformation package`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.application.reader import read
from generator.frameworks._sam_starter import starter_template
from generator.frameworks._sam_templates import APP_NAMES, TESTS_NAMES, other_templates, usual_templates
from generator.frameworks._samconfig import own_configuration
from generator.frameworks._unit_tests import unit_tests
from generator.model.build import Machine
from generator.repository import assets
from generator.repository.files import Repository

__all__ = [
    "APP_NAMES",
    "IMAGE",
    "IS_DEFAULT",
    "LANGUAGE",
    "LANGUAGES",
    "PACKAGED_APP",
    "PACKAGED_TESTS",
    "RUNTIMES",
    "TEMPLATE",
    "TESTS_NAMES",
    "buildspec",
    "other_templates",
    "own_configuration",
    "read",
    "recognises",
    "starter_template",
    "unit_tests",
    "usual_templates",
]

# Plain CloudFormation templates are SAM templates that use none of it: there is always something to begin with.
IS_DEFAULT = True
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

_RUNTIME_LINE = re.compile(r"^([ ]*)runtime-versions: .*\n", re.MULTILINE)
_COMMANDS = "    commands:\n"
# Lambda compute lets a build write below /tmp alone; pip and npm keep theirs in HOME.
_WRITABLE_HOME = """\
    - export HOME="$(mktemp -d)"
    - export PATH="$HOME/.local/bin:$PATH"
"""


def recognises(repository: Repository) -> bool:
    """Whether there is a template of a usual name."""
    return usual_templates(repository).app is not None


def buildspec(language: str, versions: Mapping[str, str], machine: Machine) -> str:
    """The buildspec of a language, for these versions and for what the machine allows."""
    text = assets.text("buildspecs", LANGUAGES[language])
    if machine.on_lambda:
        text = text.replace(_COMMANDS, _COMMANDS + _WRITABLE_HOME, 1)
    chosen = ", ".join(f'{name}: "{version}"' for name, version in versions.items())
    line = rf"\1runtime-versions: {{{chosen}}}\n" if machine.chooses_runtimes else ""
    return assets.with_programs(_RUNTIME_LINE.sub(line, text))
