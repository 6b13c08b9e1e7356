"""The page of what is known of each type of the baseline says what the code says (`--rewrite` writes it anew)."""

from __future__ import annotations

import functools
import importlib
import importlib.resources
import json
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.aws_rules.iam import managed_policies
from generator.permissions import lists
from generator.permissions.corrections import BASELINE, MISSING
from generator.permissions.needed import SPECIAL, in_places, service_of
from generator.permissions.resource_names import NAMED
from generator.permissions.scopes import BUCKET, OF_ANOTHER_STACK, STACK, TAGGED

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "baseline-types.md"
SCHEMAS = Path(str(importlib.resources.files("cfnlint"))) / "data" / "schemas" / "resources"
PAGE_OF_AWS = re.compile(r"https://docs\.aws\.amazon\.com/\S+")
CALLS = "generator.rehearsal.iam.cloudformation_calls"
# Service of a type -> the module whose lists were written from AWS's pages; and services that no rehearsal judges.
MODULES = {"Lambda": "lambda_", "StepFunctions": "states"}
NOT_JUDGED: Mapping[str, tuple[str, ...]] = {
    "AppSync": (
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappsync.html",
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_AppSync.html",
    ),
    "IoT": (
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiot.html",
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iot-topicrule.html",
    ),
}
HEAD = """\
# The types of the baseline, and what is known of each

For each type that every deploy role covers: how its name comes about, which statements hold its rights, and whether
CloudFormation tags it with its stack's name. Then the pages of AWS that this was written from. Rights, identifiers and
tags are those of AWS's registry of resource types; kinds of resources and their condition keys those of AWS's service
authorization reference; both as {source} carries them, read on {day}. Nothing of it has been tried on AWS.

- **name**: "the stack's" begins with the stack's name where the template gives none, or gives one by that property,
  which is found before launch. "An id" is made by the service, or is that of the resource it is a part of.
- **scope**: the [statements](../permissions.md) of the role. "Tag": they leave out what has the tag of another stack.
  "Any": IAM knows no resource for these rights; they hold for the whole account and region.
- **tag**: whether CloudFormation tags the resource with the stack's name, by the registry; "-": it has no tags.
- **by hand**: rights that AWS's list lacks, and that are granted all the same.
"""


PASSED = """\
## Roles that are passed to services

A role of the stack may be passed to these services alone (`iam:PassedToService`): {every}. No page of AWS lists which
services send this key. Of AWS's own policies ({day}) some demand it, with `StringEquals` or `StringLike`, for
{relied_on}; none does for {others}. So the condition is `StringEqualsIfExists`: a request that carries the key is held
to it, and one without is allowed, for roles of the stack only.

Pages:

- <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html>
- <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html>
- <https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html>
"""


def passed_to() -> list[str]:
    condition = SPECIAL["iam:PassRole"].condition["StringEqualsIfExists"]
    return sorted(service.partition(".")[0] for service in condition["iam:PassedToService"])


def relied_on() -> set[str]:
    """The services for which a policy of AWS's own demands the key when a role is passed."""
    types: set[str] = set()
    for document in managed_policies.documents().values():
        statements = json.loads(document)["Statement"]
        for statement in statements if isinstance(statements, list) else [statements]:
            for test in ("StringEquals", "StringLike"):
                services = statement.get("Condition", {}).get(test, {}).get("iam:PassedToService", [])
                types.update(name.partition(".")[0] for name in ([services] if isinstance(services, str) else services))
    return types


def words(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}"


def wrapped(page: str) -> str:
    head, paragraph, rest = page.split("\n\n", 2)
    return "\n\n".join((head, textwrap.fill(paragraph.replace("\n", " "), 120, break_on_hyphens=False), rest))


@functools.cache
def schemas() -> Mapping[str, Any]:
    read = (json.loads(file.read_text(encoding="utf-8")) for file in SCHEMAS.glob("*.json"))
    return {schema["typeName"]: schema for schema in read if schema["typeName"] in BASELINE}


