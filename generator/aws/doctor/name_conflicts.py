"""Whether the names the stack will use are free, or taken by something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from generator.aws.doctor.check import Finding
from generator.aws.doctor.launched_stack import Launched
from generator.aws.doctor.optional_answer import answer
from generator.aws.doctor.requirements import Named, Requirements
from generator.aws.door import Door

_SUBJECT = "names"


def look(door: Door, requirements: Requirements, launched: Launched) -> Iterator[Finding]:
    """Resources that exist under a name the stack wants and do not belong to it: the launch would fail at them."""
    taken = 0
    for named in requirements.named:
        there = _EXISTING[named.type](door, named.name)
        if there and there not in launched.physical_ids(named.type):
            taken += 1
            yield _taken(named, owner(door, there))
    if not taken:
        free = "belong to this stack" if launched.there else "are free"
        yield Finding(_SUBJECT, "good", f"the {len(requirements.named)} names the stack gives {free}")


def owner(door: Door, physical_id: str) -> str:
    """The stack that owns a resource; empty when none does."""
    cloudformation = door.client("cloudformation")
    stack = answer(cloudformation.describe_stack_resources, "ValidationError", PhysicalResourceId=physical_id)
    resources = stack["StackResources"] if stack else []
    return str(resources[0]["StackName"]) if resources else ""


def _taken(named: Named, stack: str) -> Finding:
    what = f"{named.type.rpartition('::')[2]} {named.name}"
    if stack:
        return Finding(_SUBJECT, "wrong", f"{what} belongs to stack {stack}", "choose another name for the service")
    return Finding(_SUBJECT, "wrong", f"{what} already exists and belongs to no stack", _advice(named))


def _advice(named: Named) -> str:
    if named.type == "AWS::CodeCommit::Repository":
        return "use it (source: codecommit: create: false), or delete it once nothing in it is needed"
    if named.type == "AWS::S3::Bucket":
        return "use it (source: s3: create: false), or choose another name"
    if named.type == "AWS::Logs::LogGroup":
        return f"aws logs delete-log-group --log-group-name {named.name}"
    return "delete it when nothing needs it any more, or choose another name for the service"


def _pipeline(door: Door, name: str) -> str:
    client = door.client("codepipeline")
    response = answer(client.get_pipeline, "PipelineNotFoundException", name=name)
    return "" if response is None else name


def _project(door: Door, name: str) -> str:
    return name if door.client("codebuild").batch_get_projects(names=[name])["projects"] else ""


def _function(door: Door, name: str) -> str:
    client = door.client("lambda")
    response = answer(client.get_function, "ResourceNotFoundException", FunctionName=name)
    return "" if response is None else name


def _log_group(door: Door, name: str) -> str:
    groups = door.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return name if any(group["logGroupName"] == name for group in groups) else ""


def _repository(door: Door, name: str) -> str:
    client = door.client("codecommit")
    response = answer(client.get_repository, "RepositoryDoesNotExistException", repositoryName=name)
    return response["repositoryMetadata"]["repositoryId"] if response else ""


def _bucket(door: Door, name: str) -> str:
    response = answer(door.client("s3").head_bucket, "404", "NoSuchBucket", Bucket=name)
    return "" if response is None else name


# The physical id under which CloudFormation knows what exists; empty when nothing does.
_EXISTING: Mapping[str, Callable[[Door, str], str]] = {
    "AWS::CodeBuild::Project": _project,
    "AWS::CodeCommit::Repository": _repository,
    "AWS::CodePipeline::Pipeline": _pipeline,
    "AWS::Lambda::Function": _function,
    "AWS::Logs::LogGroup": _log_group,
    "AWS::S3::Bucket": _bucket,
}
