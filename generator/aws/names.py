"""What the stack and the pipeline of a service are called on AWS."""

from __future__ import annotations


def pipeline_name(service: str) -> str:
    """The name of a service's pipeline, and of its stack unless it was launched under another."""
    return f"{service}-pipeline"


def environment_stack(pipeline: str, word: str) -> str:
    """The name of the stack of an environment in another account; its pipeline has to be launched by the usual name."""
    return f"{pipeline.removesuffix('-pipeline')}-environment-{word}"
