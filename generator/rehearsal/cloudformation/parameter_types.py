"""What types a template's parameter can have.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from generator.rehearsal.cloudformation.errors import TemplateError

_STORED = "AWS::SSM::Parameter::Value<"
_LIST = "List<"
OF_THE_ACCOUNT = frozenset({
    *("AWS::EC2::AvailabilityZone::Name", "AWS::EC2::Image::Id", "AWS::EC2::Instance::Id"),
    *("AWS::EC2::KeyPair::KeyName", "AWS::EC2::SecurityGroup::GroupName", "AWS::EC2::SecurityGroup::Id"),
    *("AWS::EC2::Subnet::Id", "AWS::EC2::Volume::Id", "AWS::EC2::VPC::Id", "AWS::Route53::HostedZone::Id"),
})  # fmt: skip
"""Types whose values have to exist in the account, one by one or in a list."""
_ALONE = frozenset({"String", "Number", "AWS::SSM::Parameter::Name"}) | OF_THE_ACCOUNT
_IN_LISTS = frozenset({"Number"}) | (OF_THE_ACCOUNT - {"AWS::EC2::KeyPair::KeyName"})
_STORED_IN_LISTS = frozenset({"String"}) | OF_THE_ACCOUNT


@dataclass(frozen=True, slots=True)
class ParameterType:
    """A type: what each value is, whether there is a list of them, whether Parameter Store holds it."""

    of: str
    is_list: bool = False
    is_stored: bool = False

    def value(self, written: str) -> str | list[str]:
        """What Ref returns of a value: list members are trimmed, and the empty text is a list of one empty text.

        "The total number of strings should be one more than the total number of commas. Also, each member string is
        space trimmed."
        """
        return [member.strip() for member in written.split(",")] if self.is_list else written


def parameter_type(declared: Any) -> ParameterType:
    """The type of a parameter's declaration. Raises TemplateError for one there is not."""
    if declared is None:
        raise TemplateError("Template format error: Every Parameters object must contain a Type member.")
    name = str(declared)
    if name.startswith(_STORED) and name.endswith(">"):
        inner = _unwrapped(name.removeprefix(_STORED)[:-1], _STORED_IN_LISTS)
        if inner and (inner.is_list or inner.of == "String" or inner.of in OF_THE_ACCOUNT):
            return ParameterType(inner.of, inner.is_list, is_stored=True)
    elif plain := _unwrapped(name, _IN_LISTS):
        return plain
    raise TemplateError(f"Template format error: Unrecognized parameter type: {name}")


def _unwrapped(name: str, in_lists: frozenset[str]) -> ParameterType | None:
    if name == "CommaDelimitedList":
        return ParameterType("String", is_list=True)
    if name.startswith(_LIST) and name.endswith(">"):
        member = name.removeprefix(_LIST)[:-1]
        return ParameterType(member, is_list=True) if member in in_lists else None
    return ParameterType(name) if name in _ALONE else None
