"""Whether a role trusts a service, which is a question to the one judge like any other.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
"""

from __future__ import annotations

from collections.abc import Mapping

from generator.rehearsal.emulator.authorizer import Authorizer
from generator.rehearsal.iam.question import Question

ASSUME = "sts:AssumeRole"


def assuming(service: str, role: str, conditions: Mapping[str, str]) -> Question:
    """The question whether a service may act with a role; the conditions are the keys its request carries."""
    return Question(service, ASSUME, role, dict(conditions), behind=service)


class RoleTrust:
    """Asks for services that are about to act with a role."""

    def __init__(self, authorizer: Authorizer) -> None:
        self._authorizer = authorizer

    def trusts(self, role: str, service: str, source: str = "") -> bool:
        """Whether there is such a role and its trust policy lets the service in.

        `source` is the ARN of the resource the service acts for, empty where its request does not say.
        """
        keys = {"aws:SourceArn": source, "aws:SourceAccount": source.split(":")[4]} if source else {}
        return self._authorizer.ask(assuming(service, role, keys)).allowed
