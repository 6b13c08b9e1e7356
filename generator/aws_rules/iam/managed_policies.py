"""The policies that AWS manages, by their ARN.

https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from generator.aws_rules.iam import rows

FILE = "managed_policies.gz"
_PREFIX = "arn:aws:iam::aws:policy/"
_MANAGED = re.compile(r"arn:aws[a-z-]*:iam::aws:policy/.*")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
_OF_SERVICES = "aws-service-role/"


def is_managed(arn: str) -> bool:
    """Whether an ARN names a policy of AWS's own, one that exists or not."""
    return _MANAGED.fullmatch(arn) is not None


def document(arn: str) -> str | None:
    """The policy document, as JSON, of a policy of the partition `aws`; None when AWS has no such policy."""
    return _rows().get(arn.removeprefix(_PREFIX)) if arn.startswith(_PREFIX) else None


def documents() -> Mapping[str, str]:
    """Every policy's document, by its ARN's path and name ("service-role/AWSLambdaBasicExecutionRole")."""
    return _rows()


def is_attachable(arn: str) -> bool:
    """Whether a user, group or role can have it: those of service-linked roles are theirs alone."""
    return not arn.startswith(_PREFIX + _OF_SERVICES)


@functools.cache
def by_name() -> Mapping[str, str]:
    """ARNs by the policies' names, by which SAM finds them."""
    return {path.rpartition("/")[2]: _PREFIX + path for path in _rows()}


def as_of() -> str:
    """The day the list is of."""
    return rows.read(FILE).extracted


def _rows() -> Mapping[str, str]:
    return rows.read(FILE).rows
