"""How to reach an emulator that goes on by itself: with AWS's tools, with curl, with git."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from generator.rehearsal.driver.lost import losing_the_emulator
from generator.rehearsal.emulator.codecommit.folders import repository_folder
from generator.rehearsal.emulator.control_client import EmulatorError
from generator.rehearsal.emulator.kept_emulators import KeptEmulator
from generator.rehearsal.emulator.settings import Settings
from generator.rehearsal.sandbox.attempts import Attempt
from generator.rehearsal.service import Client, connect


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch a pipeline listens to: of which git directory, since a `git push` there is a push to CodeCommit."""

    directory: str
    name: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail of SNS that asks somebody to confirm a subscription: to whom, of which topic, with which token."""

    address: str
    topic: str
    token: str


@dataclass(frozen=True, slots=True)
class Reach:
    """The ways to an emulator: its folder, variables for AWS's tools, pipelines, URLs by stack, branches to push to.

    `connections` names those that are PENDING, `mails` are those nobody answered: both wait for a person.
    `protection`, its reason and `attempts` are as in Outcome.
    """

    folder: str
    variables: Mapping[str, str]
    pipelines: tuple[str, ...]
    urls: Mapping[str, tuple[str, ...]]
    branches: tuple[Branch, ...]
    connections: tuple[str, ...] = ()
    mails: tuple[Mail, ...] = ()
    protection: str = ""
    protection_reason: str = ""
    attempts: tuple[Attempt, ...] = ()


@losing_the_emulator("while it was asked how to reach it")
def reach(kept: KeptEmulator) -> Reach:
    """The ways to an emulator that was kept, as it stands now. Raises EmulatorError when it ends or answers wrongly."""
    try:
        return _reach(kept, _Asked(kept))
    except ClientError as refused:
        raise EmulatorError(
            f"the emulator in {kept.folder} does not know its own keys any more: {refused}"
        ) from refused


def _reach(kept: KeptEmulator, asked: _Asked) -> Reach:
    pipelines = asked.pipelines()
    return Reach(
        str(kept.folder),
        {
            "AWS_ENDPOINT_URL": kept.doors.endpoint,
            **kept.doors.secrets.root.environment(),
            "AWS_DEFAULT_REGION": kept.region,
            "AWS_REGION": kept.region,
            "AWS_CA_BUNDLE": str(kept.doors.bundle_file),
        },
        tuple(pipelines),
        asked.urls(),
        tuple(branch for pipeline in pipelines.values() for branch in asked.branches(pipeline)),
        asked.connections(),
        tuple(Mail(**mail) for mail in kept.mails()),
        kept.doors.sandbox.protection,
        kept.doors.sandbox.reason,
        kept.attempts(),
    )


class _Asked:
    """Asks a kept emulator through AWS's own APIs."""

    def __init__(self, kept: KeptEmulator) -> None:
        self._kept = kept

    def _client(self, service: str) -> Client:
        return connect(service, self._kept.doors.endpoint, self._kept.doors.secrets.root, self._kept.region)

    def pipelines(self) -> dict[str, Mapping[str, Any]]:
        """Every pipeline's declaration by its name."""
        codepipeline = self._client("codepipeline")
        names = [summary["name"] for summary in codepipeline.list_pipelines()["pipelines"]]
        return {name: codepipeline.get_pipeline(name=name)["pipeline"] for name in sorted(names)}

    def connections(self) -> tuple[str, ...]:
        """The names of the connections nobody completed."""
        names = [
            connection["ConnectionName"]
            for service in ("codeconnections", "codestar-connections")
            for connection in self._client(service).list_connections()["Connections"]
            if connection["ConnectionStatus"] == "PENDING"
        ]
        return tuple(sorted(names))

    def urls(self) -> dict[str, tuple[str, ...]]:
        """Plain http URLs on this machine for the APIs among the outputs of each stack."""
        stacks = self._client("cloudformation").describe_stacks()["Stacks"]
        by_stack = {
            stack["StackName"]: tuple(
                _on_this_machine(output["OutputValue"], self._kept.doors.endpoint)
                for output in stack.get("Outputs", ())
                if ".execute-api." in output["OutputValue"]
            )
            for stack in sorted(stacks, key=lambda stack: str(stack["StackName"]))
        }
        return {name: urls for name, urls in by_stack.items() if urls}

    def branches(self, pipeline: Mapping[str, Any]) -> list[Branch]:
        """The CodeCommit branches a pipeline listens to."""
        root = Settings(self._kept.folder, Path()).service_folder("codecommit")
        sources = [
            action["configuration"]
            for stage in pipeline["stages"]
            for action in stage["actions"]
            if action["actionTypeId"]["provider"] == "CodeCommit"
        ]
        return [
            Branch(str(repository_folder(root, configuration["RepositoryName"])), configuration["BranchName"])
            for configuration in sources
        ]


def _on_this_machine(url: str, endpoint: str) -> str:
    parts = urlsplit(url)
    api = (parts.hostname or "").partition(".")[0]
    return f"{endpoint}/_aws/execute-api/{api}{parts.path or '/'}"
