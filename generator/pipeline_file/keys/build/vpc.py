"""The key `build.vpc`: the network in which builds and tests of commands run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.aws_rules import limits
from generator.errors import Problem
from generator.model.build import Network
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.keys.build.compute import ANOTHER, is_on_lambda
from generator.pipeline_file.schema_parts import Schema, mapping

# Of old and of today, nothing between: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
_ID = "([0-9a-f]{8}|[0-9a-f]{17})"


def _ids(prefix: str, most: int, description: str) -> Schema:
    identifier = {"type": "string", "pattern": f"^{prefix}-{_ID}$", "x-what": f"an id such as {prefix}-0a1b2c3d"}
    several = {"type": "array", "items": identifier, "minItems": 1, "maxItems": most, "uniqueItems": True}
    return {**several, "description": description}


SCHEMA: Schema = {
    **mapping(
        {
            "id": {
                "type": "string",
                "pattern": f"^vpc-{_ID}$",
                "x-what": "the id of a VPC",
                "description": "The VPC.",
            },
            "subnets": _ids("subnet", limits.SUBNETS, "Private subnets with a way out, such as a NAT gateway."),
            "security_groups": _ids("sg", limits.SECURITY_GROUPS, "What the build may reach."),
        },
        required=["id", "subnets", "security_groups"],
    ),
    "description": "The network in which builds and tests of commands run.",
}


def read(settings: Mapping[str, Any], _file: File) -> Fields:
    """The network; None without one."""
    if not settings:
        return {"network": None}
    return {"network": Network(settings["id"], tuple(settings["subnets"]), tuple(settings["security_groups"]))}


def problems(settings: Mapping[str, Any], file: File) -> Iterator[Problem]:
    """A network for Lambda compute, which has none.

    https://docs.aws.amazon.com/codebuild/latest/userguide/lambda.html
    """
    if settings and is_on_lambda(file):
        hint = f"leave it out, or {ANOTHER}"
        yield file.document.problem(("build", "vpc"), "Lambda compute runs in no VPC", hint, at="key")
