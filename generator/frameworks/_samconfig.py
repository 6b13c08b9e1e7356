"""The stacks that `sam deploy` is configured for.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from typing import Any

from generator import document
from generator.errors import InvalidInputError
from generator.frameworks import DeployedStack, OwnConfiguration
from generator.repository.files import Repository

# The environment of `sam deploy` without --config-env.
_DEFAULT = "default"


def _toml(repository: Repository, path: str) -> Any:
    import tomllib  # noqa: PLC0415 - only `init` reads it, and `generate` would pay for its expressions

    return tomllib.loads(repository.text(path))


def _yaml(repository: Repository, path: str) -> Any:
    return document.read(repository.root / path, path, document.TEMPLATE).data


_READERS: Mapping[str, Callable[[Repository, str], Any]] = {
    "samconfig.toml": _toml,
    "samconfig.yaml": _yaml,
    "samconfig.yml": _yaml,
}


def own_configuration(repository: Repository) -> OwnConfiguration:
    """What the repository's SAM configuration says about stacks; an unreadable one is only reported."""
    path = repository.first(*_READERS)
    if path is None:
        return OwnConfiguration()
    try:
        data = _READERS[path](repository, path)
    except (ValueError, OSError) as error:
        return OwnConfiguration(path, trouble=str(error))
    except InvalidInputError as error:
        return OwnConfiguration(path, trouble=error.problems[0].message)
    environments = data if isinstance(data, dict) else {}
    stacks = (_stack(str(name), commands) for name, commands in environments.items())
    template = _template(environments.get(_DEFAULT))
    return OwnConfiguration(path, tuple(stack for stack in stacks if stack), template=template)


def _template(commands: Any) -> str:
    """What `sam build` and `sam deploy` get with --template; that of a build is the user's own."""
    stated = [
        _parameters(commands, command).get(key)
        for command in ("build", "global", "validate", "deploy")
        for key in ("template_file", "template")
    ]
    return next((posixpath.normpath(path) for path in stated if isinstance(path, str) and path), "")


def _stack(name: str, commands: Any) -> DeployedStack | None:
    parameters = _parameters(commands, "global") | _parameters(commands, "deploy")
    stack = parameters.get("stack_name")
    if not isinstance(stack, str):
        return None
    region = parameters.get("region")
    return DeployedStack(
        name,
        stack,
        region if isinstance(region, str) else "",
        overrides="parameter_overrides" in parameters,
        is_default=name == _DEFAULT,
    )


def _parameters(commands: Any, command: str) -> dict[str, Any]:
    settings = commands.get(command) if isinstance(commands, dict) else None
    parameters = settings.get("parameters") if isinstance(settings, dict) else None
    return parameters if isinstance(parameters, dict) else {}
