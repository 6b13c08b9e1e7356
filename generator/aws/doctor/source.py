"""Whether the source exists: the connection, the repository and its branch, or the object in its bucket."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from generator.aws.doctor.check import Finding
from generator.aws.doctor.launched_stack import Launched
from generator.aws.doctor.optional_answer import answer
from generator.aws.doctor.requirements import Requirements
from generator.aws.door import Client, Door

_CONNECTION = "AWS::CodeConnections::Connection"


def look(door: Door, requirements: Requirements, launched: Launched) -> Iterator[Finding]:
    """The source by its provider; one that the stack makes itself is there once it is launched."""
    configuration = dict(requirements.source.configuration)
    if launched.there:
        configuration = _as_launched(door, requirements) or configuration
    yield from _LOOKS[requirements.source.provider](door, configuration, launched)
    if requirements.source.provider == "CodeStarSourceConnection":
        yield _read_before(door, requirements, launched, configuration)


def _read_before(
    door: Door, requirements: Requirements, launched: Launched, configuration: Mapping[str, str]
) -> Finding:
    """Whether the pipeline could read the repository when it last ran: nobody else can see through a connection."""
    what = f"{configuration.get('BranchName')} of {configuration.get('FullRepositoryId')}"
    client = door.client("codepipeline")
    state = launched.there and answer(
        client.get_pipeline_state, "PipelineNotFoundException", name=requirements.pipeline
    )
    run = state["stageStates"][0]["actionStates"][0].get("latestExecution", {}) if state else {}
    if run.get("status") == "Succeeded":
        return Finding("repository", "good", f"the pipeline has read {what}")
    if run.get("status") == "Failed":
        why = run.get("errorDetails", {}).get("message", "for an unknown reason")
        return Finding(
            "repository", "wrong", f"the pipeline could not read {what}: {why}", "fix it, then penstock start"
        )
    return Finding(
        "repository", "later", f"the first run will show whether {what} is there: only the pipeline can see it"
    )


def _as_launched(door: Door, requirements: Requirements) -> dict[str, str] | None:
    client = door.client("codepipeline")
    names = answer(client.get_pipeline, "PipelineNotFoundException", name=requirements.pipeline)
    return dict(names["pipeline"]["stages"][0]["actions"][0]["configuration"]) if names else None


def _codecommit(door: Door, configuration: Mapping[str, str], launched: Launched) -> Iterator[Finding]:
    client = door.client("codecommit")
    name = configuration.get("RepositoryName", "")
    branch = configuration.get("BranchName", "")
    response = name and answer(client.get_repository, "RepositoryDoesNotExistException", repositoryName=name)
    if response:
        yield Finding("repository", "good", f"{name} is there")
        yield _branch(client, name, branch, response["repositoryMetadata"]["cloneUrlHttp"])
    elif launched.there:
        advice = f"aws codecommit create-repository --repository-name {name} --region {door.region}"
        yield Finding("repository", "wrong", f"there is no repository {name} any more", advice)
    elif name:
        advice = "create it, or let the pipeline create it: source: codecommit: create: true"
        yield Finding("repository", "wrong", f"there is no repository {name}", advice)
    else:
        yield Finding("repository", "later", "the stack creates it; push to it after the launch")


def _branch(client: Client, repository: str, branch: str, url: str) -> Finding:
    request = {"repositoryName": repository, "branchName": branch}
    if answer(client.get_branch, "BranchDoesNotExistException", **request):
        return Finding("branch", "good", f"{branch} is there")
    advice = f"git push {url} HEAD:{branch}"
    return Finding("branch", "wrong", f"{repository} has no branch {branch}: a run has nothing to deliver", advice)


def _connected(door: Door, configuration: Mapping[str, str], launched: Launched) -> Iterator[Finding]:
    arn = configuration.get("ConnectionArn") or next(iter(launched.physical_ids(_CONNECTION)), "")
    if arn:
        yield _connection(door, arn)
    else:
        yield Finding("connection", "later", "the stack creates it; it stays PENDING until somebody finishes it")


def _connection(door: Door, arn: str) -> Finding:
    client = door.client("codestar-connections" if ":codestar-connections:" in arn else "codeconnections")
    response = answer(client.get_connection, "ResourceNotFoundException", ConnectionArn=arn)
    if response is None:
        advice = "`aws codeconnections list-connections` lists those there are"
        return Finding("connection", "wrong", f"there is no connection {arn}", advice)
    status, name = response["Connection"]["ConnectionStatus"], response["Connection"]["ConnectionName"]
    if status == "AVAILABLE":
        return Finding("connection", "good", f"{name} is AVAILABLE")
    address = f"https://{door.region}.console.aws.amazon.com/codesuite/settings/connections"
    advice = f"open {address}, choose {name}, press 'Update pending connection', then penstock start"
    return Finding("connection", "wrong", f"{name} is {status}: nothing can be read through it", advice)


def _s3(door: Door, configuration: Mapping[str, str], _launched: Launched) -> Iterator[Finding]:
    client = door.client("s3")
    bucket, key = configuration.get("S3Bucket", ""), configuration.get("S3ObjectKey", "")
    if not bucket:
        yield Finding("bucket", "later", "the stack creates it, versioned and sending events")
        return
    if answer(client.head_bucket, "404", "NoSuchBucket", Bucket=bucket) is None:
        advice = "create it, or let the pipeline create it: source: s3: create: true"
        yield Finding("bucket", "wrong", f"there is no bucket {bucket}", advice)
        return
    yield _versioned(client, bucket)
    yield _sending(client, bucket)
    yield _object(client, bucket, key)


def _versioned(client: Client, bucket: str) -> Finding:
    status = client.get_bucket_versioning(Bucket=bucket).get("Status", "never switched on")
    if status == "Enabled":
        return Finding("bucket versioning", "good", f"{bucket} keeps versions")
    advice = f"aws s3api put-bucket-versioning --bucket {bucket} --versioning-configuration Status=Enabled"
    return Finding("bucket versioning", "wrong", f"versioning of {bucket}: {status}", advice)


def _sending(client: Client, bucket: str) -> Finding:
    configured = client.get_bucket_notification_configuration(Bucket=bucket)
    if "EventBridgeConfiguration" in configured:
        return Finding("bucket events", "good", f"{bucket} sends its events to EventBridge")
    # The call replaces the whole configuration of the bucket.
    advice = f"switch on 'Send notifications to Amazon EventBridge' in the properties of {bucket}"
    return Finding("bucket events", "wrong", f"{bucket} sends no events: an upload starts nothing", advice)


def _object(client: Client, bucket: str, key: str) -> Finding:
    if answer(client.head_object, "404", "NoSuchKey", Bucket=bucket, Key=key) is not None:
        return Finding("object", "good", f"s3://{bucket}/{key} is there")
    advice = f"zip the application and upload it: aws s3 cp source.zip s3://{bucket}/{key}"
    return Finding("object", "wrong", f"there is no s3://{bucket}/{key}: a run has nothing to deliver", advice)


_Look = Callable[[Door, Mapping[str, str], Launched], Iterator[Finding]]
_LOOKS: Mapping[str, _Look] = {"CodeCommit": _codecommit, "CodeStarSourceConnection": _connected, "S3": _s3}