def schema(kind: str) -> Any:
    return schemas().get(kind, {})


def statements(kind: str) -> Iterator[tuple[str, bool, bool]]:
    """The statements with rights of a type's own service: Sid, whether by the tag, whether for anything."""
    own = f"{service_of(kind)}:"
    actions = {action for each in lists.rights_of(kind).values() for action in each if action.startswith(own)}
    for statement in in_places(actions, lists.iam_actions()):
        tagged = any(OF_ANOTHER_STACK in keys for keys in statement.condition.values())
        yield statement.sid, tagged, statement.resources == ("*",) and not statement.condition


def name(kind: str) -> str:
    own = f"{service_of(kind)}:"
    actions = {action for each in lists.rights_of(kind).values() for action in each if action.startswith(own)}
    arns = str([statement.resources for statement in in_places(actions, lists.iam_actions())])
    if kind in NAMED:
        return f"the stack's, or `{NAMED[kind].name}`"
    return "the stack's" if (STACK in arns or BUCKET in arns) and service_of(kind) not in TAGGED else "an id"


def row(kind: str) -> str:
    scope = ", ".join(
        f"`{sid}`" + (" (tag)" if tagged else " (any)" if anything else "")
        for sid, tagged, anything in statements(kind)
    )
    tagging = schema(kind).get("tagging", {})
    tag = "yes" if tagging.get("cloudFormationSystemTags") else "no" if tagging.get("taggable") else "-"
    by_hand = ", ".join(f"`{action}`" for action in MISSING.get(kind, ()))
    return f"| `{kind}` | {name(kind)} | {scope or '-'} | {tag} | {by_hand or '-'} |"


def pages(service: str) -> tuple[str, ...]:
    if service in NOT_JUDGED:
        return NOT_JUDGED[service]
    module = importlib.import_module(f"{CALLS}.{MODULES.get(service, service.lower())}")
    return tuple(PAGE_OF_AWS.findall(module.__doc__ or ""))


def text() -> str:
    data = lists.read("types.json")
    services = list(dict.fromkeys(kind.split("::")[1] for kind in BASELINE))
    parts = [HEAD.format(source=data["source"], day=data["extracted"])]
    for service in services:
        rows = [row(kind) for kind in BASELINE if kind.split("::")[1] == service]
        head = ["| type | name | scope | tag | by hand |", "|---|---|---|---|---|"]
        read = [f"- <{page}>" for page in pages(service)]
        note = ["", "No rehearsal judges these types."] if service in NOT_JUDGED else []
        parts.append("\n".join([f"## {service}", "", *head, *rows, *note, "", "Pages:", "", *read]) + "\n")
    every, relied = passed_to(), relied_on()
    split = {
        "relied_on": words(each for each in every if each in relied),
        "others": words(each for each in every if each not in relied),
    }
    parts.append(wrapped(PASSED.format(every=words(every), day=managed_policies.as_of(), **split)))
    return "\n".join(parts)


def test_the_page_says_what_the_code_says(golden: Callable[[Path, str], None]) -> None:
    golden(PAGE, text())


@pytest.mark.parametrize("service", sorted({kind.split("::")[1] for kind in BASELINE}))
def test_every_service_has_pages_of_aws(service: str) -> None:
    read = pages(service)
    assert any("/service-authorization/" in page for page in read)
    assert any("AWSCloudFormation" in page for page in read)


@pytest.mark.parametrize("kind", BASELINE)
def test_a_condition_on_the_tag_stands_where_cloudformation_gives_it(kind: str) -> None:
    """A service whose statements ask for the tag has a type that CloudFormation tags."""
    if any(tagged for _, tagged, _ in statements(kind)):
        same = [other for other in BASELINE if service_of(other) == service_of(kind)]
        assert any(schema(other).get("tagging", {}).get("cloudFormationSystemTags") for other in same)
