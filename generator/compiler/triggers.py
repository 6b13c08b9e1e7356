"""What starts the pipelines: `trigger` of the pipeline file, its schema and its values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.compiler.schema_parts import Schema, mapping
from generator.document import Document
from generator.errors import Problem
from generator.model.source import Source
from generator.model.text import literal
from generator.model.trigger import Filter, PullRequest, Push

_BRANCHES = "The branches that pull requests want to be merged into; the source's own when left out."
_PULL_REQUESTS = (
    "Which pull requests are built, in a pipeline of their own that ends after Build and has no secrets; "
    "true: those for the source's branch."
)
# The branch that a launch may choose is a parameter of the template.
_DELIVERED = Filter(includes=("${BranchName}",))


def schema() -> Schema:
    """The top-level key `trigger`."""
    patterns: Schema = {
        "type": "array",
        "items": {"type": "string", "minLength": 1, "maxLength": 255},
        "minItems": 1,
        "maxItems": 8,
        "uniqueItems": True,
    }
    both = mapping({"includes": patterns, "excludes": patterns}, least=1)
    chosen = {"anyOf": [patterns, both]}
    paths = {**chosen, "description": "Globs of files: a push that touches none of them starts nothing."}
    push = mapping(
        {
            "branches": {**chosen, "description": "Globs of branches."},
            "paths": paths,
            "tags": {**chosen, "description": "Globs of tags."},
        },
        least=1,
    )
    pull_requests = mapping({"branches": {**chosen, "description": _BRANCHES}, "paths": paths}, least=1)
    properties = {
        "push": {**push, "description": "Which pushes start the pipeline."},
        "pull_requests": {"anyOf": [{"type": "boolean"}, pull_requests], "description": _PULL_REQUESTS},
    }
    return {
        **mapping(properties, least=1),
        "description": "What starts the pipeline; only for a source behind a connection.",
    }


def pushes(data: Mapping[str, Any]) -> tuple[Push, ...]:
    """The filters of the pushes that start the pipeline; none: every push to the source's branch does."""
    named = {name: _filter(patterns) for name, patterns in data.get("trigger", {}).get("push", {}).items()}
    # Tags are a filter of their own: https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-filter.html
    on_branches = (Push(named.get("branches"), named.get("paths")),) if {"branches", "paths"} & named.keys() else ()
    return (*on_branches, *((Push(tags=named["tags"]),) if "tags" in named else ()))


def pull_request(data: Mapping[str, Any]) -> PullRequest | None:
    """Which pull requests are built, if any. AWS chooses by branches, or by branches and paths: never by paths alone.

    https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-triggers.html
    """
    settings = data.get("trigger", {}).get("pull_requests", False)
    if settings is False:
        return None
    named = {} if settings is True else {name: _filter(patterns) for name, patterns in settings.items()}
    return PullRequest(named.get("branches", _DELIVERED), named.get("paths"))


def problems(document: Document, source: Source) -> Iterator[Problem]:
    """A trigger of a source that tells CodePipeline of nothing."""
    if "trigger" in document.data and source.event_pattern:
        hint = f"a {source.kind} source starts the pipeline through EventBridge, for its branch or key alone"
        yield document.problem(("trigger",), "a trigger needs a source behind a connection", hint, at="key")


def _filter(patterns: Any) -> Filter:
    both = {"includes": patterns} if isinstance(patterns, list) else patterns
    return Filter(*(tuple(literal(glob) for glob in both.get(name, ())) for name in ("includes", "excludes")))
