"""Entry point of the process that lints: a line of JSON in (text, name, region), a line of JSON out (its errors).

It ends with its parent.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from generator.aws_rules.lint import lint
from generator.errors import PenstockError


def main() -> None:
    """Answer every line until there are no more."""
    for line in sys.stdin:
        asked = json.loads(line)
        sys.stdout.write(json.dumps(errors(asked["text"], asked["name"], asked["region"])) + "\n")
        sys.stdout.flush()


def errors(text: str, name: str, region: str) -> Sequence[str]:
    """cfn-lint's errors with their places; warnings are none."""
    try:
        problems = lint(text, name, regions=(region,))
    except PenstockError as refused:
        return [str(refused)]
    return [f"{problem.place}: {problem.message}" for problem in problems if problem.level == "error"]


if __name__ == "__main__":
    main()
