"""A WebSocket API of a stack: clients connect, send, are answered and are written to, as AWS documents it."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Event, RejectConnection, Request, TextMessage

from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.emulator.stacks import Stack

CODE = """\
import json
import boto3

def handler(event, context):
    context = event["requestContext"]
    if context["routeKey"] == "$connect" and (event.get("queryStringParameters") or {}).get("who") == "nobody":
        return {"statusCode": 403}
    if context["routeKey"] == "fail":
        raise RuntimeError("on purpose")
    if context["routeKey"] == "shout":
        url = f"https://{context['domainName']}/{context['stage']}"
        text = json.loads(event["body"])["text"].upper()
        client = boto3.client("apigatewaymanagementapi", endpoint_url=url)
        client.post_to_connection(ConnectionId=context["connectionId"], Data=text.encode())
    return {"statusCode": 200, "body": "answer of " + context["routeKey"]}
"""
ROUTES = ("$connect", "shout", "ask", "fail")
LONGEST = 60  # seconds, against hanging


def resources() -> dict[str, Any]:
    """An API whose route `ask` has a response, and whose other routes have none."""
    rights = {"Effect": "Allow", "Action": "execute-api:ManageConnections", "Resource": "*"}
    uri = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations"
    resources: dict[str, Any] = {
        "Api": _typed(
            "Api", {"Name": "chat", "ProtocolType": "WEBSOCKET", "RouteSelectionExpression": "$request.body.do"}
        ),
        "Function": {
            "Type": "AWS::Serverless::Function",
            "Properties": {
                "Runtime": "python3.13",
                "Handler": "index.handler",
                "InlineCode": CODE,
                "Policies": [{"Statement": [rights]}],
            },
        },
        "Allowed": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "Action": "lambda:InvokeFunction",
                "FunctionName": {"Ref": "Function"},
                "Principal": "apigateway.amazonaws.com",
            },
        },
        "Integration": _of_api("Integration", {"IntegrationType": "AWS_PROXY", "IntegrationUri": {"Fn::Sub": uri}}),
        "Stage": _of_api("Stage", {"StageName": "live", "DeploymentId": {"Ref": "Deployment"}}),
    }
    names = {key: f"Route{number}" for number, key in enumerate(ROUTES)}
    target = {"Fn::Sub": "integrations/${Integration}"}
    for key, name in names.items():
        more = {"RouteResponseSelectionExpression": "$default"} if key == "ask" else {}
        resources[name] = _of_api("Route", {"RouteKey": key, "Target": target, **more})
    answer = {"RouteId": {"Ref": names["ask"]}, "RouteResponseKey": "$default"}
    return {
        **resources,
        "Answer": _of_api("RouteResponse", answer),
        "Deployment": {**_of_api("Deployment", {}), "DependsOn": list(names.values())},
    }


def _typed(kind: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"Type": f"AWS::ApiGatewayV2::{kind}", "Properties": properties}


def _of_api(kind: str, properties: dict[str, Any]) -> dict[str, Any]:
    return _typed(kind, {"ApiId": {"Ref": "Api"}, **properties})


class Client:
    """A WebSocket client that says and hears texts."""

    def __init__(self, door: socket.socket, host: str, target: str) -> None:
        self._door = door
        self._connection = WSConnection(ConnectionType.CLIENT)
        self._send(Request(host=host, target=target))
        self.opened = self._next((AcceptConnection, RejectConnection))

    def says(self, **message: str) -> None:
        self._send(TextMessage(json.dumps(message)))

    def hears(self) -> str:
        return str(self._next((TextMessage,)).data)  # type: ignore[attr-defined] # a TextMessage has it

    def _send(self, event: Event) -> None:
        self._door.sendall(self._connection.send(event))

    def _next(self, kinds: tuple[type[Event], ...]) -> Event:
        while True:
            for event in self._connection.events():
                if isinstance(event, kinds):
                    return event
            received = self._door.recv(65536)
            assert received, "the connection is closed"
            self._connection.receive_data(received)


@pytest.fixture(scope="session")
def stack(emulator: Emulator) -> Stack:
    output = {"Url": {"Value": {"Fn::GetAtt": ["Api", "ApiEndpoint"]}}}
    stack = Stack(emulator, resources(), Transform="AWS::Serverless-2016-10-31", Outputs=output)
    assert (stack.status, stack.failures) == ("CREATE_COMPLETE", [])
    return stack


@contextmanager
def connected(emulator: Emulator, stack: Stack, query: str = "") -> Iterator[Client]:
    port = urlsplit(emulator.endpoint).port
    with socket.create_connection(("127.0.0.1", port), timeout=LONGEST) as door:
        yield Client(door, urlsplit(stack.outputs["Url"]).netloc, f"/live{query}")


def test_the_endpoint_of_a_websocket_api_is_one_of_websockets(stack: Stack) -> None:
    assert stack.outputs["Url"] == f"wss://{stack.physical_id('Api')}.execute-api.us-east-1.amazonaws.com"


def test_who_connects_is_asked_of_the_connect_route(emulator: Emulator, stack: Stack) -> None:
    with connected(emulator, stack) as client:
        assert isinstance(client.opened, AcceptConnection)
    with connected(emulator, stack, "?who=nobody") as client:
        assert isinstance(client.opened, RejectConnection)


def test_only_a_route_with_a_response_answers_and_any_may_write_to_the_connection(
    emulator: Emulator, stack: Stack
) -> None:
    with connected(emulator, stack) as client:
        client.says(do="shout", text="hello")
        assert client.hears() == "HELLO"
        client.says(do="ask")
        assert client.hears() == "answer of ask"


def test_a_function_that_fails_is_an_internal_server_error_for_the_client(emulator: Emulator, stack: Stack) -> None:
    with connected(emulator, stack) as client:
        client.says(do="fail")
        parsed = json.loads(client.hears())
    assert parsed["message"] == "Internal server error"
    assert set(parsed) == {"message", "connectionId", "requestId"}


def test_an_api_without_routes_is_not_deployed(emulator: Emulator) -> None:
    api = _typed("Api", {"Name": "empty", "ProtocolType": "WEBSOCKET", "RouteSelectionExpression": "$request.body.do"})
    stack = Stack(emulator, {"Api": api, "Deployment": _of_api("Deployment", {})})
    assert "At least one route is required" in stack.failures[0]
