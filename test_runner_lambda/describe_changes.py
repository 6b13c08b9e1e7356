"""describe_changes tells the approver what a change set will do, and answers the CodePipeline job."""

import functools
import json
import re
from contextlib import suppress
from typing import Any

import boto3

CONSOLES = {"aws-cn": "amazonaws.cn", "aws-us-gov": "amazonaws-us-gov.com"}
DATA = "Table|GlobalTable|Bucket|DBInstance|DBCluster|UserPool|Key|FileSystem|LogGroup|Queue|Stream|Secret|Domain|Stack"
VERBS = {"True": "Replace", "Conditional": "Replace?"}
client: Any = functools.cache(boto3.client)


def handler(event: Any, _context: Any) -> None:
    """Answer the job; raises only if that fails."""
    job, api = event["CodePipeline.job"], client("codepipeline")
    try:
        asked = json.loads(job["data"]["actionConfiguration"]["configuration"]["UserParameters"])
        report, details = api.put_job_success_result, describe(**asked)
    except BaseException as error:  # noqa: BLE001 - the pipeline waits for an answer
        message = f"{type(error).__name__}: {error}".encode("ascii", "replace").decode()[:5000]
        details = {"failureDetails": {"type": "JobFailed", "message": message}}
        report = api.put_job_failure_result
    with suppress(api.exceptions.InvalidJobStateException, api.exceptions.JobNotFoundException):
        report(jobId=job["id"], **details)


def describe(
    *,
    pipeline: str,
    execution_id: str,
    stack: str = "",
    change_set: str = "",
    tested: str = "",
    limit: int = 700,
    **_: Any,
) -> Any:
    """Commit, counts, changes (as many as `limit` leaves room for), what the tests of stage `tested` said, link."""
    head = commit(pipeline, execution_id)
    lines, link = ["deployed directly: what changes is not known"], ""
    if not stack:
        lines = ["deployed by commands: what changes is not known, there is no change set and no rollback"]
    if change_set:
        lines, link = changes(stack, change_set)
    tail = [tests(pipeline, execution_id, tested) if tested else "", link]
    for cut in range(len(lines)):
        shown = lines[: len(lines) - cut] + [f"... and {cut} more"] * bool(cut)
        text = "\n".join(filter(None, [head, *shown, *tail]))
        if len(text) <= limit:
            break
    return {"outputVariables": {"Text": text[-max(limit, 1) :]}, "executionDetails": {"summary": lines[0]}}


def tests(pipeline: str, execution: str, stage: str) -> str:
    """What the tests of a stage said; those that answered CodePipeline themselves may have left no summary."""
    pages = client("codepipeline").get_paginator("list_action_executions")
    history = pages.paginate(pipelineName=pipeline, filter={"pipelineExecutionId": execution}).build_full_result()
    runs = [
        run for run in history["actionExecutionDetails"] if (run["stageName"], run["actionName"]) == (stage, "Test")
    ]
    if not runs:
        return f"Tests in {stage}: not run in this execution"
    output = runs[0].get("output", {})  # the newest is the first
    summary = output.get("outputVariables", {}).get("Summary")
    summary = summary or output.get("executionResult", {}).get("externalExecutionSummary")
    return f"Tests in {stage}: {summary or runs[0]['status'].lower() + ', without a summary'}"[:240]


def commit(pipeline: str, execution: str) -> str:
    """Short id, first line of the message."""
    answer = client("codepipeline").get_pipeline_execution(pipelineName=pipeline, pipelineExecutionId=execution)
    source: dict[str, Any] = next(iter(answer["pipelineExecution"].get("artifactRevisions", [])), {})
    if not source.get("revisionId"):
        return "the commit is not known"
    message = source.get("revisionSummary", "")
    with suppress(Exception):
        message = json.loads(message)["CommitMessage"]  # of connections; others: plain text
    title = "".join(filter(str.isprintable, message.partition("\n")[0]))
    return f"{source['revisionId'][:12]} {title[:72]}".strip()


