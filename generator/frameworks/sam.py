"""The AWS Serverless Application Model: built as `sam build` does, packaged with `aws cloudformation package`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from generator.application.template import Template
from generator.frameworks import (
    Framework,
    OwnConfiguration,
    UnitTests,
    UsualTemplates,
    _sam_templates,
    _samconfig,
    _unit_tests,
)
from generator.frameworks._buildspecs import filled
from generator.frameworks._sam_starter import starter_template
from generator.model.build import Machine
from generator.repository.files import Repository


class Sam(Framework):
    """The AWS Serverless Application Model: built as `sam build` does, packaged with `aws cloudformation package`."""

    # Plain CloudFormation templates are SAM templates that use none of it: there is always something to begin with.
    IS_DEFAULT = True
    MAKES_IMAGES = True
    TEMPLATE = "SAM or CloudFormation template"
    # As in AWS's sample of 2017, so that its buildspecs work unchanged.
    PACKAGED_APP = "app-output_sam.yaml"
    LANGUAGES: Mapping[str, str] = {"nodejs": "sam.yml", "python": "sam.yml"}

    APP_NAMES = _sam_templates.APP_NAMES

    def recognises(self, repository: Repository) -> bool:
        """Whether there is a template of a usual name."""
        return self.usual_templates(repository).app is not None

    def usual_templates(self, repository: Repository) -> UsualTemplates:
        """The templates of usual names."""
        return _sam_templates.usual_templates(repository)

    def other_templates(self, repository: Repository) -> tuple[str, ...]:
        """Every other file that reads like a template."""
        return _sam_templates.other_templates(repository)

    def unit_tests(self, repository: Repository, app: Template | None, tests: Template | None) -> UnitTests:
        """The unit tests beside the functions' code."""
        return _unit_tests.unit_tests(repository, app, tests)

    def own_configuration(self, repository: Repository) -> OwnConfiguration:
        """What `sam deploy` is configured for."""
        return _samconfig.own_configuration(repository)

    def starter_template(self, folder: str, language: str, version: str, today: dt.date) -> str:
        """A template of a function in these languages."""
        return starter_template(folder, language, version, today)

    def buildspec(self, language: str, versions: Mapping[str, str], machine: Machine) -> str:
        """The buildspec of a language, for these versions and for what the machine allows."""
        return filled(self.LANGUAGES[language], versions, machine)


FRAMEWORK = Sam()
