"""What AWS asks of an action of each type: how many artifacts, which configuration keys, which pipeline type.

https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-action-artifacts.html
https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference.html
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.rehearsal.codepipeline.declaration import ActionType


@dataclass(frozen=True, slots=True)
class Demands:
    """Least and most artifacts in and out; keys that must be there and keys that may; V2 only or not.

    Without `optional` (None) the keys are not known here and none is refused.
    """

    inputs: tuple[int, int]
    outputs: tuple[int, int]
    required: frozenset[str] = frozenset()
    optional: frozenset[str] | None = None
    v2: bool = False


def demands(kind: ActionType) -> Demands | None:
    """What AWS asks of this type of action; None for a type that is not known."""
    if kind.owner == "ThirdParty":
        return _OF_OTHERS.get((kind.category, kind.provider))
    return _DEMANDS.get((kind.category, kind.provider)) if kind.owner == "AWS" else None


def _keys(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CODEBUILD = Demands(
    (1, 5),
    (0, 5),
    _keys("ProjectName"),
    _keys("PrimarySource EnvironmentVariables BatchEnabled CombineArtifacts BuildspecOverride"),
)
_OF_OTHERS = {
    ("Source", "GitHub"): Demands((0, 0), (1, 1), _keys("Owner Repo Branch OAuthToken"), _keys("PollForSourceChanges")),
}
_DEMANDS = {
    ("Source", "CodeCommit"): Demands(
        (0, 0),
        (1, 1),
        _keys("RepositoryName BranchName"),
        _keys("PollForSourceChanges OutputArtifactFormat"),
    ),
    ("Source", "CodeStarSourceConnection"): Demands(
        (0, 0),
        (1, 1),
        _keys("ConnectionArn FullRepositoryId BranchName"),
        _keys("OutputArtifactFormat DetectChanges"),
    ),
    ("Source", "S3"): Demands(
        (0, 0),
        (1, 1),
        _keys("S3Bucket S3ObjectKey"),
        _keys("PollForSourceChanges AllowOverrideForS3ObjectKey"),
    ),
    ("Source", "ECR"): Demands((0, 0), (1, 1), _keys("RepositoryName")),
    ("Build", "CodeBuild"): _CODEBUILD,
    ("Test", "CodeBuild"): _CODEBUILD,
    ("Deploy", "CloudFormation"): Demands(
        (0, 10),
        (0, 1),
        _keys("ActionMode StackName"),
        _keys(
            "ChangeSetName TemplatePath TemplateConfiguration Capabilities RoleArn ParameterOverrides OutputFileName"
        ),
    ),
    ("Deploy", "Lambda"): Demands((1, 1), (0, 0), _keys("FunctionName"), v2=True),
    ("Deploy", "S3"): Demands((1, 1), (0, 0), _keys("BucketName Extract")),
    ("Invoke", "Lambda"): Demands((0, 5), (0, 5), _keys("FunctionName"), _keys("UserParameters")),
    ("Invoke", "StepFunctions"): Demands((0, 1), (0, 1), _keys("StateMachineArn")),
    ("Invoke", "CodePipeline"): Demands((0, 0), (0, 0), _keys("PipelineName"), v2=True),
    ("Compute", "Commands"): Demands((1, 10), (0, 1), v2=True),
    ("Approval", "Manual"): Demands((0, 0), (0, 0), optional=_keys("NotificationArn CustomData ExternalEntityLink")),
}
