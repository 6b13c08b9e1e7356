"""The resources of a service that have names of their own, as far as its file says them for a stage.

What the tool makes of functions and events begins with the stack's name, but for what stands here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.application.template import Resource, Template
from generator.frameworks._serverless_file import ServerlessFile

# Logs of APIs: what their names begin with, by the event that makes the API.
_LOGS = {"http": "/aws/api-gateway/", "httpApi": "/aws/http-api/", "websocket": "/aws/websocket/"}


def described(file: ServerlessFile, stage: str, stack: str) -> Template | None:
    """A template of these resources; None where the file cannot be read."""
    if file.document is None:
        return None
    own = () if stack == f"{file.service}-{stage}" else _of_functions(file, stage)
    resources = {resource.logical_id: resource for resource in (*_resources(file, stage), *own)}
    return file.as_template()._replace(resources=resources)


def _of_functions(file: ServerlessFile, stage: str) -> Iterator[Resource]:
    """What the tool calls functions, their logs and their role, whatever the stack is called."""
    prefix = f"{file.service}-{stage}"
    if not file.service:
        return
    role = {"RoleName": {"Fn::Join": ["-", [file.service, stage, {"Ref": "AWS::Region"}, "lambdaRole"]]}}
    yield Resource("FunctionRole", "AWS::IAM::Role", role, "")
    for number, name in enumerate(file.function_names()):
        yield Resource(f"Function{number}", "AWS::Lambda::Function", {"FunctionName": f"{prefix}-{name}"}, "")
        log = {"LogGroupName": f"/aws/lambda/{prefix}-{name}"}
        yield Resource(f"FunctionLog{number}", "AWS::Logs::LogGroup", log, "")


def _resources(file: ServerlessFile, stage: str) -> Iterator[Resource]:
    stack = file.stack(stage)
    for number, event in enumerate(sorted(file.events() & set(_LOGS))):
        if stack:
            yield Resource(f"ApiLog{number}", "AWS::Logs::LogGroup", {"LogGroupName": f"{_LOGS[event]}{stack}"}, "")
    yield from _of_events(file, stage)
    for name, resource in _declared(file):
        kind, properties = resource.get("Type"), _resolved(file, resource.get("Properties"), stage)
        if isinstance(kind, str) and isinstance(properties, dict):
            yield Resource(name, kind, properties, "")


def _of_events(file: ServerlessFile, stage: str) -> Iterator[Resource]:
    """Topics and buckets that events bring along under the name that they are given, and functions with one."""
    for number, function in enumerate(file.functions()):
        if name := file.text(function.get("name"), stage):
            yield Resource(f"Named{number}", "AWS::Lambda::Function", {"FunctionName": name}, "")
        for position, event in enumerate(function.get("events") or ()):
            yield from _of_event(file, event, stage, f"{number}x{position}")


def _of_event(file: ServerlessFile, event: Any, stage: str, number: str) -> Iterator[Resource]:
    settings = event if isinstance(event, dict) else {}
    topic, bucket = settings.get("sns"), settings.get("s3")
    topic = topic.get("topicName") if isinstance(topic, dict) and "arn" not in topic else topic
    if (name := file.text(topic, stage)) and not name.startswith("arn:"):
        yield Resource(f"Topic{number}", "AWS::SNS::Topic", {"TopicName": name}, "")
    if isinstance(bucket, dict):
        bucket = None if bucket.get("existing") else bucket.get("bucket")
    # A bucket that `provider.s3` describes has the name it says there.
    if (name := file.text(bucket, stage)) and file.at("provider", "s3", name) is None:
        yield Resource(f"Bucket{number}", "AWS::S3::Bucket", {"BucketName": name}, "")


def _declared(file: ServerlessFile) -> Iterator[tuple[str, Mapping[str, Any]]]:
    stated = file.data.get("resources")
    for part in stated if isinstance(stated, list) else [stated]:
        section = _included(file, part) if isinstance(part, str) else part
        resources = section.get("Resources") if isinstance(section, dict) else None
        resources = _included(file, resources) if isinstance(resources, str) else resources
        for name, resource in resources.items() if isinstance(resources, dict) else ():
            if isinstance(resource, dict):
                yield str(name), resource


def _included(file: ServerlessFile, text: str) -> Any:
    """What a file says that a value names, where nothing but its path is needed to find it."""
    match file.included(text):
        case (other, path):
            return other.at(*path)
    return None


def _resolved(file: ServerlessFile, value: Any, stage: str) -> Any:
    """A value with the variables of the tool resolved; a text that needs more than the file is left out."""
    if isinstance(value, str):
        return file.text(value, stage)
    if isinstance(value, dict):
        return {key: inner for key, each in value.items() if (inner := _resolved(file, each, stage)) is not None}
    return [_resolved(file, each, stage) for each in value] if isinstance(value, list) else value
