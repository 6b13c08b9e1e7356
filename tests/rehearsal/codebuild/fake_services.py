"""Stand-ins for what surrounds CodeBuild: its own API over no wire, S3, CloudWatch Logs, roles."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import botocore.session
from botocore.exceptions import ClientError
from botocore.model import OperationModel
from botocore.validate import validate_parameters

from generator.rehearsal.codebuild.service import CodeBuildService
from generator.rehearsal.service import Caller, Credentials, ServiceError, Surroundings

ACCOUNT, REGION = "123456789012", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/build"
PIPELINE_ROLE = f"arn:aws:iam::{ACCOUNT}:role/pipeline"
MODEL = botocore.session.Session().get_service_model("codebuild")


def refusal(code: str, operation: str) -> ClientError:
    """An error of AWS's."""
    return ClientError({"Error": {"Code": code, "Message": "no"}}, operation)


@dataclass
class Logs:
    """CloudWatch Logs: streams of messages by group. `refuse` names an operation that is not allowed."""

    groups: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    refuse: str = ""

    def _call(self, operation: str) -> None:
        self.calls.append(operation)
        if operation == self.refuse:
            raise refusal("AccessDeniedException", operation)

    def create_log_group(self, *, logGroupName: str) -> None:  # noqa: N803 - boto's names
        self._call("CreateLogGroup")
        self.groups[logGroupName] = {}

    def create_log_stream(self, *, logGroupName: str, logStreamName: str) -> None:  # noqa: N803 - boto's names
        self._call("CreateLogStream")
        if logGroupName not in self.groups:
            raise refusal("ResourceNotFoundException", "CreateLogStream")
        self.groups[logGroupName][logStreamName] = []

    def put_log_events(self, *, logGroupName: str, logStreamName: str, logEvents: list[Any]) -> None:  # noqa: N803 - boto's names
        self._call("PutLogEvents")
        assert len(logEvents) <= 10_000
        assert sum(len(event["message"].encode()) + 26 for event in logEvents) <= 1_048_576
        assert [event["timestamp"] for event in logEvents] == sorted(event["timestamp"] for event in logEvents)
        self.groups[logGroupName][logStreamName] += [event["message"] for event in logEvents]


@dataclass
class Buckets:
    """S3: objects by bucket/key."""

    objects: dict[str, bytes] = field(default_factory=dict)

    def get_object(self, *, Bucket: str, Key: str, VersionId: str = "") -> dict[str, Any]:  # noqa: N803 - boto's names
        try:
            return {"Body": io.BytesIO(self.objects[f"{Bucket}/{Key}{VersionId}"])}
        except KeyError:
            raise refusal("NoSuchKey", "GetObject") from None

    def put_object(self, *, Bucket: str, Key: str, Body: IO[bytes]) -> None:  # noqa: N803 - boto's names
        if Bucket == "locked":
            raise refusal("AccessDenied", "PutObject")
        self.objects[f"{Bucket}/{Key}"] = Body.read()


class Api:
    """A CodeBuild client that asks the service itself, and checks question and answer against AWS's model."""

    def __init__(self, service: CodeBuildService, role: str | None, denied: frozenset[str]) -> None:
        self._service = service
        self._caller = Caller(ACCOUNT, REGION, role)
        self._denied = denied

    def ask(self, operation: str, **request: Any) -> dict[str, Any]:
        if operation in self._denied:
            raise refusal("AccessDeniedException", operation)
        model = MODEL.operation_model(operation)
        assert model.input_shape
        assert model.output_shape
        validate_parameters(request, model.input_shape)
        try:
            answer = self._service.handle(operation, request, self._caller)
        except ServiceError as refused:
            self._check(refused.code, model)
            raise ClientError({"Error": {"Code": refused.code, "Message": refused.message}}, operation) from refused
        # AWS answers with empty lists where its model wants one entry at least.
        validate_parameters({name: value for name, value in answer.items() if value != []}, model.output_shape)
        unknown = answer.keys() - model.output_shape.members.keys()
        assert not unknown
        return answer

    @staticmethod
    def _check(code: str, model: OperationModel) -> None:
        assert code in {shape.name for shape in model.error_shapes}

    def start_build(self, **request: Any) -> dict[str, Any]:
        return self.ask("StartBuild", **request)

    def batch_get_builds(self, **request: Any) -> dict[str, Any]:
        return self.ask("BatchGetBuilds", **request)