def changes(stack: str, name: str) -> tuple[list[str], str]:
    """Counts and changes, the gravest (by alphabet the last) first, and the console's link."""
    api = client("cloudformation")
    try:
        pages = api.get_paginator("describe_change_set").paginate(StackName=stack, ChangeSetName=name)
        change_set = pages.build_full_result()
    except api.exceptions.ChangeSetNotFoundException:
        change_set = {"Status": "DELETE_COMPLETE"}
    if change_set["Status"].startswith("DELETE"):
        # Whoever executes a change set deletes the stack's others. What comes after the approval will say so, too.
        return [f"the change set {name} is gone: what changes is not known"], ""
    state = f"{change_set['Status']} {change_set.get('StatusReason')}"
    if not re.match("CREATE_COMPLETE|FAILED.*(didn't contain changes|No updates)", state):
        raise RuntimeError(f"change set {state}")
    partition, _, region = change_set["StackId"].split(":")[1:4]
    home = f"https://console.{CONSOLES.get(partition, 'aws.amazon.com')}/cloudformation/home?region={region}"
    link = f"{home}#/stacks/changesets/changes?stackId={change_set['StackId']}&changeSetId={change_set['ChangeSetId']}"
    lines = [
        f"{VERBS.get(entry.get('Replacement'), entry['Action'])} {entry['ResourceType']} {entry['LogicalResourceId']}"
        for entry in (change["ResourceChange"] for change in change_set.get("Changes", []))
    ]
    verbs = [line.split()[0] for line in lines]
    counts = ", ".join(f"{verb} {verbs.count(verb)}" for verb in sorted({*verbs})[::-1])
    lines = [re.sub(f"^Re.*::({DATA}) ", r"WARNING: \g<0>", line) for line in lines]
    return [counts or "changes nothing", *sorted(lines)[::-1]], link


# [services
changes_of_one = changes


def changes_of_services(stack: str, name: str) -> tuple[list[str], str]:
    """The same of several stacks: `shop-*-beta database api=old worker<api+database`, where the last reads outputs."""
    pattern, *words = stack.split()
    if not words:
        return changes_of_one(stack, name)
    counts, waiting, lines, links = [], [], [], []
    for word in words:
        service, _, producers = word.partition("<")
        service, _, named = service.partition("=")
        if producers:
            waits = f"{service} waits for outputs of {producers.replace('+', ', ')}"
            waiting.append(f"{waits}: it is deployed after your answer, what changes is not known")
            continue
        (count, *own), link = changes_of_one(named or pattern.replace("*", service), name)
        counts.append(f"{service}: {count}")
        lines += [f"{line} in {service}" for line in own]
        links += [link] * (count != "changes nothing")
    return ["; ".join(counts), *waiting, *sorted(lines)[::-1]], next(iter(links), "")


changes = changes_of_services  # for all above; at the end, so that no line of theirs moves
# services]


# [environments
describe_at_home, client_at_home = describe, client
place: dict[str, str] = {}  # "role" and "region" of the stack that is asked about; nothing: it is with the pipeline


def describe_there(*, role: str = "", region: str = "", **asked: Any) -> Any:
    """The same, of a stage whose stack may be in another account: only CloudFormation is asked there."""
    place.update({"role": role, "region": region} if role else {})
    try:
        return describe_at_home(**asked)
    finally:
        place.clear()


def client_there(service: str) -> Any:
    """The client of a service; CloudFormation's with the role that reads the stage's change set."""
    if service != "cloudformation" or not place:
        return client_at_home(service)
    assumed = client_at_home("sts").assume_role(RoleArn=place["role"], RoleSessionName="describe_changes")
    keys = {key: assumed["Credentials"][name] for key, name in CREDENTIALS.items()}
    return session_client(service, region_name=place["region"], **keys)


session_client: Any = functools.lru_cache(maxsize=1)(boto3.client)
CREDENTIALS = {
    "aws_access_key_id": "AccessKeyId",
    "aws_secret_access_key": "SecretAccessKey",
    "aws_session_token": "SessionToken",
}
describe, client = describe_there, client_there  # for all above; at the end, so that no line of theirs moves
# environments]
