"""How long a text of the pipeline can become: with the longest service, region or stack name in it."""

from __future__ import annotations

import re

from generator.aws_rules import limits
from generator.model.pipeline import SERVICE_LENGTH, Pipeline
from generator.model.text import Text

# The longest each can be today, such as ap-southeast-1, aws-us-gov and amazonaws.com.cn.
_PSEUDO = {
    "AWS::AccountId": 12,
    "AWS::Partition": 10,
    "AWS::Region": 14,
    "AWS::StackId": 230,
    "AWS::StackName": limits.STACK_NAME_LENGTH,
    "AWS::URLSuffix": 16,
}
_REFERENCE = re.compile(r"\$\{([^${}!][^${}]*)\}")


def longest(text: Text, pipeline: Pipeline) -> str:
    """A text at its longest: references become as many letters as they can have; one of unknown length stays."""
    lengths = {parameter.name: parameter.max_length for parameter in pipeline.source.parameters if parameter.max_length}
    lengths |= {"ServiceName": SERVICE_LENGTH, **_PSEUDO}

    def grown(match: re.Match[str]) -> str:
        return "x" * lengths[match[1]] if match[1] in lengths else match[0]

    return _REFERENCE.sub(grown, text).replace("${!", "${")
