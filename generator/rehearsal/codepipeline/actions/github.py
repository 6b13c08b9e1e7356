"""Source action of provider GitHub (version 1, by OAuth token): a local repository stands for the one on GitHub.

https://docs.aws.amazon.com/codepipeline/latest/userguide/appendix-github-oauth.html
"""

from __future__ import annotations

from generator.rehearsal.codepipeline.context import ActionContext
from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.rehearsal.codepipeline.sources import deliver
from generator.rehearsal.codepipeline.state import CloneRight, Outcome

ACTION_TYPES = frozenset({("Source", "ThirdParty")})


def start(context: ActionContext) -> Outcome:
    """Put out the commit the branch stands at, or the one that started the execution. The token is never looked at."""
    settings = context.configuration
    name, branch = f"{settings['Owner']}/{settings['Repo']}", settings["Branch"]
    repository = context.repositories.connected(name)
    if repository is None:
        raise ActionFailedError("ConfigurationError", f"No repository on this machine stands for {name}.")
    variables = {"RepositoryName": settings["Repo"], "BranchName": branch}
    # Its artifact is always a zip, so that no build ever clones.
    right = CloneRight("", "", "")
    return deliver(context, repository, context.overrides.get("COMMIT_ID", f"refs/heads/{branch}"), variables, right)
