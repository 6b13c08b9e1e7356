"""The stages that a serverless.yml has parameters for, and the one that `sls deploy` takes when none is named."""

from __future__ import annotations

from collections.abc import Iterator

from generator.frameworks import DeployedStack, OwnConfiguration
from generator.frameworks._serverless_file import NAMES, ServerlessFile, read
from generator.repository.files import Repository

_DEFAULT_STAGE = "dev"


def own_configuration(repository: Repository) -> OwnConfiguration:
    """The stacks of the service at the root."""
    path = repository.first(*NAMES)
    if path is None:
        return OwnConfiguration()
    file = read(repository, path)
    trouble = file.problems[0].message if file.problems else ""
    return OwnConfiguration(path, tuple(_stacks(file)), trouble, path)


def _stacks(file: ServerlessFile) -> Iterator[DeployedStack]:
    params, stated = file.at("params"), file.at("provider", "stage")
    default = file.text(stated, _DEFAULT_STAGE) if isinstance(stated, str) else _DEFAULT_STAGE
    words = [word for word in params if word != "default"] if isinstance(params, dict) else []
    region = file.text(file.at("provider", "region"), "") or ""
    for word in words:
        if stack := file.stack(word):
            yield DeployedStack(word, stack, region, overrides=False)
    if not words and default and (stack := file.stack(default)):
        yield DeployedStack(default, stack, region, overrides=False, is_default=True)
