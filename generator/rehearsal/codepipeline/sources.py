"""What the source actions of git repositories have in common: a commit becomes an artifact and variables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from generator.aws_rules import limits
from generator.rehearsal.codepipeline.context import ActionContext
from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.rehearsal.codepipeline.repositories import archive, clone_archive, commit
from generator.rehearsal.codepipeline.state import CloneRight, Outcome, Revision

CLONE = "CODEBUILD_CLONE_REF"
"""The format of an artifact that tells builds what to clone; builds alone can read it."""


def deliver(
    context: ActionContext, repository: Path, revision: str, variables: Mapping[str, str], right: CloneRight
) -> Outcome:
    """Put out the files of a revision as the action's artifact, with what AWS tells about the commit.

    `right` is what a build needs for an artifact that is to be cloned.
    """
    head = commit(repository, revision)
    (name,) = context.action.outputs
    file = context.folder / "source.zip"
    is_clone = context.configuration.get("OutputArtifactFormat", "CODE_ZIP") == CLONE
    if is_clone:
        clone_archive(repository, head.id, file, right.address)
    else:
        archive(repository, head.id, file)
    refuse_too_large(file)
    dates = {"AuthorDate": head.author_date}
    if context.action.type.provider == "CodeCommit":
        dates["CommitterDate"] = head.committer_date
    return Outcome(
        summary=head.message,
        external_id=head.id,
        artifacts=(context.put(name, file, head.id, right if is_clone else None),),
        variables={"CommitId": head.id, "CommitMessage": head.message, **dates, **variables},
        revision=Revision(name, head.id, head.message, created=head.created),
    )


def refuse_too_large(file: Path, most: int = limits.SOURCE_BYTES) -> None:
    """Raise ActionFailedError for a source larger than AWS takes."""
    size = file.stat().st_size
    if size > most:
        raise ActionFailedError(
            "ConfigurationError", f"The source artifact has {size} bytes; at most {most} bytes are allowed."
        )
