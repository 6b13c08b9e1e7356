"""A CodeCommit repository, created with the pipeline or already there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.model.action import Action
from generator.model.artifact import SOURCE_ARTIFACT
from generator.model.iam import Statement
from generator.model.source import BRANCH, BRANCH_PARAMETER, Source
from generator.model.template import Output, Parameter, Resource
from generator.model.text import Json, attribute, reference

SCHEMA: Mapping[str, Json] = {
    "type": "object",
    "description": "A CodeCommit repository in the account and region of the pipeline.",
    "additionalProperties": False,
    "required": ["repository"],
    "properties": {
        "repository": {
            "type": "string",
            "description": "The repository's name.",
            # https://docs.aws.amazon.com/codecommit/latest/userguide/limits.html
            "pattern": r"^(?!.*\.git$)[A-Za-z0-9._-]{1,100}$",
            "x-what": "a CodeCommit repository name (letters, digits, '.', '_' and '-', not ending in .git)",
            "examples": ["time-service"],
        },
        "branch": {"$ref": "#/$defs/branch"},
        "create": {
            "type": "boolean",
            "default": True,
            "description": "Create the repository with the pipeline; false uses one that exists.",
        },
    },
}

# https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeCommit.html
_REPOSITORY, _NAME = "Repository", "RepositoryName"
_VARIABLES = ("AuthorDate", "BranchName", "CommitId", "CommitMessage", "CommitterDate", "RepositoryName")
_ARN = "arn:${AWS::Partition}:codecommit:${AWS::Region}:${AWS::AccountId}:"
# https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
_READ = (
    "codecommit:CancelUploadArchive",
    "codecommit:GetBranch",
    "codecommit:GetCommit",
    "codecommit:GetRepository",
    "codecommit:GetUploadArchiveStatus",
    "codecommit:UploadArchive",
)


def source(settings: Mapping[str, Any], service: str) -> Source:
    """The source for these settings; a push to the branch starts the pipeline through an event, never by polling."""
    create = settings["create"]
    name = attribute(_REPOSITORY, "Name") if create else reference(_NAME)
    return Source(
        kind="codecommit",
        action=Action(
            name="Source",
            category="Source",
            provider="CodeCommit",
            configuration={"RepositoryName": name, "BranchName": BRANCH, "PollForSourceChanges": "false"},
            outputs=(SOURCE_ARTIFACT,),
            namespace="Source",
        ),
        commit="#{Source.CommitId}",
        parameters=_parameters(settings, service),
        statements=(Statement("ReadSource", _READ, (_ARN + name,)),),
        variables=_VARIABLES,
        resources=(_repository(),) if create else (),
        outputs=_outputs(name, create),
        conditions={"NamedRepository": {"Fn::Not": [{"Fn::Equals": [{"Ref": _NAME}, ""]}]}} if create else {},
        event_pattern=_pushed(name),
    )


def _parameters(settings: Mapping[str, Any], service: str) -> tuple[Parameter, ...]:
    create = settings["create"]
    # Left empty where it can be, so that the next service of the same template needs nothing but its name.
    default = "" if create and settings["repository"] == service else settings["repository"]
    return (
        Parameter(
            _NAME,
            default,
            "Source",
            "Name of the CodeCommit repository to create; empty means the service's name."
            if create
            else "Name of the CodeCommit repository that holds the application.",
            pattern=r"[A-Za-z0-9._-]*" if create else r"[A-Za-z0-9._-]+",
            constraint="Letters, digits, '.', '_' and '-'.",
            max_length=100,
        ),
        Parameter(
            BRANCH_PARAMETER,
            settings["branch"],
            "Source",
            "A push to this branch starts the pipeline.",
            max_length=255,
        ),
    )


def _repository() -> Resource:
    named = {"Fn::If": ["NamedRepository", {"Ref": _NAME}, {"Ref": "ServiceName"}]}
    return Resource(
        _REPOSITORY,
        "AWS::CodeCommit::Repository",
        {"RepositoryName": named, "RepositoryDescription": "Source of ${ServiceName}"},
        "The source repository; it stays when the stack goes.",
        keep=True,
    )


def _outputs(name: str, create: bool) -> tuple[Output, ...]:
    url = (
        attribute(_REPOSITORY, "CloneUrlHttp")
        if create
        else "https://git-codecommit.${AWS::Region}.${AWS::URLSuffix}/v1/repos/" + name
    )
    return (Output("RepositoryCloneUrl", url, "Push the application here; every push to the branch is delivered."),)


def _pushed(name: str) -> Mapping[str, Json]:
    # https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-trigger-source-repo-changes-cfn.html
    return {
        "source": ["aws.codecommit"],
        "detail-type": ["CodeCommit Repository State Change"],
        "resources": [_ARN + name],
        "detail": {
            "event": ["referenceCreated", "referenceUpdated"],
            "referenceType": ["branch"],
            "referenceName": [BRANCH],
        },
    }
