"""The key `trigger`: which pushes and pull requests start the pipelines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.aws_rules import limits
from generator.errors import Problem
from generator.model.pipeline import Pipeline
from generator.model.source import BRANCH
from generator.model.text import literal
from generator.model.trigger import Filter, PullRequest, Push
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.keys.source import source
from generator.pipeline_file.schema_parts import Schema, mapping
from generator.pipeline_file.service_inputs import patterns

_PATTERNS: Schema = {
    "type": "array",
    "items": {"type": "string", "minLength": 1, "maxLength": limits.FILTER_PATTERN_LENGTH},
    "minItems": 1,
    "maxItems": limits.FILTER_PATTERNS,
    "uniqueItems": True,
}
_FILTER: Schema = {"anyOf": [_PATTERNS, mapping({"includes": _PATTERNS, "excludes": _PATTERNS}, least=1)]}
_PATHS = {**_FILTER, "description": "Globs of files: a push that touches none of them starts nothing."}
_PUSH = {
    "branches": {**_FILTER, "description": "Globs of branches."},
    "paths": _PATHS,
    "tags": {**_FILTER, "description": "Globs of tags."},
}
_PULL_REQUESTS = {
    "branches": {
        **_FILTER,
        "description": "The branches that pull requests want to be merged into; the source's own when left out.",
    },
    "paths": _PATHS,
}
SCHEMA: Schema = {
    **mapping(
        {
            "push": {**mapping(_PUSH, least=1), "description": "Which pushes start the pipeline."},
            "pull_requests": {
                "anyOf": [{"type": "boolean"}, mapping(_PULL_REQUESTS, least=1)],
                "description": "Which pull requests are built, in a pipeline of their own that ends after Build and "
                "has no secrets; true: those for the source's branch.",
            },
        },
        least=1,
    ),
    "description": "What starts the pipeline; only for a source behind a connection.",
}
# The branch that a launch may choose is a parameter of the template.
_DELIVERED = Filter(includes=(BRANCH,))
_PULL_REQUESTS_KEY = ("trigger", "pull_requests")


def read(settings: Mapping[str, Any], file: File) -> Fields:
    """The filters of the pushes that start the pipeline, and of the pull requests that are built."""
    pushes = _pushes(settings["push"]) if "push" in settings else _of_services(file)
    return {"pushes": pushes, "pull_request": _pull_request(settings)}


def problems(settings: Mapping[str, Any], file: File) -> Iterator[Problem]:
    """A trigger of a source that tells CodePipeline of nothing."""
    used = source(file)
    if settings and used.event_pattern:
        hint = f"a {used.kind} source starts the pipeline through EventBridge, for its branch or key alone"
        yield file.document.problem(("trigger",), "a trigger needs a source behind a connection", hint, at="key")


def remarks(_settings: Mapping[str, Any], file: File, pipeline: Pipeline) -> Iterator[Problem]:
    """Each thing that the delivering build has and that of a pull request, which nobody has read, has not."""
    if file.has_services and not source(file).event_pattern and not pipeline.pushes:
        message = f"every push starts the pipeline: a filter of its trigger takes {limits.FILTER_PATTERNS} patterns"
        hint = "what has not changed is left alone all the same; trigger: {push: {paths: [...]}} filters otherwise"
        yield file.document.problem(("services",), message, hint, at="key", level="info")
    if pipeline.pull_request is None:
        return
    hint = "$CODEBUILD_INITIATOR is codepipeline/PullRequests-<service> there: unit tests can pass over what needs them"
    if secrets := ", ".join(secret.name for secret in pipeline.build.secrets):
        message = f"builds of pull requests get no secrets: {secrets}"
        yield file.document.problem(_PULL_REQUESTS_KEY, message, hint, level="info")
    if pipeline.build.machine.network:
        message = "builds of pull requests run outside the VPC"
        yield file.document.problem(_PULL_REQUESTS_KEY, message, hint, level="info")


def _of_services(file: File) -> tuple[Push, ...]:
    """A push that touches none of several services starts nothing, where the source can tell."""
    globs = patterns(file) if file.has_services and not source(file).event_pattern else ()
    return (Push(_DELIVERED, Filter(tuple(map(literal, globs)))),) if globs else ()


def _pushes(settings: Mapping[str, Any]) -> tuple[Push, ...]:
    """None: every push to the source's branch starts the pipeline."""
    filters = {name: _filter(patterns) for name, patterns in settings.items()}
    # Tags are a filter of their own: https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-filter.html
    on_branches = {"branches", "paths"} & filters.keys()
    branches = (Push(filters.get("branches"), filters.get("paths")),) if on_branches else ()
    return (*branches, *((Push(tags=filters["tags"]),) if "tags" in filters else ()))


def _pull_request(settings: Mapping[str, Any]) -> PullRequest | None:
    """AWS chooses by branches, or by branches and paths: never by paths alone.

    https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-triggers.html
    """
    written = settings.get("pull_requests", False)
    if written is False:
        return None
    filters = {} if written is True else {name: _filter(patterns) for name, patterns in written.items()}
    return PullRequest(filters.get("branches", _DELIVERED), filters.get("paths"))


def _filter(patterns: Any) -> Filter:
    both = {"includes": patterns} if isinstance(patterns, list) else patterns
    return Filter(*(tuple(literal(glob) for glob in both.get(name, ())) for name in ("includes", "excludes")))
