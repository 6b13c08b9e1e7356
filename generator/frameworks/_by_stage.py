"""What frameworks have in common whose tools make a template for each stage, in the build."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from generator.application.template import Template
from generator.frameworks import Framework, UnitTests, UsualTemplates, _sam_templates, _unit_tests
from generator.frameworks._buildspecs import filled
from generator.frameworks._sam_starter import starter_template
from generator.model.build import Machine
from generator.repository.files import Repository


class ByStage(Framework):
    """A framework with a program in `buildspecs/stages`; what it describes is the whole repository."""

    BY_STAGE = True
    PACKAGED_APP = "packaged-{stage}.yaml"

    def usual_templates(self, repository: Repository, /) -> UsualTemplates:
        """Its own file at the root, and the tests' template."""
        return UsualTemplates(repository.first(*self.APP_NAMES), _sam_templates.usual_templates(repository).tests, ())

    def unit_tests(self, repository: Repository, _app: Template | None, tests: Template | None, /) -> UnitTests:
        """The unit tests of the whole repository."""
        return _unit_tests.unit_tests(repository, None, tests, everywhere=True)

    def starter_template(self, folder: str, language: str, version: str, today: dt.date, /) -> str:
        """A template of SAM."""
        return starter_template(folder, language, version, today)

    def buildspec(self, language: str, versions: Mapping[str, str], machine: Machine, /) -> str:
        """The buildspec that makes the template of every stage."""
        return filled(self.LANGUAGES[language], versions, machine)
