"""Source action of provider CodeStarSourceConnection: a local repository stands for the one behind it.

https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
"""

from __future__ import annotations

from generator.rehearsal.codepipeline.context import ActionContext
from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.rehearsal.codepipeline.sources import deliver
from generator.rehearsal.codepipeline.state import Outcome

ACTION_TYPES = frozenset({("Source", "AWS")})
AVAILABLE = "AVAILABLE"


def start(context: ActionContext) -> Outcome:
    """Put out the commit the branch stands at, or the one that started the execution."""
    arn = context.configuration["ConnectionArn"]
    name = context.configuration["FullRepositoryId"]
    branch = context.configuration["BranchName"]
    _refuse_unavailable(context, arn)
    repository = context.repositories.connected(name)
    if repository is None:
        raise ActionFailedError("ConfigurationError", f"No repository on this machine stands for {name}.")
    variables = {"ConnectionArn": arn, "FullRepositoryName": name, "BranchName": branch}
    return deliver(context, repository, context.overrides.get("COMMIT_ID", f"refs/heads/{branch}"), variables)


def _refuse_unavailable(context: ActionContext, arn: str) -> None:
    # The pipeline's role may use a connection and not look at it: CodePipeline itself looks. The ARN says by
    # which of the service's two names: codestar-connections or codeconnections.
    connections = context.surroundings.client(arn.split(":")[2])
    status = connections.get_connection(ConnectionArn=arn)["Connection"]["ConnectionStatus"]
    if status != AVAILABLE:
        raise ActionFailedError("ConfigurationError", f"Connection {arn} is not available: its status is {status}.")
