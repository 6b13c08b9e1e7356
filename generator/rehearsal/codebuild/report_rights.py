"""The build role's rights to report tests, which CodeBuild uses for a build that has reports.

https://docs.aws.amazon.com/codebuild/latest/userguide/test-permissions.html
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.rehearsal.codebuild.failure import PhaseFailedError
from generator.rehearsal.service import Surroundings

_ACTIONS = ("CreateReportGroup", "CreateReport", "UpdateReport", "BatchPutTestCases")


@dataclass(frozen=True, slots=True)
class ReportRights:
    """What `principal`, a session of the build's role, may report for a project (its ARN)."""

    surroundings: Surroundings
    principal: str
    project: str

    def check(self, group: str) -> None:
        """Raise PhaseFailedError unless the role may report to a group: an ARN, or a name behind the project's."""
        place, _, name = self.project.rpartition(":project/")
        whole = group if group.startswith("arn:") else f"{place}:report-group/{name}-{group}"
        for action in _ACTIONS[whole == group :]:
            answer = self.surroundings.may(
                self.principal, f"codebuild:{action}", whole, context={}, behind=f"the test report {group}"
            )
            if not answer.allowed:
                raise PhaseFailedError("CLIENT_ERROR", f"AccessDenied: {answer.why}")
