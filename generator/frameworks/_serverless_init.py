"""The stages that a serverless.yml has parameters for, with the stacks that `sls deploy` makes of them."""

from __future__ import annotations

from collections.abc import Iterator

from generator.frameworks import DeployedStack, OwnConfiguration
from generator.frameworks._serverless_file import NAMES, ServerlessFile, read
from generator.repository.files import Repository


def own_configuration(repository: Repository) -> OwnConfiguration:
    """The stacks of the service at the root."""
    path = repository.first(*NAMES)
    if path is None:
        return OwnConfiguration()
    file = read(repository, path)
    trouble = file.problems[0].message if file.problems else ""
    return OwnConfiguration(path, tuple(_stacks(file)), trouble, path)


def _stacks(file: ServerlessFile) -> Iterator[DeployedStack]:
    params = file.at("params")
    region = file.text(file.at("provider", "region"), "") or ""
    for word in params if isinstance(params, dict) else ():
        if word != "default" and (stack := file.stack(word)):
            yield DeployedStack(word, stack, region, overrides=False)
