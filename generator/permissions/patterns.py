"""How IAM matches the pattern of an action: what people write in `extra` may be one."""

from __future__ import annotations

import re


def matches(pattern: str, action: str) -> bool:
    """Whether a pattern matches an action, as IAM compares them: case-insensitively.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
    """
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), action, re.IGNORECASE) is not None
