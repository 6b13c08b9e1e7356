"""What a deploy role reaches: whether its statements let it do something to a resource, and what would let it."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import NamedTuple

from generator.model.iam import Statement
from generator.model.text import lowered
from generator.permissions import lists
from generator.permissions.needed import service_of
from generator.permissions.patterns import matches
from generator.permissions.scopes import BUCKET, OF_ANOTHER_STACK, STACK

_READING = ("describe", "get", "list")


class Reach(NamedTuple):
    """The statements of the role that deploys a stack, and the stack's name, which its tags say."""

    statements: tuple[Statement, ...]
    stack: str

    def allows(self, action: str, arn: str, *, foreign: bool = False) -> bool:
        """Whether a statement allows an action on an ARN, in which `*` stands for what only a launch can tell.

        Partition, region and account of an ARN are not compared: which they are is not known before launch. What is
        `foreign` may have the tags of another stack.
        """
        return any(
            statement.effect == "Allow"
            and not (foreign and any(OF_ANOTHER_STACK in keys for keys in statement.condition.values()))
            and any(matches(pattern, action) for pattern in statement.actions)
            and any(isinstance(resource, str) and self._matches(arn, resource) for resource in statement.resources)
            for statement in self.statements
        )

    def _matches(self, arn: str, resource: str) -> bool:
        resource = resource.replace(STACK, self.stack).replace(BUCKET, lowered(self.stack))
        return fnmatchcase(_anywhere(arn), _anywhere(resource))


def _anywhere(arn: str) -> str:
    """An ARN of any partition, region and account; a reference in one of these has colons of its own."""
    for name in ("${AWS::Partition}", "${AWS::Region}", "${AWS::AccountId}"):
        arn = arn.replace(name, "*")
    fields = arn.split(":", 5)
    return ":".join(("arn", "*", fields[2], "*", "*", fields[5])) if len(fields) > 5 else arn  # noqa: PLR2004 -- an ARN


def own_actions(kind: str) -> tuple[str, ...]:
    """The actions of a type's own service that deploying one takes and that hold for an ARN; by name."""
    actions = {action for several in lists.rights_of(kind).values() for action in several}
    return tuple(sorted(action for action in actions if _has_arn(action, service_of(kind))))


def making(kind: str) -> str:
    """The action that stands for a type: the first with which its own service makes one; empty: none is known."""
    created = (action for action in lists.rights_of(kind).get("create", ()) if _has_arn(action, service_of(kind)))
    writing = (action for action in created if not action.partition(":")[2].lower().startswith(_READING))
    return next(iter(sorted(writing, key=_last_if_it_tags)), "")


def _has_arn(action: str, service: str) -> bool:
    own, _, name = action.partition(":")
    return own == service and bool(lists.iam_actions().get(own, {}).get(name.lower()))


def _last_if_it_tags(action: str) -> tuple[bool, bool, str]:
    name = action.partition(":")[2]
    return ("Tag" in name, not name.startswith(("Create", "Put", "Add", "Subscribe", "Invoke")), name)


def extra(actions: Iterable[str], arns: Iterable[str]) -> str:
    """A statement for the pipeline file, ready to paste."""
    resources = ", ".join(f'"{arn}"' for arn in arns)
    return f"deploy_role: {{extra: [{{actions: [{', '.join(actions)}], resources: [{resources}]}}]}}"
