"""What the application is written with: one kind a file, named by the word the user writes, and what each must offer.

Nobody else knows a framework by its name: how an application is recognised and read, how it is built, and what the
build leaves for the stages stands in the kind's own module.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from generator.application.functions import Function
from generator.application.template import Template
from generator.document import Document
from generator.errors import Problem
from generator.model.build import Machine
from generator.model.iam import Statement
from generator.repository.files import Repository


class UsualTemplates(NamedTuple):
    """The templates of usual names (None if there is none), and those of such names that were passed over."""

    app: str | None
    tests: str | None
    others: tuple[str, ...]


class UnitTests(NamedTuple):
    """The command that runs every suite (empty if there is none), and what looks like tests and is not run."""

    command: str
    left_out: tuple[str, ...]


class DeployedStack(NamedTuple):
    """A stack that the framework's own tool deploys; `is_default`: where no environment is named."""

    environment: str
    stack: str
    region: str
    overrides: bool
    is_default: bool = False


class OwnConfiguration(NamedTuple):
    """What the configuration of the framework's own tool says.

    `file` is empty where there is none; `template` is the one it uses when no environment is named; `trouble`
    says why it could not be read.
    """

    file: str = ""
    stacks: tuple[DeployedStack, ...] = ()
    trouble: str = ""
    template: str = ""


class Framework(Protocol):
    """A module of `frameworks/`.

    `IS_DEFAULT`: it stands in where no framework recognises a repository. `TEMPLATE` is what its templates are called.
    `BY_STAGE`: the application's template is not in the repository, the build makes one for each stage; then
    `PACKAGED_APP` holds `{stage}`. `BUILD_KEYS` are keys of `build` that it alone takes; `PARAMETERS_IN_BUILD`: what a
    stage's `parameters` say goes into the build, and not to CloudFormation.
    `PACKAGED_CONFIGURATION` is the file with tags and the like that a stack is given; empty: none.
    `APP_NAMES` and `TESTS_NAMES` are usual names of templates, the expected one first. `PACKAGED_APP` and
    `PACKAGED_TESTS` are the files of the build's artifact that the stages deploy. `LANGUAGES` names the buildspec of
    each language, `LANGUAGE` the one taken where nothing says any; CodeBuild's `IMAGE` has the versions in `RUNTIMES`.
    """

    IS_DEFAULT: bool
    BY_STAGE: bool
    BUILD_KEYS: tuple[str, ...]
    PARAMETERS_IN_BUILD: bool
    TEMPLATE: str
    APP_NAMES: tuple[str, ...]
    TESTS_NAMES: tuple[str, ...]
    PACKAGED_APP: str
    PACKAGED_CONFIGURATION: str
    PACKAGED_TESTS: str
    LANGUAGE: str
    LANGUAGES: Mapping[str, str]
    RUNTIMES: Mapping[str, tuple[str, ...]]
    IMAGE: str

    def recognises(self, repository: Repository) -> bool:
        """Whether a repository looks like one of its applications."""

    def usual_templates(self, repository: Repository) -> UsualTemplates:
        """The templates of usual names."""

    def other_templates(self, repository: Repository) -> tuple[str, ...]:
        """Every other file that reads like a template, sorted: for a hint where no usual name is there."""

    def read(self, repository: Repository, path: str) -> Template:
        """A template by its path. Raises InvalidInputError for one that cannot be read."""

    def url(self, repository: Repository, path: str) -> str | None:
        """The usual output that is the application's URL; None where it has none."""

    def stack(self, repository: Repository, path: str, stage: str) -> str:
        """What its own tool calls the stack of a stage; empty: the pipeline's way, service and stage."""

    def languages(self, repository: Repository, path: str) -> Mapping[str, str]:
        """Languages and versions of an application whose template the build makes."""

    def described(self, repository: Repository, path: str, stage: str, stack: str) -> Template | None:
        """Of a template that the build makes for a stage's stack, the resources whose names are known before."""

    def functions(self, document: Document, repository: Repository, path: str) -> Iterator[Function]:
        """The functions of a template that the build makes, as far as their own file says them."""

    def problems(self, document: Document, repository: Repository, path: str) -> Iterator[Problem]:
        """What its build could not carry out: of the pipeline file, and of what the repository says to its own tool."""

    def remarks(self, document: Document, repository: Repository, path: str) -> Iterator[Problem]:
        """What somebody should know who deploys with its own tool until now."""

    def statements(self, repository: Repository, path: str, stages: Sequence[str]) -> tuple[Statement, ...]:
        """What its build needs beyond what every build may, for stages of these words."""

    def environment(self, repository: Repository, path: str) -> Mapping[str, str]:
        """What its build is told beyond what every build is."""

    def unrehearsed(self, repository: Repository, path: str) -> str:
        """Why its build cannot run in a rehearsal; empty where it can."""

    def buildspec(self, language: str, versions: Mapping[str, str], machine: Machine) -> str:
        """The buildspec of a language, for the languages' versions and for what the machine allows."""

    def unit_tests(self, repository: Repository, app: Template | None, tests: Template | None) -> UnitTests:
        """The unit tests of an application with these templates, its own and that of its integration tests."""

    def own_configuration(self, repository: Repository) -> OwnConfiguration:
        """What its own tool is configured for."""

    def starter_template(self, folder: str, language: str, version: str, today: dt.date) -> str:
        """The template of first integration tests, whose code is in a folder; no runtime that is retired today."""
