"""Which condition keys AWS documents, and which of them each action takes.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

import fnmatch
import functools
import json
from collections.abc import Mapping

from generator.aws_rules.iam import rows

FILE = "condition_keys.gz"


def takes(action: str, key: str) -> bool | None:
    """Whether an action takes a service's condition key; None when the action or the key is in no documentation.

    Both are case-insensitive.
    """
    service, _, name = action.lower().partition(":")
    taken = _service(service).get(name)
    if taken is None or not _is_documented(key.lower()):
        return None
    return _is_among(key.lower(), taken)


def _is_among(key: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(key, pattern) for pattern in patterns)


@functools.cache
def _is_documented(key: str) -> bool:
    service = key.partition(":")[0]
    return any(_is_among(key, taken) for taken in _service(service).values())


@functools.cache
def _service(prefix: str) -> Mapping[str, tuple[str, ...]]:
    """Actions in lower case, and the keys each takes; what is a tag's or a context's name there is `*`."""
    row = json.loads(rows.read(FILE).rows.get(prefix, '{"keys": [], "actions": {}}'))
    keys = row["keys"]
    return {action: tuple(keys[number] for number in numbers) for action, numbers in row["actions"].items()}
