"""The stack's pipelines in CodePipeline's own words."""

from __future__ import annotations

from generator.model.pipeline import CodePipeline
from generator.model.template import Resource
from generator.model.text import Json
from generator.model.trigger import Filter, PullRequest, Push, Variable
from generator.render.pipeline_stages import declared

# A closed pull request has nothing to build.
_EVENTS = ("OPEN", "UPDATED")


def resource(pipeline: CodePipeline, waits: tuple[str, ...] = ()) -> Resource:
    """The pipeline. `waits` are the logical ids it waits for beyond what it names: it starts when it is created."""
    store: dict[str, Json] = {"Type": "S3", "Location": pipeline.store.name}
    if key := pipeline.store.key_arn:
        store["EncryptionKey"] = {"Id": key, "Type": "KMS"}
    properties: dict[str, Json] = {
        "Name": pipeline.name,
        "PipelineType": "V2",
        "ExecutionMode": pipeline.mode,
        "RoleArn": pipeline.role.arn,
        "ArtifactStore": store,
        "Stages": [declared(stage) for stage in pipeline.stages],
    }
    if triggers := _triggers(pipeline):
        properties["Triggers"] = triggers
    if pipeline.variables:
        properties["Variables"] = [_variable(variable) for variable in pipeline.variables]
    return Resource(pipeline.logical_id, "AWS::CodePipeline::Pipeline", properties, pipeline.comment, depends_on=waits)


def _triggers(pipeline: CodePipeline) -> list[Json]:
    filters: dict[str, Json] = {}
    if pipeline.pushes:
        filters["Push"] = [_push(push) for push in pipeline.pushes]
    if pipeline.pull_request:
        filters["PullRequest"] = [_pull_request(pipeline.pull_request)]
    if not filters:
        return []
    git = {"SourceActionName": pipeline.source, **filters}
    return [{"ProviderType": "CodeStarSourceConnection", "GitConfiguration": git}]


def _push(push: Push) -> Json:
    return _filters({"Branches": push.branches, "FilePaths": push.paths, "Tags": push.tags})


def _pull_request(chosen: PullRequest) -> Json:
    return {**_filters({"Branches": chosen.branches, "FilePaths": chosen.paths}), "Events": list(_EVENTS)}


def _filters(filters: dict[str, Filter | None]) -> dict[str, Json]:
    return {key: _patterns(filter_) for key, filter_ in filters.items() if filter_}


def _patterns(filter_: Filter) -> Json:
    """A filter's patterns; only the lists there are."""
    both = {"Includes": list(filter_.includes), "Excludes": list(filter_.excludes)}
    return {key: globs for key, globs in both.items() if globs}


def _variable(variable: Variable) -> Json:
    declared = {"Name": variable.name, "DefaultValue": variable.default, "Description": variable.description}
    return {key: value for key, value in declared.items() if value}
