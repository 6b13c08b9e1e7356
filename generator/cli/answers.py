"""What the commands of this user remember."""

from __future__ import annotations

import os

from generator.repository.cache.answers import Answers, answers_below
from generator.repository.cache.folder import cache_folder


def kept_answers() -> Answers:
    """The answers of SAM's translator and of cfn-lint in the user's cache folder."""
    return answers_below(cache_folder(os.environ))
