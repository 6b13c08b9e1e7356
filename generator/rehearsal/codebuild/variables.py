"""The user's variables of a build: merged by precedence, looked up in Parameter Store and Secrets Manager."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from generator.rehearsal.codebuild.buildspec import Buildspec
from generator.rehearsal.codebuild.failure import PhaseFailedError

_MOST_PARAMETERS = 10  # names in one GetParameters

Client = Any
GetClient = Callable[[str], Client]


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable; `value` is a text or, by its type, a reference to one."""

    name: str
    value: str
    type: str = "PLAINTEXT"


def of_buildspec(buildspec: Buildspec) -> list[Variable]:
    """The variables a buildspec sets."""
    kinds = {
        "PLAINTEXT": buildspec.variables,
        "PARAMETER_STORE": buildspec.parameter_store,
        "SECRETS_MANAGER": buildspec.secrets,
    }
    return [Variable(name, value, kind) for kind, table in kinds.items() for name, value in table.items()]


def of_api(variables: Iterable[Mapping[str, str]] | None) -> list[Variable]:
    """The variables of a project or of StartBuild, from the shape the API gives them."""
    return [
        Variable(entry["name"], entry.get("value") or "", entry.get("type") or "PLAINTEXT") for entry in variables or ()
    ]


def merged(*layers: Iterable[Variable]) -> dict[str, Variable]:
    """One variable for each name: a later layer wins. AWS: buildspec, then project, then StartBuild."""
    return {variable.name: variable for layer in layers for variable in layer}


@dataclass(frozen=True, slots=True)
class Resolved:
    """The values of variables, and which of them are secret."""

    values: Mapping[str, str]
    secret: frozenset[str]

    def secrets(self) -> list[str]:
        """The values no log may show."""
        return [self.values[name] for name in sorted(self.secret)]


def resolve(variables: Mapping[str, Variable], client: GetClient) -> Resolved:
    """Look up what is a reference, with clients that have the build role's rights.

    Raises PhaseFailedError in CodeBuild's words for what is not there or not allowed.
    """
    stored = [variable for variable in variables.values() if variable.type == "PARAMETER_STORE"]
    kept = [variable for variable in variables.values() if variable.type == "SECRETS_MANAGER"]
    values = {variable.name: variable.value for variable in variables.values()}
    values |= _parameters(stored, client) | {variable.name: _secret(variable, client) for variable in kept}
    return Resolved(values, frozenset(variable.name for variable in stored + kept))


def _parameters(variables: list[Variable], client: GetClient) -> dict[str, str]:
    names = sorted({variable.value for variable in variables})
    values: dict[str, str] = {}
    for some in _portions(names):
        try:
            answer = client("ssm").get_parameters(Names=some, WithDecryption=True)
        except ClientError as error:
            raise PhaseFailedError("Decrypted Variables Error", str(error)) from error
        values |= {parameter["Name"]: parameter["Value"] for parameter in answer["Parameters"]}
    missing = [name for name in names if name not in values]
    if missing:
        raise PhaseFailedError("Decrypted Variables Error", f"parameter does not exist: {', '.join(missing)}")
    return {variable.name: values[variable.value] for variable in variables}


def _portions(names: list[str]) -> list[list[str]]:
    return [names[start : start + _MOST_PARAMETERS] for start in range(0, len(names), _MOST_PARAMETERS)]


@dataclass(frozen=True, slots=True)
class SecretReference:
    """`secret-id:json-key:version-stage:version-id`, where the id may be an ARN, which has colons itself."""

    secret: str
    key: str = ""
    stage: str = ""
    version: str = ""

    @staticmethod
    def parse(text: str) -> SecretReference:
        """Take the reference apart."""
        parts = text.split(":")
        length = 7 if text.startswith("arn:") else 1
        rest = [*parts[length:], "", "", ""][:3]
        return SecretReference(":".join(parts[:length]), *rest)

    def request(self) -> dict[str, str]:
        """What GetSecretValue is asked."""
        fields = {"SecretId": self.secret, "VersionStage": self.stage, "VersionId": self.version}
        return {name: value for name, value in fields.items() if value}


def _secret(variable: Variable, client: GetClient) -> str:
    reference = SecretReference.parse(variable.value)
    try:
        text = client("secretsmanager").get_secret_value(**reference.request())["SecretString"]
    except ClientError as error:
        detail = error.response.get("Error", {})
        words = f"{detail.get('Code')}: {detail.get('Message')}"
        raise PhaseFailedError("Secrets Manager Error", f"{variable.name}: {words}") from error
    except KeyError as error:
        words = f"{variable.name}: the secret {reference.secret} is binary and has no text"
        raise PhaseFailedError("Secrets Manager Error", words) from error
    return _json_key(variable.name, str(text), reference.key) if reference.key else str(text)


def _json_key(name: str, text: str, key: str) -> str:
    try:
        value = json.loads(text)[key]
    except (ValueError, KeyError, TypeError, IndexError) as error:
        words = f"{name}: the secret has no JSON key '{key}'"
        raise PhaseFailedError("Secrets Manager Error", words) from error
    return value if isinstance(value, str) else json.dumps(value)
