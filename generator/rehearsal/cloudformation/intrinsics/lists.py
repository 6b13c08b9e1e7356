"""Functions about lists: Select, Length, GetAZs, Cidr."""

from __future__ import annotations

import ipaddress
import itertools
import re
from typing import Any

from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError
from generator.rehearsal.cloudformation.intrinsics.context import Context
from generator.rehearsal.cloudformation.values import NO_VALUE

_SELECT = "Template error: Fn::Select requires a list argument with two elements: an integer index and a list"
_SELECT_NULL = "Template error: Fn::Select requires a list of non-null values"
_CIDR = "Template error: Fn::Cidr requires a list argument with three elements: an IP block, a count and subnet bits"
_ZONES = "Template error: every Fn::GetAZs object must have a String-typed value."
_LENGTH = "Template error: Fn::Length requires an array, or a function that returns one"
_INTEGER = re.compile(r"[0-9]+")
_MOST_BLOCKS = 256


class Zones(list[str]):
    """The Availability Zones that are known of a region; there may be more of them on AWS."""


def select(argument: Any, context: Context) -> Any:
    """An item of a list by its index, from zero.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-select.html
    """
    if not isinstance(argument, list) or len(argument) != 2:  # noqa: PLR2004 - index and list
        raise TemplateError(_SELECT)
    written = context.text(argument[0], _SELECT)
    items = _items(argument[1], context)
    if not _INTEGER.fullmatch(written):
        raise TemplateError(_SELECT)
    if int(written) < len(items):
        return items[int(written)]
    if isinstance(items, Zones):
        raise NotEvaluatedError(f"Availability Zone {written} of the region: {len(items)} are known here")
    raise TemplateError(f"Template error: Fn::Select cannot select nonexistent value at index {written}")


def _items(node: Any, context: Context) -> list[Any]:
    """The list to select from, which cannot "have null entries"."""
    items = [context.value(item) for item in node] if isinstance(node, list) else context.value(node)
    if not isinstance(items, list):
        raise TemplateError(_SELECT)
    if None in items:
        raise TemplateError(_SELECT_NULL)
    if NO_VALUE in items:
        raise NotEvaluatedError("AWS::NoValue in the list of an Fn::Select, which AWS's page does not mention")
    return items


def length(argument: Any, context: Context) -> int:
    """How many items a list has.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-length.html
    """
    items = context.value(argument)
    if not isinstance(items, list):
        raise TemplateError(_LENGTH)
    if isinstance(items, Zones):
        raise NotEvaluatedError("how many Availability Zones the region has")
    return len(items)


def zones(argument: Any, context: Context) -> Zones:
    """The Availability Zones of a region; the empty text is the stack's own.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getavailabilityzones.html
    """
    region = context.text(argument, _ZONES)
    if region not in {"", context.scope.stack.region}:
        raise NotEvaluatedError(f"the Availability Zones of {region}, which is not the region of the stack")
    return Zones(context.scope.account.zones())


def cidr(argument: Any, context: Context) -> list[str]:
    """Address blocks of one size within a larger one; the third argument, the bits below the mask, may be left out.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
    """
    match argument:
        case [block, count, *bits] if len(bits) <= 1:
            pass
        case _:
            raise TemplateError(_CIDR)
    if not bits:
        raise NotEvaluatedError("Fn::Cidr without subnet bits, whose default AWS's page does not say")
    network = _network(context.text(block, _CIDR))
    return _blocks(network, _whole(count, context), _whole(bits[0], context))


def _whole(node: Any, context: Context) -> int:
    written = context.text(node, _CIDR)
    if not _INTEGER.fullmatch(written):
        raise TemplateError(_CIDR)
    return int(written)


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _network(block: str) -> Network:
    try:
        return ipaddress.ip_network(block, strict=False)
    except ValueError:
        raise TemplateError(f"Template error: Fn::Cidr: {block} is not a CIDR block") from None


def _blocks(network: Network, count: int, bits: int) -> list[str]:
    """So many blocks of this size, from the first address on."""
    if not 1 <= count <= _MOST_BLOCKS:
        raise TemplateError(f"Template error: Fn::Cidr: the count must be between 1 and {_MOST_BLOCKS}, not {count}")
    prefix = network.max_prefixlen - bits
    if not network.prefixlen <= prefix <= network.max_prefixlen or count > 2 ** (prefix - network.prefixlen):
        raise TemplateError(f"Template error: Fn::Cidr: {network} does not hold {count} blocks of {bits} subnet bits")
    return [str(subnet) for subnet in itertools.islice(network.subnets(new_prefix=prefix), count)]
