"""Commands that leave a CloudFormation template for each stage: `cdk synth` and whatever else does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.document import Document
from generator.errors import Problem
from generator.frameworks._by_stage import ByStage
from generator.repository.files import Repository

# Files at the root of a repository -> the language that its commands are likely to need, and a version.
_LANGUAGES = {
    "package.json": ("nodejs", "22"),
    "pyproject.toml": ("python", "3.13"),
    "requirements.txt": ("python", "3.13"),
}


class Commands(ByStage):
    """Commands that leave a CloudFormation template for each stage: `cdk synth` and whatever else does."""

    NEEDS_TEMPLATE = False
    BUILD_KEYS: tuple[str, ...] = ("commands",)
    TEMPLATE = "template that the build's commands leave"
    # What the commands leave has no usual name: the pipeline file says it.
    APP_NAMES: tuple[str, ...] = ("{stage}.yaml",)
    LANGUAGES: Mapping[str, str] = {"nodejs": "commands.yml", "python": "commands.yml"}

    def recognises(self, _repository: Repository) -> bool:
        """Never: which commands to run is for the pipeline file to say."""
        return False

    def builds_of_files_alone(self, _repository: Repository, _path: str) -> bool:
        """Never: what commands read, nobody sees."""
        return False

    def languages(self, repository: Repository, _path: str) -> Mapping[str, str]:
        """Those whose packages the build installs at the root."""
        return {language: version for name, (language, version) in _LANGUAGES.items() if repository.has(name)}

    def problems(self, document: Document, _repository: Repository, path: str) -> Iterator[Problem]:
        """Commands or a template that the file does not name; where commands deploy as well there is no template."""
        if not path:
            return
        build, app = document.data.get("build", {}), document.data.get("app", {})
        at = ("build", "framework")
        if not build.get("commands") and not build.get("buildspec"):
            hint = 'build: {framework: commands, commands: ["npx cdk synth --quiet --context stage=$STAGE"]}'
            yield document.problem(at, "framework: commands needs the commands", hint)
        if not app.get("template"):
            hint = "app: {template: cdk.out/Shop-{stage}.template.json}"
            yield document.problem(at, "framework: commands needs the path of what the commands leave", hint)


FRAMEWORK = Commands()
