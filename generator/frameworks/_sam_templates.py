"""Which files of a repository are SAM or CloudFormation templates: the application's and the tests'."""

from __future__ import annotations

import re

from generator.frameworks import Framework, UsualTemplates
from generator.repository.files import Repository

# In this order: AWS's sample of a pipeline for serverless applications first, then what SAM's tools look for.
APP_NAMES = tuple(f"{stem}.{ending}" for stem in ("app-sam", "template", "sam") for ending in ("yaml", "yml", "json"))
_MARKS = ("AWSTemplateFormatVersion", "AWS::Serverless-2016-10-31")
# Kubernetes' way of saying what a file is, and that of all who follow it.
_ANOTHER_KIND = re.compile(r"^apiVersion:", re.MULTILINE)
# Where a template has said what it is.
_HEAD = 4_000


def usual_templates(repository: Repository) -> UsualTemplates:
    """The templates at the root of a repository, by their usual names."""
    apps = [name for name in APP_NAMES if repository.has(name) and not _is_of_another_kind(repository, name)]
    tests = [name for name in Framework.TESTS_NAMES if repository.has(name)]
    return UsualTemplates(next(iter(apps), None), next(iter(tests), None), (*apps[1:], *tests[1:]))


def other_templates(repository: Repository) -> tuple[str, ...]:
    """Every other file of the repository that reads like a template, sorted: for a hint when no usual name is there."""
    usual = {*APP_NAMES, *Framework.TESTS_NAMES}
    files = repository.files("*.yaml", "*.yml", "*.json")
    return tuple(path for path in files if path not in usual and _reads_like_template(repository, path))


def _is_of_another_kind(repository: Repository, path: str) -> bool:
    """Whether a file of a usual name is no template of CloudFormation's: Backstage has some, for example."""
    try:
        return _ANOTHER_KIND.search(repository.head(path, _HEAD)) is not None
    except OSError:
        return False


def _reads_like_template(repository: Repository, path: str) -> bool:
    try:
        head = repository.head(path, _HEAD)
    except OSError:
        return False
    return any(mark in head for mark in _MARKS)
