"""The page of what IAM is asked here and what not says what the code says (`--rewrite` writes it anew)."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from generator.aws_rules.iam import condition_keys, managed_policies, rows
from generator.permissions.corrections import BASELINE
from generator.rehearsal.emulator import key_uses, object_rights, pass_role, request_keys, service_calls
from generator.rehearsal.emulator.cloudformation import event_sources
from generator.rehearsal.emulator.ministack.iam import Call
from generator.rehearsal.iam.absent_keys import GLOBAL
from generator.rehearsal.iam.cloudformation_calls.types import KINDS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "judged-permissions.md"
ROLE = "arn:aws:iam::111122223333:role/r"
# An action of each service that takes as many of its keys as any.
ACTIONS = {
    "cloudformation": "CreateStack",
    "codebuild": "StartBuild",
    "codepipeline": "CreatePipeline",
    "dynamodb": "Scan",
    "events": "PutEvents",
    "iam": "CreateRole",
    "kms": "Decrypt",
    "lambda": "CreateFunction",
    "logs": "PutLogEvents",
    "s3": "PutObject",
    "secretsmanager": "GetSecretValue",
    "sns": "Subscribe",
    "sqs": "SendMessage",
    "ssm": "GetParameter",
    "states": "StartExecution",
    "sts": "AssumeRole",
}
# Keys that are not read from a request: the question about a role has the one, the emulator the other.
STATED = {"dynamodb": ("dynamodb:Select",), "iam": ("iam:PassedToService",)}
BESIDES_BY_HAND = (
    ("s3:GetObject of an object under a customer's key", "`kms:Decrypt` with the object or its bucket as context"),
    ("s3:PutObject under a customer's key", "`kms:GenerateDataKey`; in several parts also `kms:Decrypt`"),
    ("sns:Publish to a topic under a customer's key", "`kms:GenerateDataKey`, `kms:Decrypt`"),
    ("codepipeline:CreatePipeline, UpdatePipeline with a connection", "`PassConnection` on it"),
)
BETWEEN = (
    ("a rule that has a target", "lambda, sns, sqs (and its key), states, events: the action, as the rule or its role"),
    ("an API that calls a function or an authorizer", "`lambda:InvokeFunction`, as the API or the role it names"),
    ("a REST API that sends to a queue", "`sqs:SendMessage` and the queue's key, as the role it names"),
    ("a topic that calls a function", "`lambda:InvokeFunction`"),
    ("a topic that sends to a queue", "`sqs:SendMessage`, and the queue's key"),
    (
        "a function that writes its log",
        "`logs:CreateLogGroup`, `logs:CreateLogStream`, `logs:PutLogEvents`, as its role",
    ),
    ("a log group of a stack under a key", "`kms:GenerateDataKey`, `kms:Decrypt`, as CloudWatch Logs"),
    ("a service that acts with a role", "`sts:AssumeRole` of the role's trust policy"),
    ("a build and its artifacts, reports and logs", "objects and their key, reports, log streams, as the build's role"),
)
NOT_ASKED = (
    "service control policies, resource control policies, session policies of federated users",
    "what a transform, a macro or a type without a list calls",
    "notification rules that publish, and the key of their topic",
    "a poller's own calls after its event source mapping was made",
    "the tags of an object that is copied with its tags; a batch of secrets under several keys",
    "grants of KMS: a key is used by its policy and by policies of identities",
)


def _keys(service: str, name: str) -> tuple[str, ...]:
    """The keys a call of a service is judged by, that are the service's own."""
    call = Call(ROLE, f"{service}:{name}", "*", "us-east-1", service, {})
    return tuple(key for key in request_keys.keys_of(call) if not key.startswith("aws:"))


def _unknown(service: str, judged_by: Iterable[str]) -> list[str]:
    """The keys that AWS documents of a service and no call of it is judged by."""
    row = json.loads(rows.read(condition_keys.FILE).rows.get(service, '{"keys": []}'))
    carried = {key.lower() for key in judged_by}
    return [key for key in row["keys"] if key not in carried and key.startswith(f"{service}:")]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "-"


