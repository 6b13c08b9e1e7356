"""What ends the evaluation of a template: CloudFormation would refuse it, or it cannot be evaluated here."""

from __future__ import annotations

CANNOT = "cannot be rehearsed"
"""How every text begins that says so; none of CloudFormation's own does."""


class TemplateError(ValueError):
    """CloudFormation would refuse the template, or fail the stack; the message is its own where AWS documents it."""


class NotEvaluatedError(ValueError):
    """AWS would go on here and this evaluation cannot: never a guess, and nothing the template's author did wrong."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{CANNOT}: {what}")
