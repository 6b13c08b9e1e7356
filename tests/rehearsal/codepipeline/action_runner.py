"""Runs single actions: the context one gets, a clock that never lets it wait, clients that are stubbed."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.stub import Stubber

from generator.rehearsal.codepipeline.action_handle import ActionHandle
from generator.rehearsal.codepipeline.actions import provider_of
from generator.rehearsal.codepipeline.builds import Build, BuildOrder, BuildResult
from generator.rehearsal.codepipeline.context import ActionContext
from generator.rehearsal.codepipeline.declaration import ArtifactStore
from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.rehearsal.codepipeline.service_state import ServiceState
from generator.rehearsal.codepipeline.state import ActionRun, Artifact, Outcome
from generator.rehearsal.service import Credentials, Surroundings
from tests.rehearsal.codepipeline.pipeline_api import (
    ACCOUNT,
    REGION,
    ROLE,
    START,
    FakeClock,
    PipelineApi,
    action,
    pipeline,
    stage,
)

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
BUCKET = "artifacts"
SESSION = botocore.session.Session()
SESSION.set_credentials("key", "secret")


class EagerClock(FakeClock):
    """Never waits: it does the next thing of its script, or else jumps to the moment waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.script: list[Callable[[], object]] = []

    def wait(self, changed: threading.Condition, ready: Callable[[], bool], until: datetime | None) -> bool:
        del changed
        while not ready() and self.script:
            self.script.pop(0)()
        if not ready():
            assert until is not None, "this would wait for ever"
            self._now = max(self._now, until)
        return ready()


class Body:
    """What get_object gives to read from."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def iter_chunks(self) -> Iterator[bytes]:
        yield self._content


class FakeS3:
    """Objects by bucket and key; keeps how each was put."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], bytes] = {}
        self.puts: list[dict[str, Any]] = []
        self.versioned = True
        self.regions: dict[str, str] = {}

    def put_object(self, **request: Any) -> dict[str, Any]:
        self.objects[request["Bucket"], request["Key"]] = request.pop("Body").read()
        self.puts.append(request)
        return {}

    def get_object(self, **request: Any) -> dict[str, Any]:
        content = self.objects[request["Bucket"], request["Key"]]
        version = request.get("VersionId", "v2")
        return {"Body": Body(content), "ETag": '"e1"', "VersionId": version, "LastModified": START}

    def head_bucket(self, **request: Any) -> dict[str, str]:
        return {"BucketRegion": self.regions[request["Bucket"]]}

    def get_bucket_versioning(self, **_request: Any) -> dict[str, str]:
        return {"Status": "Enabled"} if self.versioned else {}

    def generate_presigned_url(self, operation: str, *, Params: dict[str, str]) -> str:  # noqa: N803  # botocore's name
        return f"https://s3/{Params['Bucket']}/{Params['Key']}?{operation}"

    def files(self, key_part: str) -> dict[str, bytes]:
        """The files of the one zip whose key contains this."""
        (content,) = [content for (_, key), content in self.objects.items() if key_part in key]
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


class FakeBuilds:
    """Runs no build: keeps the orders and gives the results it is told."""

    def __init__(self) -> None:
        self.orders: list[BuildOrder] = []
        self.result_of: Callable[[BuildOrder], BuildResult] = lambda _order: BuildResult("SUCCEEDED")

    def start(self, order: BuildOrder) -> Build:
        self.orders.append(order)
        return FakeBuild(self.result_of(order))


@dataclass(frozen=True)
class FakeBuild:
    planned: BuildResult
    id: str = "project:1"
    url: str = "http://log"

    def result(self) -> BuildResult:
        return self.planned


@dataclass
class FakeRepositories:
    """Git directories by name."""

    folders: dict[str, Path] = field(default_factory=dict)

    def codecommit(self, name: str) -> Path | None:
        return self.folders.get(name)

    def connected(self, full_id: str) -> Path | None:
        return self.folders.get(full_id)


class FakeSurroundings(Surroundings):
    """Hands out the clients a test prepared, and remembers in whose name they were asked for."""

    def prepare(self, clients: Mapping[str, Any]) -> None:
        object.__setattr__(self, "prepared", clients)
        object.__setattr__(self, "asked", [])

    def client(self, service: str, **options: Any) -> Any:
        self.asked.append((service, options.get("role")))  # type: ignore[attr-defined]  # set in prepare
        return self.prepared[service]  # type: ignore[attr-defined]  # set in prepare

    def connected(self, service: str, credentials: Credentials, region: str) -> Any:
        """The client of an action's own role: one prepared for it alone, or else the pipeline's."""
        self.asked.append((service, f"{credentials.access_key} in {region}"))  # type: ignore[attr-defined]  # as above
        prepared = self.prepared  # type: ignore[attr-defined]  # as above
        return prepared.get(f"{service} of the action", prepared[service])

    def credentials(self, role: str | None = None, **_options: Any) -> Credentials:
        return Credentials(f"key of {role}", "secret", "token")