def _by_value(pairs: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Actions that ask for the same in one row."""
    for value in dict.fromkeys(pairs.values()):
        yield _listed(name for name, asked in pairs.items() if asked == value), _listed(value)


def _table(head: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> str:
    drawn = [head, ("---",) * len(head), *lines]
    return "\n".join(f"| {' | '.join(cells)} |" if cells[0] != "---" else f"|{'|'.join(cells)}|" for cells in drawn)


def _services() -> Iterator[tuple[str, str, str]]:
    for service, name in ACTIONS.items():
        keys = (*_keys(service, name), *STATED.get(service, ()))
        yield f"`{service}`", _listed(keys), _listed(_unknown(service, keys))


def _besides() -> Iterator[tuple[str, str]]:
    passed = {action: (f"iam:PassRole, to {service}",) for action, (_, service) in pass_role.ROLES.items()}
    yield from _by_value(passed)
    yield from _by_value(dict(key_uses.ASKED))
    headers: dict[str, tuple[str, ...]] = {}
    for header, action in object_rights.BY_HEADER.items():
        headers[f"s3:PutObject with {header}"] = (action,)
    yield from _by_value(headers)
    yield from BESIDES_BY_HAND


def _types(without: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Each service's types: with a list, and of the baseline without one."""
    listed, unlisted = _by_service(KINDS), _by_service(without)
    for service in sorted({*listed, *unlisted}):
        yield service, _listed(listed.get(service, ())), _listed(unlisted.get(service, ()))


def _by_service(types: Iterable[str]) -> dict[str, list[str]]:
    by_service: dict[str, list[str]] = {}
    for name in sorted(types):
        _, service, short = name.split("::")
        by_service.setdefault(service, []).append(short)
    return by_service


def _wrapped(text: str) -> str:
    return textwrap.fill(text, width=120, break_long_words=False, break_on_hyphens=False)


def page() -> str:
    without = sorted({*BASELINE} - {*KINDS})
    reads = event_sources.READS.items()
    sources = ((f"an event source mapping of {service}", _listed(actions)) for service, actions in reads)
    policies, keys = rows.read(managed_policies.FILE), rows.read(condition_keys.FILE)
    return f"""# What IAM is asked in a rehearsal

Made by `tests/docs/test_judged_permissions.py --rewrite` from the code. Every call of a role or a user is judged by the
policies of the principal, its permissions boundary, its session, and the resource's own policy. AWS's managed policies
are those of {policies.extracted} ({policies.source}); which key an action takes is known from {keys.source}.

An answer that hangs on a key that is not known here is never taken for a yes or a no: the run says so and ends with
exit code 5. A key that AWS documents an action not to take counts as absent, as it does there.

## Condition keys

{_wrapped(f"Of every call: {_listed((*GLOBAL, 'aws:ViaAWSService'))}.")}

Not known: those of an organisation (`aws:PrincipalOrgID` and its like), of the network a call comes from
(`aws:SourceIp`, `aws:SourceVpc`, `aws:SourceVpce`) and of the program that makes it.

{_table(("service", "known", "documented, and not known"), _services())}

## What a call asks besides itself

{_table(("call", "asked of its caller"), _besides())}

## What services ask before they call each other

{_table(("who", "what is asked"), (*BETWEEN, *sources))}

A rule's targets: {_listed(service_calls.DELIVERING.values())}.

## What CloudFormation asks under a stack's role

By lists of our own, for {len(KINDS)} types. A type of a deploy role's baseline that has no list is `not checked` in the
report, and so is every other.

{_table(("service", "asked by a list", "in the baseline, without a list"), _types(without))}

## What is not asked

{chr(10).join(f"- {line}" for line in NOT_ASKED)}
"""


def test_the_page_says_what_the_code_asks(golden: Callable[[Path, str], None]) -> None:
    golden(PAGE, page())
