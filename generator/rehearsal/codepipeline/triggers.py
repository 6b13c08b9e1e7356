"""Which pushes start a pipeline: the filters of its triggers, and its sources' own change detection.

https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-filter.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from generator.rehearsal.codepipeline.declaration import Action, Globs, Pipeline, PushFilter


@dataclass(frozen=True, slots=True)
class Push:
    """A change of a repository: one branch or one tag, and what its commit touched.

    `provider` is that of the source actions which read it: CodeStarSourceConnection, CodeCommit or GitHub.
    """

    repository: str
    commit: str
    provider: str = "CodeStarSourceConnection"
    branch: str | None = None
    tag: str | None = None
    paths: tuple[str, ...] = ()


def started_by(pipeline: Pipeline, push: Push) -> Action | None:
    """The source action through which this push starts the pipeline, without an event rule, or None.

    A connection that has a trigger listens to that alone; another one hears pushes to its own branch, unless
    its DetectChanges is false. A source in CodeCommit or GitHub polls, unless PollForSourceChanges is false.
    """
    filters = {trigger.source_action: trigger.push for trigger in pipeline.triggers}
    for action in pipeline.stages[0].actions:
        if not _reads(action, push):
            continue
        if action.name in filters:
            heard = any(passes(push_filter, push) for push_filter in filters[action.name])
        else:
            heard = _detects(action, push)
        if heard:
            return action
    return None


def passes(push_filter: PushFilter, push: Push) -> bool:
    """Whether a filter lets a push through. Branches and file paths must both agree; excludes win."""
    if push.tag is not None:
        return push_filter.tags is not None and matches(push_filter.tags, [push.tag])
    if push_filter.tags is not None and push_filter.branches is None and push_filter.paths is None:
        return False
    branch = push_filter.branches is None or matches(push_filter.branches, [push.branch or ""])
    return branch and (push_filter.paths is None or matches(push_filter.paths, push.paths))


def matches(globs: Globs, names: Sequence[str]) -> bool:
    """Whether any of the names is let in and not kept out. Without includes, everything is let in."""
    return any((not globs.includes or _any(globs.includes, name)) and not _any(globs.excludes, name) for name in names)


def _any(patterns: Sequence[str], name: str) -> bool:
    return any(_expression(pattern).fullmatch(name) for pattern in patterns)


def passes_webhook(filters: Sequence[Mapping[str, str]], action: Action, push: Push) -> bool:
    """Whether a webhook on a GitHub source hears a push: every filter's `{Branch}` is what the action has there.

    https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_WebhookFilterRule.html
    """
    reference = f"refs/heads/{push.branch}" if push.tag is None else f"refs/tags/{push.tag}"
    expected = [_filled(rule.get("matchEquals", ""), action) for rule in filters]
    return _reads(action, push) and all(value == reference for value in expected)


def _filled(text: str, action: Action) -> str:
    return re.sub(r"\{(\w+)\}", lambda name: action.configuration.get(name[1], name[0]), text)


_REPOSITORY = {
    "CodeStarSourceConnection": ("FullRepositoryId",),
    "CodeCommit": ("RepositoryName",),
    "GitHub": ("Owner", "Repo"),
}
_BRANCH = {"CodeStarSourceConnection": "BranchName", "CodeCommit": "BranchName", "GitHub": "Branch"}
_SWITCH = {
    "CodeStarSourceConnection": "DetectChanges",
    "CodeCommit": "PollForSourceChanges",
    "GitHub": "PollForSourceChanges",
}


def _reads(action: Action, push: Push) -> bool:
    named = "/".join(action.configuration.get(key, "") for key in _REPOSITORY[push.provider])
    return action.type.provider == push.provider and named == push.repository


def _detects(action: Action, push: Push) -> bool:
    switched_on = action.configuration.get(_SWITCH[push.provider], "true").lower() != "false"
    return switched_on and push.branch == action.configuration[_BRANCH[push.provider]]


@lru_cache(maxsize=512)
def _expression(pattern: str) -> re.Pattern[str]:
    """A glob as a regular expression: `*` and `?` stay within one part of a path, `**` and `{a,b}` do not."""
    parts = re.findall(r"\*\*/|\*\*|\*|\?|\{[^{}]*\}|\[[^\]]+\]|.", pattern, re.DOTALL)
    return re.compile("".join(_PARTS.get(part) or _other(part) for part in parts), re.DOTALL)


_PARTS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def _other(part: str) -> str:
    if part.startswith("{") and part.endswith("}"):
        choices = (_expression(choice).pattern for choice in part[1:-1].split(","))
        return f"(?:{'|'.join(choices)})"
    if len(part) > 1 and part.startswith("["):
        inside = part[1:-1]
        negated = inside[0] in "!^" and len(inside) > 1
        return f"[{'^' * negated}{re.escape(inside[negated:]).replace(chr(92) + '-', '-')}]"
    return re.escape(part)
