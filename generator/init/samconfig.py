"""The stacks that `sam deploy` is configured for.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
"""

from __future__ import annotations

import posixpath
import tomllib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from generator import document
from generator.errors import InvalidInputError
from generator.repository.files import Repository

# The environment of `sam deploy` without --config-env.
DEFAULT = "default"


class Deployment(NamedTuple):
    """A configuration environment that names a stack."""

    environment: str
    stack: str
    region: str
    overrides: bool


class Samconfig(NamedTuple):
    """The configuration's file (empty: there is none), what it deploys in its order, and why it could not be read.

    `template` is the one it builds or deploys when told no environment; empty where it names none.
    """

    file: str = ""
    deployments: tuple[Deployment, ...] = ()
    trouble: str = ""
    template: str = ""


def _toml(repository: Repository, path: str) -> Any:
    return tomllib.loads(repository.text(path))


def _yaml(repository: Repository, path: str) -> Any:
    return document.read(repository.root / path, path, document.TEMPLATE).data


_READERS: Mapping[str, Callable[[Repository, str], Any]] = {
    "samconfig.toml": _toml,
    "samconfig.yaml": _yaml,
    "samconfig.yml": _yaml,
}


def read(repository: Repository) -> Samconfig:
    """What the repository's SAM configuration says of stacks; an unreadable one is told, since it only suggests."""
    path = repository.first(*_READERS)
    if path is None:
        return Samconfig()
    try:
        data = _READERS[path](repository, path)
    except (tomllib.TOMLDecodeError, OSError) as error:
        return Samconfig(path, trouble=str(error))
    except InvalidInputError as error:
        return Samconfig(path, trouble=error.problems[0].message)
    environments = data if isinstance(data, dict) else {}
    found = (_deployment(str(name), commands) for name, commands in environments.items())
    template = _template(environments.get(DEFAULT))
    return Samconfig(path, tuple(deployment for deployment in found if deployment), template=template)


def _template(commands: Any) -> str:
    """What `sam build` and `sam deploy` are told with --template; that of a build is the user's own."""
    stated = [
        _parameters(commands, command).get(key)
        for command in ("build", "global", "validate", "deploy")
        for key in ("template_file", "template")
    ]
    return next((posixpath.normpath(path) for path in stated if isinstance(path, str) and path), "")


def _deployment(name: str, commands: Any) -> Deployment | None:
    parameters = _parameters(commands, "global") | _parameters(commands, "deploy")
    stack = parameters.get("stack_name")
    if not isinstance(stack, str):
        return None
    region = parameters.get("region")
    return Deployment(name, stack, region if isinstance(region, str) else "", "parameter_overrides" in parameters)


def _parameters(commands: Any, command: str) -> dict[str, Any]:
    settings = commands.get(command) if isinstance(commands, dict) else None
    parameters = settings.get("parameters") if isinstance(settings, dict) else None
    return parameters if isinstance(parameters, dict) else {}
