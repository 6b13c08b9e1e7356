"""A pipeline execution and a change set for describe_changes to read."""

from typing import Any

from test_runner_lambda import describe_changes
from tests.test_runner_lambda.doubles import Aws, Context, job_event

ASKED = {"stage": "prod", "stack": "s-prod", "change_set": "c-1", "pipeline": "s-pipeline", "execution_id": "e-1"}
DIRECT = {key: value for key, value in ASKED.items() if key != "change_set"}
COMMIT = "0123456789abcdef0123456789abcdef01234567"
STACK_ID = "arn:{}:cloudformation:{}:111122223333:stack/s-prod/5d1f2c3e-aaaa-bbbb-cccc-0123456789ab"
CHANGE_SET_ID = "arn:{}:cloudformation:{}:111122223333:changeSet/c-1/6e2f3d4c-aaaa-bbbb-cccc-0123456789ab"
PLACE = "cloudformation/home?region={}#/stacks/changesets/changes?stackId={}&changeSetId={}"
LINK = "https://console.aws.amazon.com/" + PLACE.format(
    "eu-west-1", STACK_ID.format("aws", "eu-west-1"), CHANGE_SET_ID.format("aws", "eu-west-1")
)
TABLE = "AWS::DynamoDB::Table"
FUNCTION = "AWS::Lambda::Function"


def change(action: str, kind: str, name: str, replacement: str | None = None) -> dict[str, Any]:
    change_entry = {"Action": action, "ResourceType": kind, "LogicalResourceId": name}
    if replacement is not None:
        change_entry["Replacement"] = replacement
    return {"Type": "Resource", "ResourceChange": change_entry}


def has_commit(aws: Aws, message: str | None = "Tell the time in UTC", commit: str = COMMIT) -> None:
    """The execution has one source, whose revision it is."""
    revision = {"name": "Source", "revisionId": commit}
    if message is not None:
        revision["revisionSummary"] = message
    execution = {"pipelineName": "s-pipeline", "pipelineExecutionId": "e-1", "artifactRevisions": [revision]}
    asked = {"pipelineName": "s-pipeline", "pipelineExecutionId": "e-1"}
    stub = aws.stubs["codepipeline"]
    stub.add_response("get_pipeline_execution", {"pipelineExecution": execution}, asked)


def has_changes(
    aws: Aws,
    *pages: list[dict[str, Any]],
    partition: str = "aws",
    region: str = "eu-west-1",
    stack: str = "s-prod",
) -> None:
    """The change set of a stack is there, on so many pages."""
    change_set = {
        "Status": "CREATE_COMPLETE",
        "StackId": STACK_ID.format(partition, region),
        "ChangeSetId": CHANGE_SET_ID.format(partition, region),
    }
    for number, changes in enumerate(pages):
        asked = {"StackName": stack, "ChangeSetName": "c-1"} | ({"NextToken": f"t{number}"} if number else {})
        more = {"NextToken": f"t{number + 1}"} if number + 1 < len(pages) else {}
        response = {**change_set, "Changes": changes, **more}
        aws.stubs["cloudformation"].add_response("describe_change_set", response, asked)


def has_runs(aws: Aws, *runs: tuple[str, str, dict[str, Any]]) -> None:
    """The execution has come through these actions (stage, action, output), the newest first."""
    details = [
        {"stageName": stage, "actionName": action, "status": "Succeeded", "output": output}
        for stage, action, output in runs
    ]
    asked = {"pipelineName": "s-pipeline", "filter": {"pipelineExecutionId": "e-1"}}
    stub = aws.stubs["codepipeline"]
    stub.add_response("list_action_executions", {"actionExecutionDetails": details}, asked)


def described(*changes: dict[str, Any], message: str = "Tell the time in UTC", limit: int | None = None) -> list[str]:
    """Lines of the text for these changes, which keeps to the limit or, where none is given, to 700 characters."""
    with Aws(describe_changes.client) as aws:
        has_commit(aws, message)
        has_changes(aws, list(changes))
        aws.takes("success")
        describe_changes.handler(job_event(ASKED if limit is None else {**ASKED, "limit": limit}), Context())
        text: str = aws.success()["outputVariables"]["Text"]
    assert len(text) <= (limit or 700)
    return text.splitlines()
