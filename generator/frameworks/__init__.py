"""What the application is written with: one kind a file, named by the word the user writes, and what each must offer.

Nobody else knows a framework by its name: how an application is recognised and read, how it is built, and what the
build leaves for the stages stands in the kind's own module, as its `FRAMEWORK`.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from generator.application import reader
from generator.application.functions import Function
from generator.application.template import Template
from generator.document import Document
from generator.errors import Problem
from generator.model.build import Machine
from generator.model.iam import Statement
from generator.model.text import NOTHING
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


class Framework(ABC):
    """What a module of `frameworks/` offers as its `FRAMEWORK`: it says what it has to say, the rest is as here."""

    IS_DEFAULT = False
    """It stands in where no framework recognises a repository."""
    TEMPLATE: str
    """What its templates are called."""
    APP_NAMES: tuple[str, ...]
    """Usual names of the application's template, the expected one first."""
    TESTS_NAMES = tuple(
        f"{stem}.{ending}" for stem in ("test-sam", "test-template") for ending in ("yaml", "yml", "json")
    )
    """Those of the tests' template, which is of SAM or CloudFormation whatever the application is written with."""

    BY_STAGE = False
    """The application's template is not in the repository, the build makes one for each stage: `PACKAGED_APP` holds
    `{stage}`."""
    NEEDS_TEMPLATE = True
    """It builds nothing but templates, and nothing that commands could deploy."""
    MAKES_IMAGES = False
    """Its build makes container images of functions whose metadata name a Dockerfile, those of the tests too."""
    PACKAGED_APP: str
    """The file of the build's artifact that the stages deploy the application from."""
    PACKAGED_CONFIGURATION = ""
    """The file with tags and the like that a stack is given; empty: none."""
    PACKAGED_TESTS = "test-output_sam.yaml"
    """The file that the test stack is deployed from; called as in AWS's sample of 2017, whose buildspecs work."""

    BUILD_KEYS: tuple[str, ...] = ()
    """Keys of `build` that it alone takes."""
    PARAMETERS_IN_BUILD = False
    """What a stage's `parameters` say goes into the build, and not to CloudFormation."""
    LANGUAGES: Mapping[str, str]
    """Languages, as Lambda's runtimes spell them, with the buildspec of each."""
    LANGUAGE = "python"
    """The language where nothing says any."""
    # https://docs.aws.amazon.com/codebuild/latest/userguide/available-runtimes.html (2026-11)
    IMAGE = "aws/codebuild/amazonlinux-x86_64-standard:5.0"
    """CodeBuild's image that a build runs in."""
    RUNTIMES: Mapping[str, tuple[str, ...]] = {
        "nodejs": ("18", "20", "22", "24"),
        "python": ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14"),
    }
    """The versions of languages that this image has."""

    # Which files of a repository are an application of its, and what they say.

    @abstractmethod
    def recognises(self, repository: Repository, /) -> bool:
        """Whether a repository looks like one of its applications."""

    @abstractmethod
    def usual_templates(self, repository: Repository, /) -> UsualTemplates:
        """The templates of usual names."""

    def other_templates(self, _repository: Repository, /) -> tuple[str, ...]:
        """Every other file that reads like a template, sorted: for a hint where no usual name is there."""
        return ()

    def read(self, repository: Repository, path: str, /) -> Template:
        """A template by its path. Raises InvalidInputError for one that cannot be read."""
        return reader.read(repository, path)

    @abstractmethod
    def unit_tests(self, repository: Repository, app: Template | None, tests: Template | None, /) -> UnitTests:
        """The unit tests of an application with these templates, its own and that of its integration tests."""

    def own_configuration(self, _repository: Repository, /) -> OwnConfiguration:
        """What its own tool is configured for."""
        return OwnConfiguration()

    @abstractmethod
    def starter_template(self, folder: str, language: str, version: str, today: dt.date, /) -> str:
        """The template of first integration tests, whose code is in a folder; no runtime that is retired today."""

    # What there is to say of the application whose template has a path.

    def problems(self, _document: Document, _repository: Repository, _path: str, /) -> Iterator[Problem]:
        """What its build could not carry out: of the pipeline file, and of what the repository says to its own tool."""
        return iter(())

    def remarks(self, _document: Document, _repository: Repository, _path: str, /) -> Iterator[Problem]:
        """What somebody should know who deploys with its own tool until now."""
        return iter(())

    def url(self, _repository: Repository, _path: str, /) -> str | None:
        """The usual output that is the application's URL; None where it has none."""
        return "ApiUrl"

    def stack(self, _repository: Repository, _path: str, _stage: str, /) -> str:
        """What its own tool calls the stack of a stage; empty: the pipeline's way, service and stage."""
        return ""

    # What is known of it before the build has made its template.

    def languages(self, _repository: Repository, _path: str, /) -> Mapping[str, str]:
        """Languages and versions of its functions."""
        return NOTHING

    def functions(self, _document: Document, _repository: Repository, _path: str, /) -> Iterator[Function]:
        """Its functions, as far as its own file says them."""
        return iter(())

    def described(self, _repository: Repository, _path: str, _stage: str, _stack: str, /) -> Template | None:
        """Of the template for a stage's stack, the resources whose names are known."""
        return None

    # How it is built.

    @abstractmethod
    def buildspec(self, language: str, versions: Mapping[str, str], machine: Machine, /) -> str:
        """The buildspec of a language, for the languages' versions and for what the machine allows."""

    def environment(self, _repository: Repository, _path: str, /) -> Mapping[str, str]:
        """What its build is told beyond what every build is."""
        return NOTHING

    def statements(self, _repository: Repository, _path: str, _stages: Sequence[str], /) -> tuple[Statement, ...]:
        """What its build needs beyond what every build may, for stages of these words."""
        return ()

    def builds_of_files_alone(self, _repository: Repository, _path: str, /) -> bool:
        """Whether its build reads nothing but files and variables: of the same ones it makes the same."""
        return True

    def has_images(self, _repository: Repository, _path: str, /) -> bool:
        """Whether its own file has container images for the build to make."""
        return False

    def unrehearsed(self, _repository: Repository, _path: str, /) -> str:
        """Why its build cannot run in a rehearsal; empty where it can."""
        return ""
