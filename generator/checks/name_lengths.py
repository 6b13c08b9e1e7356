"""Names that are too long for their service: fixed ones, and those CloudFormation makes of the stack's name.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from generator.application.conditions import holds
from generator.application.template import Resource, Template
from generator.application.values import text_of
from generator.aws_rules import limits
from generator.checks.phrases import listed
from generator.checks.physical_names import PHYSICAL_NAMES
from generator.document import quote
from generator.errors import Problem

# Whose generated names begin with the stack's, and whose ARNs the deploy role tells by that.
_GENERATED = frozenset({
    "AWS::Events::Rule", "AWS::IAM::Role", "AWS::Lambda::Function", "AWS::S3::Bucket", "AWS::SQS::Queue",
})  # fmt: skip
# The shortest they can be: us-east-1, aws, amazonaws.com.
_SHORTEST = {
    "AWS::AccountId": "1" * 12,
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::URLSuffix": "amazonaws.com",
}
# Enough names to see what is meant.
_SHOWN = 3


class NamedStack(NamedTuple):
    """A stack of a template: its name, and the text of every parameter and pseudo parameter known in it.

    Of a stack within another, the name is that of the outermost, by which the deploy role knows what it may touch, and
    `added` are the characters that its own name has behind that.
    """

    name: str
    values: Mapping[str, str]
    added: int = 0


def check_fixed_names(
    template: Template, resources: Iterable[Resource], stacks: Iterable[NamedStack]
) -> Iterator[Problem]:
    """A name the template or SAM gives that is longer than its service takes, even in the region of the shortest name.

    `resources` are the template's or those SAM makes of it; each is reported once, for the first such stack.
    """
    stacks = tuple(stacks)
    for resource in resources:
        key, _ = PHYSICAL_NAMES.get(resource.type, ("", ""))
        limit = limits.NAME_LENGTHS.get(resource.type, 0)
        names = _names(template, resource, key, stacks) if key and limit else ()
        name = next((name for name in names if len(name) > limit), "")
        if name:
            yield _too_long(template, resource.logical_id, key, (name, limit))


def _names(template: Template, resource: Resource, key: str, stacks: Iterable[NamedStack]) -> Iterator[str]:
    """The resource's name in each stack that may have it, as far as it is fixed."""
    conditions = template.document.data.get("Conditions")
    for stack in stacks:
        if not resource.condition or holds(resource.condition, conditions, stack.values) is not False:
            yield text_of(resource.properties.get(key), {**stack.values, **_SHORTEST}) or ""


def _too_long(template: Template, logical_id: str, key: str, sized: tuple[str, int]) -> Problem:
    name, limit = sized
    message = f"{key} {quote(name)} of {logical_id} has {len(name)} characters; AWS takes {limit}"
    if logical_id in template.resources:
        return template.problem(template.place_of(logical_id, key), message, f"shorten it, or leave {key} out")
    # SAM made it, and made its name of logical ids.
    return template.problem(template.origin_of(logical_id), message, "shorten the logical ids it is made of", at="key")


def check_generated_names(
    template: Template, resources: Iterable[Resource], stacks: Iterable[NamedStack]
) -> Iterator[Problem]:
    """Names that CloudFormation cuts, and the stack's name in them, by which the deploy role knows what it may touch.

    AWS says nowhere how a name is cut. Seen is: what the suffix leaves is shared evenly, so that a stack's name stays
    whole up to half of it. Beyond, the name no longer begins with `<stack>-`, and IAM refuses.
    """
    resources = tuple(resources)
    for stack in stacks:
        cut = [resource.logical_id for resource in resources if _is_cut(resource, stack)]
        if cut:
            message = (
                f"CloudFormation may cut the name of stack {stack.name} in the names it makes for {_few(cut)}, and the"
                f" deploy role may touch only what begins with '{stack.name}-'"
            )
            hint = (
                "shorten the logical ids or the stack's name, which of 25 characters always stays whole, "
                "or write deploy_role: {scope: wide}"
            )
            yield template.problem(("Resources",), message, hint, at="key", level="warning")


def _is_cut(resource: Resource, stack: NamedStack) -> bool:
    key, _ = PHYSICAL_NAMES.get(resource.type, ("", ""))
    if resource.type not in _GENERATED or resource.properties.get(key) is not None:
        return False
    room = limits.NAME_LENGTHS[resource.type] - limits.NAME_SUFFIX_LENGTH
    whole = len(stack.name) + stack.added
    return whole + len(resource.logical_id) > room and len(stack.name) > (room + 1) // 2


def _few(names: list[str]) -> str:
    return f"{', '.join(names[:_SHOWN])} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else listed(names)
