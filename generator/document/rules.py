"""What a YAML file may hold: a profile for the pipeline file, for CloudFormation templates, for buildspecs."""

from __future__ import annotations

import re
from typing import NamedTuple

from generator.aws_rules import limits

# What YAML itself forbids: https://yaml.org/spec/1.1/#id868524, and lone surrogates, which no UTF-8 holds.
_SURROGATES = r"\ud800-\udfff"
_NEVER = rf"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff{_SURROGATES}"
# Line ends that editors do not show as such, marks that turn the direction of text round, and a BOM out of its place.
_DECEIVING = r"\x85\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"


class Rules(NamedTuple):
    """The limits of a file, in bytes, levels and values (aliases counted as often as they are used).

    A strict file has no tags, anchors, aliases and merges, and its keys are text. Any other gets CloudFormation's short
    tags in their long form, aliases and merges resolved, and its keys as they are written.
    `refused` are characters the text must not hold, `refused_escaped` those that no escape may stand for.
    """

    strict: bool
    max_bytes: int
    max_depth: int
    max_values: int
    refused: re.Pattern[str]
    refused_escaped: re.Pattern[str]
    when_missing: str
    when_empty: str


PIPELINE_FILE = Rules(
    strict=True,
    max_bytes=1_048_576,
    max_depth=100,
    max_values=10_000,
    refused=re.compile(f"[{_NEVER}{_DECEIVING}]"),
    refused_escaped=re.compile(f"[{_NEVER}{_DECEIVING}]"),
    when_missing="'penstock init' writes one",
    when_empty="'penstock init' writes one",
)

TEMPLATE = Rules(
    strict=False,
    max_bytes=limits.TEMPLATE_BYTES,
    max_depth=200,
    max_values=1_000_000,
    refused=re.compile(f"[{_NEVER}]"),
    refused_escaped=re.compile(f"[{_SURROGATES}]"),
    when_missing="check the path",
    when_empty="a template has at least the key Resources",
)

BUILDSPEC = Rules(
    strict=False,
    max_bytes=1_048_576,
    max_depth=100,
    max_values=10_000,
    refused=re.compile(f"[{_NEVER}]"),
    refused_escaped=re.compile(f"[{_SURROGATES}]"),
    when_missing="check the path",
    when_empty="a buildspec has a version and at least one phase",
)
