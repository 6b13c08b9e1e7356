"""A throw-away framework: templates without a build, in a file of its own name."""

from __future__ import annotations

from collections.abc import Mapping

from generator.frameworks import UsualTemplates
from generator.frameworks.sam import Sam
from generator.model.build import Machine
from generator.repository.files import Repository


class Plain(Sam):
    """SAM's templates under another name."""

    IS_DEFAULT = False
    TEMPLATE = "plain template"
    APP_NAMES = ("plain.yaml",)
    PACKAGED_APP = "plain-packaged.yaml"
    PACKAGED_TESTS = "plain-tests.yaml"
    LANGUAGES: Mapping[str, str] = {"python": "none"}

    def recognises(self, repository: Repository) -> bool:
        """Whether it has a template of that name."""
        return repository.has("plain.yaml")

    def usual_templates(self, _repository: Repository) -> UsualTemplates:
        """That template alone."""
        return UsualTemplates("plain.yaml", None, ())

    def buildspec(self, _language: str, _versions: Mapping[str, str], _machine: Machine) -> str:
        """A build that copies the template."""
        return "version: 0.2\nphases: {build: {commands: [cp plain.yaml plain-packaged.yaml]}}\n"


FRAMEWORK = Plain()
