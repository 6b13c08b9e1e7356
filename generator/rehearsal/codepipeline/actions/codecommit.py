"""Source action of provider CodeCommit: the files of a branch's commit.

https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeCommit.html
"""

from __future__ import annotations

from generator.rehearsal.codepipeline.context import ActionContext
from generator.rehearsal.codepipeline.failure import ActionFailedError, not_rehearsed
from generator.rehearsal.codepipeline.sources import deliver
from generator.rehearsal.codepipeline.state import CloneRight, Outcome

ACTION_TYPES = frozenset({("Source", "AWS")})


def start(context: ActionContext) -> Outcome:
    """Put out the commit the branch stands at, or the one asked for at the start.

    The files come from the disk; the API is asked all the same, since the role must have the right to it.
    """
    if context.account != context.surroundings.account:
        raise not_rehearsed(f"A CodeCommit repository of another account ({context.account})")
    name = context.configuration["RepositoryName"]
    branch = context.configuration["BranchName"]
    codecommit = context.client("codecommit")
    head = codecommit.get_branch(repositoryName=name, branchName=branch)["branch"]["commitId"]
    revision = context.overrides.get("COMMIT_ID", head)
    codecommit.get_commit(repositoryName=name, commitId=revision)
    repository = context.repositories.codecommit(name)
    if repository is None:
        raise ActionFailedError("ConfigurationError", f"Repository {name} has no files on this machine.")
    variables = {"RepositoryName": name, "BranchName": branch}
    arn = f"arn:aws:codecommit:{context.surroundings.region}:{context.surroundings.account}:{name}"
    address = f"https://git-codecommit.{context.surroundings.region}.amazonaws.com/v1/repos/{name}"
    return deliver(context, repository, revision, variables, CloneRight("codecommit:GitPull", arn, address))
