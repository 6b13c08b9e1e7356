"""AWS as the two Lambda functions see it: botocore's Stubber on their clients, and a record of their calls."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote

from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.model import Shape
from botocore.stub import ANY, Stubber

JOB_ID = "11111111-abcd-1111-abcd-111111abcdef"
SECRETS = {"accessKeyId": "AKIASECRET", "secretAccessKey": "s3cr3t-key", "sessionToken": "s3cr3t-token"}
SERVICES = ("codepipeline", "cloudformation", "lambda", "stepfunctions", "sts")
KEYS = {"AccessKeyId": "ASIAOFANOTHERACCOUNT", "SecretAccessKey": "s3cr3t", "SessionToken": "t0k3n"}
"""What a role in another account gives to whom it lets in."""

Call = tuple[str, dict[str, Any]]


@dataclass
class Context:
    """Lambda's context object, as far as it is read."""

    seconds: float = 900

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)


def job_event(parameters: Any, *, token: str | None = None, job_id: str = JOB_ID) -> dict[str, Any]:
    """CodePipeline's event; None leaves UserParameters out, text goes in as it is, the rest as JSON."""
    configuration = {"FunctionName": "start_tests"}
    if parameters is not None:
        configuration["UserParameters"] = parameters if isinstance(parameters, str) else json.dumps(parameters)
    data: dict[str, Any] = {
        "actionConfiguration": {"configuration": configuration},
        "inputArtifacts": [],
        "outputArtifacts": [],
        "artifactCredentials": SECRETS,
    }
    if token is not None:
        data["continuationToken"] = token
    return {"CodePipeline.job": {"id": job_id, "accountId": "111122223333", "data": data}}


def violations(shape: Shape, value: Any) -> list[str]:
    """What of `value` breaks AWS's own limits: botocore checks the rest, but neither maxima, patterns nor enums."""
    if shape.type_name == "structure":
        members: dict[str, Shape] = shape.members  # type: ignore[attr-defined]  # of StructureShape
        return [wrong for name, part in value.items() for wrong in violations(members[name], part)]
    if shape.type_name == "map":
        pairs = [(shape.key, key) for key in value] + [(shape.value, part) for part in value.values()]  # type: ignore[attr-defined]  # of MapShape
        return [wrong for part, inner in pairs for wrong in violations(part, inner)]
    rules, text = shape.metadata, str(value)
    units = len(text.encode("utf-16-le")) // 2
    broken = [
        units < rules.get("min", 0),
        units > rules.get("max", units),
        re.fullmatch(rules.get("pattern", r"(?s).*"), text) is None,
        text not in rules.get("enum", [text]),
    ]
    return [f"{shape.name}: {value!r}"] if any(broken) else []


def http_ok() -> AWSResponse:
    """What botocore wants to have received."""
    headers: Any = HeadersDict()  # the published types have the wrong class here
    return AWSResponse("", 200, headers, None)


class Aws:
    """Stubbed clients of one Lambda function, as a context manager that checks that all was asked for."""

    def __init__(self, client: Callable[[str], Any]) -> None:
        self.clients = {service: client(service) for service in SERVICES}
        self.stubs = {service: Stubber(client) for service, client in self.clients.items()}
        self.calls: list[Call] = []
        self.hooks: list[tuple[Any, str, Any]] = []

    def __enter__(self) -> Self:
        for service, stub in self.stubs.items():
            stub.activate()
            self.hook(service, "provide-client-params", self._record)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        for events, name, hook in self.hooks:
            events.unregister(name, hook)
        for stub in self.stubs.values():
            stub.deactivate()
            if error is None:
                stub.assert_no_pending_responses()

    def hook(self, service: str, moment: str, hook: Callable[..., Any]) -> None:
        """Have botocore call `hook` at a moment of every call to `service`, until the end."""
        client = self.clients[service]
        name = f"{moment}.{client.meta.service_model.service_id.hyphenize()}"
        client.meta.events.register_first(name, hook)
        self.hooks.append((client.meta.events, name, hook))

    def _record(self, *, model: Any, params: dict[str, Any], **_: Any) -> None:
        self.calls.append((model.name, dict(params)))

    def called(self, operation: str) -> list[dict[str, Any]]:
        """Parameters of each call of an operation."""
        return [params for name, params in self.calls if name == operation]

    def stack(self, name: str, status: str = "CREATE_COMPLETE", **outputs: str) -> None:
        """A stack is there to be described."""
        described = [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()]
        stack = {"StackName": name, "CreationTime": "2026-01-01", "StackStatus": status, "Outputs": described}
        self.stubs["cloudformation"].add_response("describe_stacks", {"Stacks": [stack]}, {"StackName": name})

    def elsewhere(self, client: Any, role: str) -> None:
        """CloudFormation is asked in another account, through a client with the keys of this role."""
        credentials = {**KEYS, "Expiration": "2026-01-01"}
        asked = {"RoleArn": role, "RoleSessionName": ANY}
        self.stubs["sts"].add_response("assume_role", {"Credentials": credentials}, asked)
        self.stubs["cloudformation"].deactivate()
        self.clients["cloudformation"], self.stubs["cloudformation"] = client, Stubber(client)
        self.stubs["cloudformation"].activate()

    def function(self, answer: Any, **more: str) -> None:
        """A function answers: bytes as they are, anything else as JSON."""
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        response = {"StatusCode": 200, "Payload": io.BytesIO(body), **more}
        self.stubs["lambda"].add_response("invoke", response)

    def functions(self, answers: dict[str, Callable[[], Any]]) -> None:
        """Functions answer by their names, from whichever thread."""

        def reply(*, params: dict[str, Any], **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
            name = unquote(params["url_path"].split("/")[3])
            body = json.dumps(answers[name]()).encode()
            return http_ok(), {"StatusCode": 200, "Payload": io.BytesIO(body)}

        self.stubs["lambda"].deactivate()
        self.hook("lambda", "before-call", reply)

    def takes(self, result: str) -> None:
        """CodePipeline takes a `success` or a `failure`, and nothing else."""
        self.stubs["codepipeline"].add_response(f"put_job_{result}_result", {})

    def takes_either(self) -> None:
        """CodePipeline takes any number of results."""

        def reply(**_: Any) -> tuple[AWSResponse, dict[str, Any]]:
            return http_ok(), {}

        self.stubs["codepipeline"].deactivate()
        self.hook("codepipeline", "before-call", reply)

    def report(self) -> Call:
        """The one result that was put, which AWS would accept."""
        (report,) = [call for call in self.calls if call[0].startswith("PutJob")]
        operation, params = report
        model = self.clients["codepipeline"].meta.service_model.operation_model(operation)
        assert violations(model.input_shape, params) == []
        return report

    def success(self) -> dict[str, Any]:
        """Parameters of the one result, a success."""
        operation, params = self.report()
        assert operation == "PutJobSuccessResult"
        return params

    def failure(self) -> str:
        """Message of the one result, a failure."""
        operation, params = self.report()
        assert operation == "PutJobFailureResult"
        assert params["failureDetails"]["type"] == "JobFailed"
        return str(params["failureDetails"]["message"])