@dataclass
class FakeServices:
    """Everything around one CodeBuild service. `projects` are in BatchGetProjects' shape."""

    folder: Path
    variables: Mapping[str, str]
    logs: Logs = field(default_factory=Logs)
    buckets: Buckets = field(default_factory=Buckets)
    projects: dict[str, dict[str, Any]] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    closed_roles: set[str] = field(default_factory=set)
    sessions: list[tuple[str, str, str]] = field(default_factory=list)
    assumptions: dict[str, str] = field(default_factory=dict)
    _service: list[CodeBuildService] = field(default_factory=list)

    @property
    def service(self) -> CodeBuildService:
        """The service, made when it is first needed."""
        if not self._service:
            self._service.append(CodeBuildService(FakeSurroundings(self), self.projects.get))
        return self._service[0]

    def api(self, role: str | None = None) -> Api:
        """A client of the service."""
        return Api(self.service, role, frozenset(self.denied) if role else frozenset())

    def project(self, buildspec: str, **changes: Any) -> str:
        """Make a project; its name."""
        name = f"project{len(self.projects)}"
        self.projects[name] = {
            "name": name,
            "arn": f"arn:aws:codebuild:{REGION}:{ACCOUNT}:project/{name}",
            "source": {"type": "NO_SOURCE", "buildspec": buildspec},
            "artifacts": {"type": "NO_ARTIFACTS"},
            "environment": {
                "type": "LINUX_CONTAINER",
                "image": "aws/codebuild/standard:7.0",
                "computeType": "BUILD_GENERAL1_SMALL",
            },
            "serviceRole": ROLE,
            "timeoutInMinutes": 60,
            "encryptionKey": f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/aws/s3",
            **changes,
        }
        return name

    def run(self, project: str, **request: Any) -> dict[str, Any]:
        """Run a build to its end; what BatchGetBuilds says then."""
        build_id = self.api().start_build(projectName=project, **request)["build"]["id"]
        self.service._entries[build_id].outcome.result(120)
        build: dict[str, Any] = self.api().batch_get_builds(ids=[build_id])["builds"][0]
        return build

    def messages(self, build: Mapping[str, Any]) -> list[str]:
        """What CloudWatch Logs has of a build."""
        return self.logs.groups[build["logs"]["groupName"]][build["logs"]["streamName"]]


class FakeSurroundings(Surroundings):
    """Surroundings that hand out the clients of FakeServices."""

    def __init__(self, services: FakeServices) -> None:
        super().__init__(
            endpoint="http://127.0.0.1:9",
            ca_file=Path("/nowhere"),
            folder=services.folder,
            account=ACCOUNT,
            region=REGION,
            principal="codebuild.amazonaws.com",
            root=Credentials("AKIA", "secret"),
            variables=services.variables,
            assumptions=services.assumptions,
        )
        object.__setattr__(self, "_services", services)

    def credentials(
        self, role: str | None = None, *, session_name: str = "rehearsal", source_arn: str = ""
    ) -> Credentials:
        services: FakeServices = self._services  # type: ignore[attr-defined]  # set past the frozen dataclass
        if role in services.closed_roles:
            raise ServiceError("AccessDenied", f"{role} trusts nobody")
        services.sessions.append((str(role), session_name, source_arn))
        return Credentials("ASIAOFTHEROLE", "secretkeyoftherole", "tokenoftherole")

    def client(
        self,
        service: str,
        *,
        role: str | None = None,
        region: str | None = None,
        session_name: str = "rehearsal",
        source_arn: str = "",
    ) -> Any:
        services: FakeServices = self._services  # type: ignore[attr-defined]  # set past the frozen dataclass
        assert region is None
        if role == ROLE:
            self.credentials(role, session_name=session_name, source_arn=source_arn)
        return {"codebuild": services.api(role), "logs": services.logs, "s3": services.buckets}[service]
