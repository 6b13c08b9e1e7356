"""What every repository behind a connection shares: GitHub, GitLab and Bitbucket differ in words only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.model.action import Action
from generator.model.artifact import SOURCE_ARTIFACT
from generator.model.iam import Statement
from generator.model.source import BRANCH, BRANCH_PARAMETER, Source
from generator.model.template import Output, Parameter, Resource
from generator.model.text import Json

# https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
_VARIABLES = ("AuthorDate", "BranchName", "CommitId", "CommitMessage", "ConnectionArn", "FullRepositoryName")
_ARN = r"arn:aws[a-z-]*:(codeconnections|codestar-connections):[a-z0-9-]+:[0-9]{12}:connection/[0-9a-f-]{36}"


def schema(title: str, what: str, pattern: str, example: str) -> Mapping[str, Json]:
    """The settings of one provider; `pattern` and `what` say how it spells a repository."""
    return {
        "type": "object",
        "description": f"A repository on {title}, reached through a connection.",
        "additionalProperties": False,
        "required": ["repository"],
        "properties": {
            "repository": {
                "type": "string",
                "description": f"The repository: {what}.",
                "pattern": f"^{pattern}$",
                "maxLength": 255,
                "x-what": f"{what}, as in {example}",
                "examples": [example],
            },
            "branch": {"$ref": "#/$defs/branch"},
            "connection": {
                "type": "string",
                "description": "ARN of an existing connection; without it the stack creates one, "
                "which stays PENDING until somebody finishes it in the console.",
                "pattern": f"^{_ARN}$",
                "x-what": "the ARN of a connection",
                "examples": [
                    "arn:aws:codeconnections:eu-west-1:111122223333:connection/8f0d2f9e-1111-4222-8333-abcdefabcdef"
                ],
            },
        },
    }


def source(kind: str, provider_type: str, settings: Mapping[str, Any]) -> Source:
    """The source for a repository of `provider_type` (the word of AWS::CodeConnections::Connection)."""
    arn = settings.get("connection", "")
    # A template that was told an ARN still takes an empty one at launch, and then makes the connection itself.
    connection = {"Fn::If": ["CreateConnection", {"Ref": "Connection"}, {"Ref": "ConnectionArn"}]}
    return Source(
        kind=kind,
        action=Action(
            name="Source",
            category="Source",
            provider="CodeStarSourceConnection",
            configuration={
                "ConnectionArn": connection,
                "FullRepositoryId": "${FullRepositoryId}",
                "BranchName": BRANCH,
                "OutputArtifactFormat": "CODE_ZIP",
                "DetectChanges": "true",
            },
            outputs=(SOURCE_ARTIFACT,),
            namespace="Source",
        ),
        commit="#{Source.CommitId}",
        parameters=_parameters(arn, settings),
        # Both actions are needed whichever service the ARN names:
        # https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
        statements=(
            Statement(
                "UseConnection",
                ("codeconnections:UseConnection", "codestar-connections:UseConnection"),
                (connection,),
            ),
        ),
        variables=_VARIABLES,
        resources=(_connection(provider_type),),
        outputs=_outputs(connection),
        conditions={"CreateConnection": {"Fn::Equals": [{"Ref": "ConnectionArn"}, ""]}},
    )


def _parameters(arn: str, settings: Mapping[str, Any]) -> tuple[Parameter, ...]:
    return (
        Parameter(
            "ConnectionArn",
            arn,
            "Source",
            "ARN of a connection that is AVAILABLE; empty creates one, to be finished in the console.",
            pattern=f"({_ARN})?",
            constraint="The ARN of a connection, or nothing.",
        ),
        Parameter(
            "FullRepositoryId",
            settings["repository"],
            "Source",
            "The repository as owner/name; capitals count.",
            max_length=255,
        ),
        Parameter(
            BRANCH_PARAMETER,
            settings["branch"],
            "Source",
            "The branch that is delivered.",
            max_length=255,
        ),
    )


def _connection(provider_type: str) -> Resource:
    return Resource(
        "Connection",
        "AWS::CodeConnections::Connection",
        {"ConnectionName": "${ServiceName}", "ProviderType": provider_type},
        "PENDING until somebody finishes it in the console: only a person can authorize it.",
        condition="CreateConnection",
    )


def _outputs(connection: Json) -> tuple[Output, ...]:
    pending = (
        "PENDING: open https://console.aws.amazon.com/codesuite/settings/connections?region=${AWS::Region}, choose "
        "${Connection}, press 'Update pending connection', then release a change of the pipeline"
    )
    return (
        Output("ConnectionArn", connection, "The connection through which the repository is read."),
        Output(
            "ConnectionToFinish",
            {"Fn::If": ["CreateConnection", pending, "nothing to do: the connection was given"]},
            "What has to be done before the first commit is delivered.",
        ),
    )
