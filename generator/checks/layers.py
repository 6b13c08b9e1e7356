"""Layers by literal ARN: Lambda takes only those of the function's own region.

https://docs.aws.amazon.com/lambda/latest/dg/adding-layers.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from generator.application.template import FUNCTIONS, Template
from generator.application.values import text_of
from generator.checks.phrases import listed
from generator.document import Path, quote
from generator.errors import Problem
from generator.model.pipeline import Pipeline

_LAYER = re.compile(r"arn:[a-z-]+:lambda:(?P<region>[a-z0-9-]+):\d{12}:layer:[A-Za-z0-9_-]+:\d+")
_TOPIC = re.compile(r"arn:[a-z-]+:sns:(?P<region>[a-z0-9-]+):")


class _Pinned(NamedTuple):
    path: Path
    arn: str
    region: str


def check_layers(pipeline: Pipeline, template: Template) -> Iterator[Problem]:
    """Layers of a region the stack cannot be in, since something else of the pipeline or the template is elsewhere.

    An approval's topic is in the pipeline's region: without one, layers of different regions contradict each other,
    and a single region is only told.
    https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals.html
    """
    pinned = list(dict.fromkeys(_pinned(template)))
    regions = sorted({layer.region for layer in pinned})
    region = _region(pipeline)
    if region or len(regions) > 1:
        for use in (layer for layer in pinned if layer.region != region):
            where = f"the pipeline is in {region}" if region else f"the layers are in {listed(regions)}"
            message = f"layer {quote(use.arn)} is in a different region from its function: {where}"
            yield template.problem(use.path, message, "write the region as ${AWS::Region}, or publish the layer there")
    elif pinned:
        message = f"layers by ARN tie the application to {regions[0]}: Lambda only takes layers from its own region"
        hint = "write the region as ${AWS::Region} where the layer is in every region"
        yield template.problem(pinned[0].path, message, hint, level="info")


def _pinned(template: Template) -> Iterator[_Pinned]:
    defaults = template.defaults()
    for function in template.resources.values():
        layers = function.properties.get("Layers") if function.type in FUNCTIONS else None
        for layer in layers if isinstance(layers, list) else ():
            match = _LAYER.fullmatch(text_of(layer, defaults) or "")
            if match:
                yield _Pinned(template.place_of(function.logical_id, "Layers"), match[0], match["region"])


def _region(pipeline: Pipeline) -> str:
    """The region the pipeline is bound to; empty when it may be launched anywhere."""
    topics = (stage.approval.topic for stage in pipeline.stages if stage.approval)
    return next((match["region"] for match in map(_TOPIC.match, topics) if match), "")
