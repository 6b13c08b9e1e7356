"""The pipelines that a stack has, one a file; each makes a `CodePipeline` of what the file says."""

from __future__ import annotations

from generator.model.pipeline import CodePipeline, Pipeline
from generator.pipelines import delivery, pull_request


def pipelines(pipeline: Pipeline) -> tuple[CodePipeline, ...]:
    """All of them; the first one delivers."""
    return (delivery.codepipeline(pipeline), *pull_request.codepipelines(pipeline))
