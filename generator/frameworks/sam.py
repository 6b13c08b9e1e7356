"""The AWS Serverless Application Model, packaged with `aws cloudformation package`."""

from __future__ import annotations

import json
from collections.abc import Mapping

from generator.repository.files import Repository

# Language (as a Lambda runtime spells it) -> the buildspec's file.
LANGUAGES: Mapping[str, str] = {"nodejs": "sam-nodejs.yml", "python": "sam-python.yml"}

# https://docs.aws.amazon.com/codebuild/latest/userguide/available-runtimes.html, for the image below (2026-11).
IMAGE = "aws/codebuild/amazonlinux-x86_64-standard:5.0"
RUNTIMES: Mapping[str, tuple[str, ...]] = {
    "nodejs": ("18", "20", "22", "24"),
    "python": ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14"),
}

_PYTHON_TESTS = ("tests/unit", "test/unit", "tests", "test")
_NODE_TESTS = ("*.test.js", "*.test.mjs", "*.test.cjs", "*.test.ts", "*.spec.js", "*.spec.mjs", "*.spec.ts")
# What `npm init` writes when there are no tests.
_NO_TEST = "no test specified"


def unit_test_command(language: str, repository: Repository) -> str:
    """The command that runs the unit tests found in the repository; nothing when there are none."""
    return _python(repository) if language == "python" else _node(repository)


def _python(repository: Repository) -> str:
    for folder in _PYTHON_TESTS:
        if repository.files("test_*.py", under=folder) or repository.files("*_test.py", under=folder):
            return f"python -m pytest {folder}"
    return ""


def _node(repository: Repository) -> str:
    if repository.has("package.json") and _NO_TEST not in (script := _test_script(repository)) and script:
        return "npm test"
    return "node --test" if any(repository.files(pattern) for pattern in _NODE_TESTS) else ""


def _test_script(repository: Repository) -> str:
    try:
        package = json.loads(repository.text("package.json"))
        return str(package["scripts"]["test"])
    except (ValueError, KeyError, TypeError, OSError):
        return ""
