"""What a build may read so that the Serverless Framework finds the values of a file's variables: exactly these."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence

from generator.model.iam import Statement
from generator.repository.files import Repository

_VARIABLE = re.compile(r"\$\{\s*(?P<source>ssm|cf|s3)(?:\((?P<options>[^)]*)\))?:(?P<rest>[^}]*)")
_FILE = re.compile(r"\$\{\s*file\(\s*([^)$]+?)\s*\)")
_STAGE = re.compile(r"\$\{\s*(?:sls:stage|self:provider\.stage|opt:stage\b[^${}]*)\s*\}")
_INNER = re.compile(r"\$\{[^${}]*\}")
_SECRETS = "/aws/reference/secretsmanager/"
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_HERE = "${AWS::Region}"
_DECRYPT = "kms:Decrypt"
_NAMES = {
    "cloudformation:DescribeStacks": "ReadOutputsOfVariables",
    _DECRYPT: "DecryptParametersOfVariables",
    "s3:GetObject": "ReadObjectsOfVariables",
    "secretsmanager:GetSecretValue": "ReadSecretsOfVariables",
    "ssm:GetParameter": "ReadParametersOfVariables",
}


def statements(
    repository: Repository, path: str, stages: Sequence[str], stacks: Iterable[str] = ()
) -> tuple[Statement, ...]:
    """The rights for these stages, by the names of their actions; any other variable within a name may be anything.

    The outputs of `stacks` are read as well.
    """
    by_action: dict[str, set[str]] = {}
    for stack in stacks:
        by_action.setdefault("cloudformation:DescribeStacks", set()).update(arn for _, arn in _of("cf", stack, _HERE))
    written = [_STAGE.sub(stage, text) for text in texts(repository, path, set()) for stage in stages]
    for text in written:
        for action, arn in _needed(text):
            by_action.setdefault(action, set()).add(arn)
    return tuple(_statement(action, tuple(sorted(arns))) for action, arns in sorted(by_action.items()))


def _statement(action: str, arns: tuple[str, ...]) -> Statement:
    if action != _DECRYPT:
        return Statement(_NAMES[action], (action,), arns)
    # https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
    condition = {"StringLike": {"kms:EncryptionContext:PARAMETER_ARN": list(arns)}}
    return Statement(_NAMES[action], (action,), ("*",), condition, comment="Of any key, but these parameters alone.")


def texts(repository: Repository, path: str, seen: set[str]) -> Iterator[str]:
    """The file, and those that it includes by a plain path, but for the ones `seen`."""
    path = posixpath.normpath(path)
    if path in seen or not repository.has(path):
        return
    seen.add(path)
    try:
        text = repository.text(path)
    except (OSError, ValueError):
        return
    yield text
    for match in _FILE.finditer(text):
        yield from texts(repository, posixpath.join(posixpath.dirname(path), match[1]), seen)


def _needed(text: str) -> Iterator[tuple[str, str]]:
    # Innermost first: what they say may be anything in the name around them.
    while (replaced := _INNER.sub(lambda inner: inner[0] if _VARIABLE.match(inner[0]) else "*", text)) != text:
        text = replaced
    for match in _VARIABLE.finditer(text):
        name = re.split(r"[,~]", match["rest"])[0].strip()
        named = _REGION.search(match["options"] or "")
        region = named[0] if named else _HERE
        yield from _of(match["source"], name, region)


def _of(source: str, name: str, region: str) -> Iterator[tuple[str, str]]:
    account = f"{region}:${{AWS::AccountId}}"
    if source == "s3":
        yield "s3:GetObject", f"arn:${{AWS::Partition}}:s3:::{name}"
    elif source == "cf":
        stack = name.partition(".")[0]
        yield "cloudformation:DescribeStacks", f"arn:${{AWS::Partition}}:cloudformation:{account}:stack/{stack}/*"
    elif name.startswith(_SECRETS):
        secret = name.removeprefix(_SECRETS)
        yield "secretsmanager:GetSecretValue", f"arn:${{AWS::Partition}}:secretsmanager:{account}:secret:{secret}-*"
        yield "ssm:GetParameter", f"arn:${{AWS::Partition}}:ssm:{account}:parameter{name}"
    else:
        parameter = f"arn:${{AWS::Partition}}:ssm:{account}:parameter/{name.lstrip('/')}"
        yield "ssm:GetParameter", parameter
        yield _DECRYPT, parameter