def made_by_hand(context: ActionContext) -> Outcome:
    """Put out every artifact the action declares; each says who made it."""
    artifacts = []
    for name in context.action.outputs:
        file = context.folder / name
        file.write_text(f"made by {context.action.name}")
        artifacts.append(context.put(name, file))
    return Outcome(artifacts=tuple(artifacts))


def stubbed(service: str) -> tuple[Any, Stubber]:
    """A client that answers only what it is told to, in that order."""
    client: Any = SESSION.create_client(service, region_name=REGION)
    stubber = Stubber(client)
    stubber.activate()
    return client, stubber


@dataclass
class ActionRunner:
    """Everything one action needs. `clients` and `artifacts` are filled before it starts."""

    folder: Path
    clock: EagerClock = field(default_factory=EagerClock)
    s3: FakeS3 = field(default_factory=FakeS3)
    builds: FakeBuilds = field(default_factory=FakeBuilds)
    repositories: FakeRepositories = field(default_factory=FakeRepositories)
    clients: dict[str, Any] = field(default_factory=dict)
    assumptions: dict[str, str] = field(default_factory=dict)
    key: str | None = KEY

    def __post_init__(self) -> None:
        self.api = PipelineApi(self.clock)
        self.clients["s3"] = self.s3

    @property
    def service(self) -> ServiceState:
        return self.api.service

    def artifact(self, name: str, files: Mapping[str, str | bytes]) -> Artifact:
        """Lay an artifact into the bucket as an earlier action would have."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for path, text in files.items():
                archive.writestr(path, text)
        artifact = Artifact(name, BUCKET, f"line/{name}/earlier")
        self.s3.objects[BUCKET, artifact.key] = content.getvalue()
        return artifact

    def context(self, declared: dict[str, Any], *inputs: Artifact, **changed: Any) -> ActionContext:
        """The context of this action, in an execution that has come so far."""
        run = self._run(declared)
        root = Credentials("AKIA", "secret")
        place: dict[str, Any] = {"endpoint": "http://here", "ca_file": self.folder / "ca.pem", "root": root}
        surroundings = FakeSurroundings(
            **place, folder=self.folder, account=ACCOUNT, region=REGION, principal="codepipeline.amazonaws.com"
        )
        surroundings.prepare(self.clients)
        self.service.engine.chosen = self.assumptions
        fields: dict[str, Any] = {
            "pipeline": "line",
            "pipeline_arn": self.service.arn("line"),
            "execution": run.execution.id,
            "stage": "Go",
            "run": run.id,
            "action": run.action,
            "configuration": run.action.configuration,
            "inputs": {artifact.name: artifact for artifact in inputs},
            "overrides": {},
            "role": ROLE,
            "store": ArtifactStore(BUCKET, self.key),
            "folder": self.folder,
            "clock": self.clock,
            "handle": ActionHandle(self.service, run),
            "surroundings": surroundings,
            "builds": self.builds,
            "repositories": self.repositories,
        }
        return ActionContext(**{**fields, **changed})

    def _run(self, declared: dict[str, Any]) -> ActionRun:
        """A real run of the action, so that the API can answer it; its stage stands after those it reads."""
        names = [artifact["name"] for artifact in declared["inputArtifacts"]]
        sources = [action(f"Source{name}", category="Source", outputs=[name]) for name in names or ["nothing"]]
        whole = pipeline(stage("Go", declared))
        whole["stages"][0]["actions"] = sources
        if "region" in declared:
            store = whole.pop("artifactStore")
            whole["artifactStores"] = {REGION: store, declared["region"]: store}
        if declared["actionTypeId"]["category"] == "Source":
            whole["stages"] = [stage("Go", declared), stage("Then", action("Then"))]
        self.api.create(whole, run=True)
        for run in list(self.api.begun):
            if run.stage.name == "Source":
                self.api.end(run.action.name)
        return self.api.begun[-1]

    def start(self, context: ActionContext) -> Outcome:
        provider = provider_of(context.action.type)
        assert provider is not None
        return provider.start(context)

    def fails(self, context: ActionContext) -> Outcome:
        """How the action failed."""
        with pytest.raises(ActionFailedError) as caught:
            self.start(context)
        return caught.value.outcome


def code(outcome: Outcome) -> str:
    assert outcome.error is not None
    return outcome.error.code


def message(outcome: Outcome) -> str:
    assert outcome.error is not None
    return outcome.error.message


THEIR_ACCOUNT = "999999999999"
THEIR_ROLE = f"arn:aws:iam::{THEIR_ACCOUNT}:role/action"


class TheirSts:
    """Gives the session of a role of another account."""

    def assume_role(self, **request: str) -> dict[str, Any]:
        return {"Credentials": {"AccessKeyId": request["RoleArn"], "SecretAccessKey": "s", "SessionToken": "t"}}
