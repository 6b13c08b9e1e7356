"""An artifact bucket or key that is there already: a parameter in the place of the resource.

What refers to the resource's ARN refers to the parameter instead; in a bucket that others may use, this pipeline's
roles reach its own folders.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.model.artifact import PACKAGED_PREFIX
from generator.model.pipeline import Pipeline
from generator.model.template import Parameter, Resource
from generator.model.text import Json
from generator.render.storage import CACHE

_BUCKET, _KEY = "${ArtifactBucket.Arn}", "${ArtifactKey.Arn}"
_BUCKET_ARN = "arn:${AWS::Partition}:s3:::${ArtifactBucket}"
# CodePipeline's own folder begins with the service's name.
_FOLDERS = [f"{_BUCKET_ARN}/{folder}*" for folder in ("${ServiceName}", f"{PACKAGED_PREFIX}/", "Cache/${ServiceName}/")]
_GROUP = "Artifacts"


def parameters(pipeline: Pipeline) -> tuple[Parameter, ...]:
    """The parameters that stand where resources would."""
    found = []
    if pipeline.bucket:
        found.append(Parameter("ArtifactBucket", pipeline.bucket, _GROUP, "An existing bucket for artifacts."))
    if pipeline.key:
        found.append(Parameter("ArtifactKey", pipeline.key, _GROUP, "The ARN of an existing key for artifacts."))
    return tuple(found)


def placed(resource: Resource, pipeline: Pipeline) -> Resource:
    """The resource with what exists in the place of what the template would make."""
    if not (pipeline.bucket or pipeline.key):
        return resource
    return resource._replace(properties=_placed(resource.properties, pipeline))


def _placed(value: Json, pipeline: Pipeline) -> Any:
    if isinstance(value, Mapping):
        return {key: _placed(_folders(key, inner, pipeline), pipeline) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_placed(inner, pipeline) for inner in value]
    return _text(value, pipeline) if isinstance(value, str) else value


def _folders(key: str, value: Json, pipeline: Pipeline) -> Json:
    everything = f"{_BUCKET}/*"
    return _FOLDERS if pipeline.bucket and key == "Resource" and value == everything else value


def _text(text: str, pipeline: Pipeline) -> str:
    if pipeline.bucket:
        text = f"{CACHE}/${{ServiceName}}" if text == CACHE else text.replace(_BUCKET, _BUCKET_ARN)
    return text.replace(_KEY, "${ArtifactKey}") if pipeline.key else text
