"""What the user's account holds already and a template expects: made in the emulator before anything is launched."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from generator.errors import InvalidInputError, Problem
from generator.rehearsal.driver.lost import losing_the_emulator
from generator.rehearsal.emulator.handle import Emulator

STACK = "existing-exports"
"""The stack that exports what `export:` names."""

_FORM = "KIND:NAME=VALUE"


@dataclass(frozen=True, slots=True)
class Existing:
    """One thing that is there: its kind, a word of `KINDS`, its name and its value."""

    kind: str
    name: str
    value: str


def read(words: Sequence[str]) -> tuple[Existing, ...]:
    """What the command line names, `KIND:NAME=VALUE` each; of a policy the value is the file that holds it.

    Raises InvalidInputError for all invalid ones at once.
    """
    problems = [problem for word in words if (problem := _problem(word))]
    if problems:
        raise InvalidInputError(problems)
    return tuple(_with_document(_parsed(word)) for word in words)


def _with_document(existing: Existing) -> Existing:
    return replace(existing, value=_document(existing.value) or "") if existing.kind == "policy" else existing


def _document(path: str) -> str | None:
    """The policy that a file holds; None where it holds none."""
    with suppress(OSError, ValueError):
        text = Path(path).read_text(encoding="utf-8")
        return text if isinstance(json.loads(text), dict) else None
    return None


def _parsed(word: str) -> Existing:
    address, _, value = word.partition("=")
    kind, _, name = address.partition(":")
    return Existing(kind, name, value)


def _problem(word: str) -> Problem | None:
    existing, kinds = _parsed(word), ", ".join(sorted(KINDS))
    if "=" not in word or not existing.name:
        return Problem(f"--existing: '{word}' is not {_FORM}", hint=f"kinds: {kinds}")
    if existing.kind not in KINDS:
        return Problem(f"--existing: unknown kind '{existing.kind}'", hint=f"kinds: {kinds}")
    if existing.kind == "policy" and _document(existing.value) is None:
        return Problem(f"--existing: '{existing.value}' is no file that holds a policy in JSON")
    return None


@losing_the_emulator()
def make(emulator: Emulator, existing: Sequence[Existing]) -> None:
    """Make all of it, as its owner would have. Raises EmulatorError when the emulator ends."""
    for kind, maker in KINDS.items():
        values = {each.name: each.value for each in existing if each.kind == kind}
        if values:
            maker(emulator, values)


def _make_parameters(emulator: Emulator, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        emulator.client("ssm").put_parameter(Name=name, Value=value, Type="String", Overwrite=True)


def _make_secrets(emulator: Emulator, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        emulator.client("secretsmanager").create_secret(Name=name, SecretString=value)


def _make_exports(emulator: Emulator, values: Mapping[str, str]) -> None:
    """All of them in one stack: only stacks export."""
    outputs = {
        f"Export{number}": {"Value": value, "Export": {"Name": name}}
        for number, (name, value) in enumerate(sorted(values.items()))
    }
    resources = {"Nothing": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}
    cloudformation = emulator.client("cloudformation")
    cloudformation.create_stack(StackName=STACK, TemplateBody=json.dumps({"Resources": resources, "Outputs": outputs}))
    cloudformation.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})


def _make_policies(emulator: Emulator, values: Mapping[str, str]) -> None:
    for arn, document in values.items():
        emulator.add_policy(arn, document)


KINDS: Mapping[str, Callable[[Emulator, Mapping[str, str]], None]] = {
    "export": _make_exports,
    "policy": _make_policies,
    "secret": _make_secrets,
    "ssm": _make_parameters,
}
"""What can be said to exist: an export of another stack, a managed policy, a secret, a parameter in Parameter Store."""
