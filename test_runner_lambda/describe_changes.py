"""describe_changes tells the approver what a change set will do, and answers the CodePipeline job.

UserParameters, as JSON: "stack", "pipeline", "execution_id" and, unless the stage deploys directly, "change_set".
The output variable is Text. The event carries live credentials: it is never printed.
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
"""

import contextlib
import functools
import json
import re
from collections import Counter
from typing import Any

import boto3
from botocore.config import Config

TEXT_LIMIT, TITLE_LIMIT, MESSAGE_LIMIT = 700, 72, 2500  # ours; AWS takes a message of 5000
CONSOLES = {"aws-cn": "amazonaws.cn", "aws-us-gov": "amazonaws-us-gov.com"}
NO_CHANGE = "didn't contain changes|No updates are to be performed"
DATA = (  # types that hold what no deployment brings back; a nested stack may hold any of them
    r"::(Table|GlobalTable|Bucket|DBInstance|DBCluster|UserPool|Key|FileSystem|LogGroup|Queue|Stream|Secret|Volume|"
    r"CacheCluster|ReplicationGroup|ServerlessCache|Repository|Stack)$|(OpenSearchService|Elasticsearch)::Domain$|"
    r"(Redshift|MemoryDB)::Cluster$"
)
MAYBE, WARNING = "may replace", " DATA:"
VERBS = {"Add": "adds", "Remove": "removes", "True": "replaces", "Conditional": MAYBE}
WORDS = {"adds": "added", "changes": "changed", "replaces": "replaced", "removes": "removed", MAYBE: "maybe replaced"}
KINDS = {  # CodePipeline's failure types by parts of an error's name and code
    "AccessDenied": "PermissionError",
    "Throttl|Timeout|EndpointConnection": "SystemUnavailable",
    "NotFound|(Key|Type|Decode)Error": "ConfigurationError",
}
Values = dict[str, Any]


class ChangeSetError(Exception):
    """A change set that cannot be executed."""


@functools.cache
def client(service: str) -> Any:
    """One client per container."""
    make: Any = boto3.client
    return make(service, config=Config(connect_timeout=5, read_timeout=10, retries={"mode": "standard"}))


def handler(event: Values, _context: Any) -> None:
    """Answer the job; raises only when it cannot be answered, for the alarm on errors."""
    job, codepipeline = event["CodePipeline.job"], client("codepipeline")
    refused = codepipeline.exceptions
    try:
        report, details = codepipeline.put_job_success_result, describe(job)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the pipeline waits for an answer
        report, details = codepipeline.put_job_failure_result, {"failureDetails": failure(error)}
    print(job["id"], json.dumps(details))  # noqa: T201 - Lambda sends it to CloudWatch
    # Where somebody has answered, or it is too late, the first answer stands.
    with contextlib.suppress(refused.InvalidJobStateException, refused.JobNotFoundException):
        report(jobId=job["id"], **details)


def describe(job: Values) -> Values:
    """Arguments of PutJobSuccessResult."""
    asked = json.loads(job["data"]["actionConfiguration"]["configuration"]["UserParameters"])
    commit, title = revision(asked["pipeline"], asked["execution_id"])
    lines, link = ["this stage deploys directly: what changes is not known before"], ""
    if asked.get("change_set"):
        lines, link = changes(asked["stack"], asked["change_set"])
    text = fit(commit, title, lines, link)
    return {"outputVariables": {"Text": text}, "executionDetails": {"summary": lines[0]}}


def revision(pipeline: str, execution: str) -> tuple[str, str]:
    """Short id of the commit, and the first line of its message."""
    found = client("codepipeline").get_pipeline_execution(pipelineName=pipeline, pipelineExecutionId=execution)
    source = (found["pipelineExecution"].get("artifactRevisions") or [{}])[0]
    message = source.get("revisionSummary", "")
    with contextlib.suppress(KeyError, TypeError, ValueError, RecursionError):
        message = str(json.loads(message)["CommitMessage"])  # of a connection; others write plain text
    title = one_line(message.strip().partition("\n")[0])[:TITLE_LIMIT]
    return source.get("revisionId", "unknown")[:12], title


def changes(stack: str, name: str) -> tuple[list[str], str]:
    """Counts of a change set and its changes, warnings first; and the console's link to it."""
    pages = client("cloudformation").get_paginator("describe_change_set")
    first, *others = pages.paginate(StackName=stack, ChangeSetName=name)
    status, reason = first["Status"], first.get("StatusReason", "")
    _, partition, _, region, *_ = first["StackId"].split(":")
    home = f"https://console.{CONSOLES.get(partition, 'aws.amazon.com')}/cloudformation/home?region={region}#"
    link = f"{home}/stacks/changesets/changes?stackId={first['StackId']}&changeSetId={first['ChangeSetId']}"
    if status == "FAILED" and re.search(NO_CHANGE, reason):
        return ["changes nothing"], link
    if status != "CREATE_COMPLETE":
        raise ChangeSetError(f"{name} of stack {stack} is {status}: {reason}")
    found = [change["ResourceChange"] for page in (first, *others) for change in page.get("Changes", [])]
    numbers = Counter(map(verb, found))
    counts = [f"{numbers[done]} {word}" for done, word in WORDS.items() if numbers[done] or done != MAYBE]
    lines = sorted(map(line, found), reverse=True)  # backwards, the verbs stand by their gravity
    return [", ".join(counts), *sorted(lines, key=lambda text: WARNING not in text)], link


def verb(change: Values) -> str:
    """What is done to the resource."""
    return VERBS.get(change["Action"], VERBS.get(change.get("Replacement", ""), "changes"))


def line(change: Values) -> str:
    """A change in words, with a warning where data may be lost."""
    done, kind = verb(change), change["ResourceType"]
    if done not in ("adds", "changes") and re.search(DATA, kind):
        done = done.upper() + WARNING
    return f"{done} {kind} {change['LogicalResourceId']}"


def fit(commit: str, title: str, lines: list[str], link: str) -> str:
    """At most TEXT_LIMIT characters: plain lines give way first, then the title, then warnings."""
    grave = 1 + sum(WARNING in text for text in lines)
    for head, least in ((f"{commit} {title}".strip(), grave), (commit, 1)):
        for kept in range(len(lines), least - 1, -1):
            more = [f"... and {len(lines) - kept} more"] * (kept < len(lines))
            text = "\n".join([head, *lines[:kept], *more, link]).strip()
            if len(text) <= TEXT_LIMIT:
                return text
    return f"{commit}\n{link}"


def failure(error: BaseException) -> Values:
    """FailureDetails, with a message that AWS accepts: not empty, not too long."""
    text = one_line(f"{type(error).__name__}: {error}")[:MESSAGE_LIMIT]
    return {"type": next((KINDS[part] for part in KINDS if re.search(part, text)), "JobFailed"), "message": text}


def one_line(text: str) -> str:
    """Without control characters, and without lone surrogates, which cannot be sent."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", " ", text).split())
