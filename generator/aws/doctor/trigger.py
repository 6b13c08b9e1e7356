"""Whether a push starts the pipeline, and no transition is disabled."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from generator.aws.doctor.check import Finding
from generator.aws.doctor.identity import identity
from generator.aws.doctor.launched_stack import Launched
from generator.aws.doctor.optional_answer import answer
from generator.aws.doctor.requirements import Requirements
from generator.aws.door import Door

_RULE = "AWS::Events::Rule"
_RELAUNCH = "penstock launch brings the stack up to date"
# CloudFormation compares templates, and never looks at what it once made.
_BY_HAND = (
    "somebody changed it outside CloudFormation, which does not notice: put it back as `penstock generate` has it"
)


def look(door: Door, requirements: Requirements, launched: Launched) -> Iterator[Finding]:
    """The event rule, or the trigger of a connection, as it stands."""
    if not launched.there:
        yield Finding("trigger", "later", "it comes with the stack")
        return
    triggers = answer(door.client("codepipeline").get_pipeline, "PipelineNotFoundException", name=requirements.pipeline)
    if triggers is None:
        yield Finding(
            "trigger", "wrong", f"there is no pipeline {requirements.pipeline}, though its stack is", _BY_HAND
        )
    elif requirements.source.provider == "CodeStarSourceConnection":
        yield _of_connection(triggers["pipeline"])
    else:
        yield _of_rule(door, requirements, launched, triggers["pipeline"])


def transitions(door: Door, requirements: Requirements, launched: Launched) -> Iterator[Finding]:
    """Stages that nobody lets anything into."""
    client = door.client("codepipeline")
    disabled = launched.there and answer(
        client.get_pipeline_state, "PipelineNotFoundException", name=requirements.pipeline
    )
    if not disabled:
        return
    closed = [
        stage for stage in disabled["stageStates"] if not stage.get("inboundTransitionState", {}).get("enabled", True)
    ]
    for stage in closed:
        why = stage["inboundTransitionState"].get("disabledReason", "no reason given")
        name = f"--pipeline-name {requirements.pipeline} --stage-name {stage['stageName']} --transition-type Inbound"
        advice = f"aws codepipeline enable-stage-transition {name} --region {door.region}"
        yield Finding("transitions", "wrong", f"nothing enters {stage['stageName']}: {why}", advice)
    if not closed:
        yield Finding("transitions", "good", "every stage is open")


def _of_connection(pipeline: Mapping[str, Any]) -> Finding:
    detects = pipeline["stages"][0]["actions"][0]["configuration"].get("DetectChanges", "true") == "true"
    if pipeline.get("triggers"):
        return Finding("trigger", "good", f"{len(pipeline['triggers'])} trigger of the pipeline hears pushes")
    if detects:
        return Finding("trigger", "good", "every push to the branch starts the pipeline")
    return Finding("trigger", "wrong", "the source action detects no changes, and there is no trigger", _RELAUNCH)


def _of_rule(door: Door, requirements: Requirements, launched: Launched, pipeline: Mapping[str, Any]) -> Finding:
    names = launched.physical_ids(_RULE)
    if not names:
        return Finding("trigger", "wrong", "the stack has no event rule: a push starts nothing", _RELAUNCH)
    # CloudFormation's id of a rule on another bus than the default one holds that bus's name.
    rule = names[0].rpartition("|")[2]
    events = door.client("events")
    described = answer(events.describe_rule, "ResourceNotFoundException", Name=rule)
    if described is None:
        return Finding("trigger", "wrong", f"the event rule {rule} is gone: a push starts nothing", _BY_HAND)
    if described["State"] == "DISABLED":
        advice = f"aws events enable-rule --name {rule} --region {door.region}"
        return Finding("trigger", "wrong", f"the event rule {rule} is disabled: a push starts nothing", advice)
    targets = events.list_targets_by_rule(Rule=rule)["Targets"]
    if not any(target["Arn"].endswith(f":{requirements.pipeline}") for target in targets):
        return Finding("trigger", "wrong", f"the event rule {rule} does not start {requirements.pipeline}", _BY_HAND)
    event = _event(door, pipeline["stages"][0]["actions"][0])
    if not events.test_event_pattern(EventPattern=described["EventPattern"], Event=json.dumps(event))["Result"]:
        text = f"the event rule {rule} does not match events of {event['detail']}"
        return Finding("trigger", "wrong", text, _BY_HAND)
    return Finding("trigger", "good", f"the event rule {rule} hears a push and starts {requirements.pipeline}")


def _event(door: Door, action: Mapping[str, Any]) -> dict[str, Any]:
    """An event as AWS sends it for a push to what the source action reads.

    https://docs.aws.amazon.com/codecommit/latest/userguide/monitoring-events.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
    """
    account, configuration = identity(door).account, action["configuration"]
    if action["actionTypeId"]["provider"] == "S3":
        bucket = configuration["S3Bucket"]
        source, kind, resource = "aws.s3", "Object Created", f"arn:{door.partition}:s3:::{bucket}"
        detail: dict[str, Any] = {"bucket": {"name": bucket}, "object": {"key": configuration["S3ObjectKey"]}}
    else:
        name = configuration["RepositoryName"]
        source, kind = "aws.codecommit", "CodeCommit Repository State Change"
        resource = f"arn:{door.partition}:codecommit:{door.region}:{account}:{name}"
        branch = {"referenceType": "branch", "referenceName": configuration["BranchName"]}
        detail = {"event": "referenceUpdated", "repositoryName": name, **branch}
    return {
        "id": "00000000-0000-0000-0000-000000000000",
        "source": source,
        "detail-type": kind,
        "account": account,
        "time": f"{door.clock():%Y-%m-%dT%H:%M:%SZ}",
        "region": door.region,
        "resources": [resource],
        "detail": detail,
    }
