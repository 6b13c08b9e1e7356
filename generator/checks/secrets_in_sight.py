"""Values in the pipeline file that look like secrets: everybody who reads the repository or the console reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.document import Document
from generator.errors import Problem

_NAMES = re.compile(r"secret|passw|token|credential|(api|private|access)_?key", re.IGNORECASE)
# What begins so is given out by AWS, GitHub, GitLab, Slack, Stripe and npm, or is a private key.
_VALUES = re.compile(r"(AKIA|ASIA)[A-Z0-9]{16}|(ghp|gho|ghs)_|github_pat_|glpat-|xox[abp]-|sk_live_|npm_|-----BEGIN ")
_ENVIRONMENT = ("build", "environment")


def check_secrets_in_sight(file: Document) -> Iterator[Problem]:
    """A warning for each plain environment variable of the build whose name or value says that it is a secret."""
    for name, value in file.data.get("build", {}).get("environment", {}).items():
        filled_in = isinstance(value, str) and value.startswith("#{")
        if _VALUES.match(str(value)) or (_NAMES.search(name) and isinstance(value, str) and not filled_in):
            message = f"'{name}' looks like a secret, and stands here for everybody to read"
            hint = f"keep it in Secrets Manager: build: {{secrets: {{{name}: {{secretsmanager: <name>}}}}}}"
            yield file.problem((*_ENVIRONMENT, name), message, hint, at="key", level="warning")
