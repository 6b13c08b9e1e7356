"""Hands the rehearsed commit over to where the pipeline's sources look for it.

What a template expects to be there already (a repository, a bucket) is made, as its owner would have made it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator.rehearsal.driver.declared import Declared, SourceAction
from generator.rehearsal.driver.source import Source
from generator.rehearsal.emulator.handle import Emulator

_EVENT_BRIDGE: Mapping[str, Mapping[str, str]] = {"EventBridgeConfiguration": {}}


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where a source went, in words, and whether it is for an event rule to start the pipeline.

    Without a rule a push has started the pipeline when it has arrived, or it never does; a source that is `polled`
    starts it when CodePipeline looks next. `started`: its arrival has started the pipeline.
    """

    place: str
    by_rule: bool = True
    polled: bool = False
    started: bool = False


@dataclass(frozen=True, slots=True)
class ActionSources:
    """What each source action gets: `of_action` by its name, the others `default`."""

    default: Source
    of_action: Mapping[str, Source] = field(default_factory=dict)

    def of(self, action: SourceAction) -> Source:
        """The source for a source action."""
        return self.of_action.get(action.name, self.default)


def deliverable(pipeline: Declared) -> tuple[SourceAction, ...]:
    """The source actions that a source can be delivered to; of the others CodePipeline says what becomes of them."""
    return tuple(action for action in pipeline.sources if action.provider in _WAYS)


def deliver(emulator: Emulator, action: SourceAction, source: Source) -> Delivery:
    """Push or upload the source to where a deliverable source action looks."""
    return _WAYS[action.provider](emulator, action, source)


def make_artifact_bucket(emulator: Emulator, pipeline: Declared) -> None:
    """Make the bucket of the artifacts, where the template names one that is there on AWS."""
    store = emulator.client("codepipeline").get_pipeline(name=pipeline.name)["pipeline"].get("artifactStore", {})
    s3 = emulator.client("s3")
    if store and store["location"] not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=store["location"])
        s3.put_bucket_versioning(Bucket=store["location"], VersioningConfiguration={"Status": "Enabled"})


def _to_codecommit(emulator: Emulator, action: SourceAction, source: Source) -> Delivery:
    name, branch = action.configuration["RepositoryName"], action.configuration["BranchName"]
    codecommit = emulator.client("codecommit")
    if not codecommit.batch_get_repositories(repositoryNames=[name])["repositories"]:
        codecommit.create_repository(repositoryName=name)
    emulator.push(name, source.git_directory, source.commit, branch)
    return Delivery(f"branch {branch} of CodeCommit repository {name}")


def _behind_connection(emulator: Emulator, action: SourceAction, source: Source) -> Delivery:
    name, branch = action.configuration["FullRepositoryId"], action.configuration["BranchName"]
    emulator.push_connected(name, source.git_directory, source.commit, branch)
    return Delivery(f"branch {branch} of {name}", by_rule=False)


def _to_github(emulator: Emulator, action: SourceAction, source: Source) -> Delivery:
    name = f"{action.configuration['Owner']}/{action.configuration['Repo']}"
    branch = action.configuration["Branch"]
    emulator.push_connected(name, source.git_directory, source.commit, branch)
    return Delivery(f"branch {branch} of {name}", by_rule=False)


def _to_s3(emulator: Emulator, action: SourceAction, source: Source) -> Delivery:
    bucket, key = action.configuration["S3Bucket"], action.configuration["S3ObjectKey"]
    s3 = emulator.client("s3")
    if bucket not in {listed["Name"] for listed in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=bucket)
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=_EVENT_BRIDGE)
    with tempfile.TemporaryDirectory(dir=source.files.parent) as folder:
        file = Path(folder) / "source.zip"
        source.archive(file)
        with file.open("rb") as body:
            s3.put_object(Bucket=bucket, Key=key, Body=body)
    # "PollForSourceChanges [...] Default: true":
    # https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html
    polled = action.configuration.get("PollForSourceChanges", "true").lower() != "false"
    return Delivery(f"s3://{bucket}/{key}", by_rule=not polled, polled=polled)


_WAYS: Mapping[str, Callable[[Emulator, SourceAction, Source], Delivery]] = {
    "CodeCommit": _to_codecommit,
    "CodeStarSourceConnection": _behind_connection,
    "GitHub": _to_github,
    "S3": _to_s3,
}
