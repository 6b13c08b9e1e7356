"""Source action of provider CodeStarSourceConnection: a local repository stands for the one behind it.

https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
"""

from __future__ import annotations

from botocore.exceptions import ClientError

from generator.rehearsal.assumptions import CONNECTION_COMPLETED
from generator.rehearsal.codepipeline.context import ActionContext
from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.rehearsal.codepipeline.sources import deliver
from generator.rehearsal.codepipeline.state import CloneRight, Outcome

ACTION_TYPES = frozenset({("Source", "AWS")})
AVAILABLE = "AVAILABLE"


def start(context: ActionContext) -> Outcome:
    """Put out the commit the branch stands at, or the one that started the execution.

    A connection is completed by hand, in the console, and often made outside the template: that it is AVAILABLE
    is an assumption.
    """
    arn = context.configuration["ConnectionArn"]
    name = context.configuration["FullRepositoryId"]
    branch = context.configuration["BranchName"]
    _refuse_unavailable(context, arn)
    _refuse_unallowed(context, arn)
    repository = context.repositories.connected(name)
    if repository is None:
        raise ActionFailedError("ConfigurationError", f"No repository on this machine stands for {name}.")
    variables = {"ConnectionArn": arn, "FullRepositoryName": name, "BranchName": branch}
    service = arn.split(":")[2]
    address = f"https://{service}.{context.surroundings.region}.amazonaws.com/{name}.git"
    right = CloneRight(f"{service}:UseConnection", arn, address)
    return deliver(context, repository, context.overrides.get("COMMIT_ID", f"refs/heads/{branch}"), variables, right)


def _refuse_unavailable(context: ActionContext, arn: str) -> None:
    status = _status(context, arn)
    if status != AVAILABLE and not context.handle.assume(CONNECTION_COMPLETED):
        raise ActionFailedError("ConfigurationError", f"Connection {arn} is not available: its status is {status}.")


def _refuse_unallowed(context: ActionContext, arn: str) -> None:
    """https://docs.aws.amazon.com/dtconsole/latest/userguide/security-iam.html#security_iam-with-connections."""
    service = arn.split(":")[2]
    keys = {
        f"{service}:FullRepositoryId": context.configuration["FullRepositoryId"],
        f"{service}:BranchName": context.configuration["BranchName"],
    }
    answer = context.may(f"{service}:UseConnection", arn, keys)
    if not answer.allowed:
        reason = "The provided role does not have sufficient permissions."
        raise ActionFailedError("PermissionError", f"Unable to use Connection: {arn}. {reason} {answer.why}")


def _status(context: ActionContext, arn: str) -> str:
    # The pipeline's role may use a connection and not look at it: CodePipeline itself looks. The ARN says by
    # which of the service's two names: codestar-connections or codeconnections.
    connections = context.surroundings.client(arn.split(":")[2])
    try:
        return str(connections.get_connection(ConnectionArn=arn)["Connection"]["ConnectionStatus"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return "unknown"
