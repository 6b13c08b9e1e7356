"""AWS's own names on this machine: APIs over TLS, from Python, Node, curl, and a program's whole environment."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.rehearsal.emulator.assembly import as_on_aws
from generator.rehearsal.emulator.certificates import Authority, trusted_roots
from generator.rehearsal.emulator.environment import clean, without_proxy
from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.emulator.lambdas import Function
from tests.rehearsal.emulator.stacks import Stack

ANSWERING = {
    "python3.13": """
import json
def handler(event, context):
    said = {"runtime": "python", "path": event.get("path") or event["rawPath"],
            "host": event["headers"].get("Host") or event["headers"]["host"],
            "domain": event["requestContext"]["domainName"], "query": event.get("queryStringParameters")}
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(said)}
""",
    "nodejs22.x": """
exports.handler = async (event) => ({
  statusCode: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ runtime: "node", path: event.rawPath || event.path, query: event.queryStringParameters,
    host: event.headers.host || event.headers.Host, domain: event.requestContext.domainName }),
});
""",
}
CALLING = {
    "python3.13": """
import json, urllib.request
def handler(event, context):
    with urllib.request.urlopen(event) as answer:
        return json.load(answer)
""",
    "nodejs22.x": "exports.handler = async (event) => (await fetch(event)).json();",
}


def test_a_bucket_is_called_the_same_in_every_emulator_and_otherwise_when_it_is_made_again(emulator: Emulator) -> None:
    bucket = {"It": {"Type": "AWS::S3::Bucket"}}
    stack = Stack(emulator, {**bucket, "Other": {"Type": "AWS::SNS::Topic"}})
    names = [stack.physical_id("It")]
    for resources in ({"Other": {"Type": "AWS::SNS::Topic"}}, bucket):
        stack.update(resources)
    names.append(stack.physical_id("It"))
    seeds = [hashlib.sha256(f"{stack.name}:It:{number}".encode()).hexdigest()[:13] for number in (1, 2)]
    assert names == [f"{stack.name}-it-{seed}" for seed in seeds]


def serverless(runtime: str, kind: str, path: str) -> dict[str, Any]:
    event = {"Type": kind, "Properties": {"Path": path, "Method": "get"}}
    properties = {
        "Runtime": runtime,
        "Handler": "index.handler",
        "InlineCode": ANSWERING[runtime],
        "Timeout": 10,
        "Events": {"Web": event},
    }
    return {"Type": "AWS::Serverless::Function", "Properties": properties}


@pytest.fixture(scope="module")
def urls(emulator: Emulator) -> Iterator[dict[str, str]]:
    """The URLs of a REST API served by Python and of an HTTP API served by Node."""
    resources = {
        "Python": serverless("python3.13", "Api", "/time/{zone}"),
        "Node": serverless("nodejs22.x", "HttpApi", "/zones/{zone}"),
    }
    domain = "execute-api.${AWS::Region}.${AWS::URLSuffix}"
    outputs = {
        "rest": {"Value": {"Fn::Sub": f"https://${{ServerlessRestApi}}.{domain}/Prod/time"}},
        "http": {"Value": {"Fn::Sub": f"https://${{ServerlessHttpApi}}.{domain}/zones"}},
    }
    stack = Stack(emulator, resources, Transform="AWS::Serverless-2016-10-31", Outputs=outputs)
    assert stack.status == "CREATE_COMPLETE", stack.failures
    yield stack.outputs
    stack.delete()


def expected(url: str, runtime: str) -> dict[str, Any]:
    host = url.split("/")[2]
    path = {"python": "/time/utc", "node": "/zones/utc"}[runtime]
    return {"runtime": runtime, "path": path, "host": host, "domain": host, "query": {"a": "b"}}


APIS = [("rest", "python"), ("http", "node")]


@pytest.mark.parametrize("caller", sorted(CALLING))
def test_functions_call_apis_by_their_real_names(emulator: Emulator, urls: dict[str, str], caller: str) -> None:
    function = Function(emulator, CALLING[caller], caller, Timeout=10)
    for kind, runtime in APIS:
        assert function(f"{urls[kind]}/utc?a=b") == expected(urls[kind], runtime)


@pytest.mark.parametrize(("kind", "runtime"), APIS)
def test_curl_calls_an_api_by_its_real_name(emulator: Emulator, urls: dict[str, str], kind: str, runtime: str) -> None:
    door = f"::127.0.0.1:{emulator.doors.tls_port}"
    command = ["curl", "--silent", "--show-error", "--fail", "--cacert", str(emulator.doors.ca_file)]
    result = subprocess.run(
        [*command, "--connect-to", door, f"{urls[kind]}/utc?a=b"], capture_output=True, check=True, env={}
    )
    assert json.loads(result.stdout) == expected(urls[kind], runtime)


@pytest.mark.parametrize(("kind", "runtime"), APIS)
def test_an_api_can_be_called_by_a_plain_url_and_sees_its_real_name(
    emulator: Emulator, urls: dict[str, str], kind: str, runtime: str
) -> None:
    plain = emulator.api_url(f"{urls[kind]}/utc?a=b")
    connection = http.client.HTTPConnection("127.0.0.1", emulator.doors.http_port)
    connection.request("GET", plain.removeprefix(emulator.endpoint))
    assert json.loads(connection.getresponse().read()) == expected(urls[kind], runtime)
    connection.close()


def test_an_unknown_route_is_not_found(emulator: Emulator, urls: dict[str, str]) -> None:
    function = Function(emulator, CALLING["nodejs22.x"], "nodejs22.x", Timeout=10)
    assert function(urls["http"].replace("/zones", "/nowhere")) == {"message": "Not Found"}


def run(emulator: Emulator, *command: str, **variables: str) -> str:
    environment = {**emulator.environment(), **variables}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("endpoint", ["", "http"])
def test_boto3_in_a_child_reaches_the_emulator_with_and_without_an_endpoint(emulator: Emulator, endpoint: str) -> None:
    program = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
    variables = {} if endpoint else {"AWS_ENDPOINT_URL": ""}
    result = run(emulator, sys.executable, "-c", program, **variables)
    assert result == "arn:aws:iam::123456789012:root"


def test_buckets_are_reached_by_their_own_names(emulator: Emulator) -> None:
    program = (
        "import boto3; s3 = boto3.client('s3'); s3.create_bucket(Bucket='by-name');"
        "s3.put_object(Bucket='by-name', Key='k', Body=b'v');"
        "print(s3.get_object(Bucket='by-name', Key='k')['Body'].read())"
    )
    assert run(emulator, sys.executable, "-c", program, AWS_ENDPOINT_URL="") == "b'v'"


def test_a_node_program_reaches_aws_names(emulator: Emulator) -> None:
    program = "fetch('https://sts.us-east-1.amazonaws.com/?Action=Nonsense').then((r) => console.log(r.status))"
    assert int(run(emulator, "node", "-e", program)) >= 400


NAMES = ["sts.amazonaws.com", "a.b.us-east-1.amazonaws.com.", "SQS.eu-west-1.AMAZONAWS.COM", "x.lambda-url.r.on.aws"]


@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_aws_leads_here(emulator: Emulator, name: str) -> None:
    program = f"import socket; print(socket.getaddrinfo({name!r}, 443, type=socket.SOCK_STREAM)[0][4])"
    assert run(emulator, sys.executable, "-c", program) == f"('127.0.0.1', {emulator.doors.tls_port})"


@pytest.mark.parametrize("name", ["localhost", "notamazonaws.com", "amazonaws.com.example.org"])
def test_no_other_name_does(emulator: Emulator, name: str) -> None:
    program = (
        "import socket\n"
        f"try: print(socket.getaddrinfo({name!r}, 443, type=socket.SOCK_STREAM)[0][4][1])\n"
        "except socket.gaierror: print(443)"
    )
    assert run(emulator, sys.executable, "-c", program) == "443"


def test_the_users_environment_is_cleaned() -> None:
    kept = {"PATH": "/bin", "LC_ALL": "C", "PIP_INDEX_URL": "https://index"}
    left_out = ["AWS_PROFILE", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "NODE_OPTIONS", "PYTHONPATH", "VIRTUAL_ENV"]
    assert clean(kept | dict.fromkeys(left_out, "x")) == kept


def test_a_childs_environment_holds_nothing_of_the_users_aws(emulator: Emulator) -> None:
    variables = emulator.environment()
    assert variables["AWS_CONFIG_FILE"] == variables["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert variables["AWS_EC2_METADATA_DISABLED"] == "true"
    assert variables["AWS_ENDPOINT_URL"] == emulator.endpoint
    assert "AWS_PROFILE" not in variables


def test_a_proxy_is_not_asked_for_aws_names() -> None:
    result = without_proxy({"NO_PROXY": "intranet", "HTTPS_PROXY": "http://proxy"})
    assert result["NO_PROXY"] == result["no_proxy"]
    assert result["NO_PROXY"].split(",")[:4] == ["intranet", "127.0.0.1", "localhost", ".amazonaws.com"]


def test_each_name_gets_its_own_certificate(tmp_path: Path) -> None:
    authority = Authority(tmp_path / "ca", {})
    context = authority.context()
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        accepted, _ = door.accept()
    role_trust = ssl.create_default_context(cafile=str(authority.bundle_file))
    server = context.wrap_socket(accepted, server_side=True, do_handshake_on_connect=False)
    side = threading.Thread(target=server.do_handshake)
    side.start()
    with role_trust.wrap_socket(client, server_hostname="abc.execute-api.us-east-1.amazonaws.com") as secure:
        certificate = secure.getpeercert() or {}
    side.join()
    server.close()
    assert certificate["subjectAltName"] == (("DNS", "abc.execute-api.us-east-1.amazonaws.com"),)


def test_the_bundles_keep_what_the_user_trusts(tmp_path: Path) -> None:
    company, node = tmp_path / "company.pem", tmp_path / "node.pem"
    company.write_text("company")
    node.write_text("node")
    users = {"SSL_CERT_FILE": "/nowhere", "REQUESTS_CA_BUNDLE": str(company), "NODE_EXTRA_CA_CERTS": str(node)}
    assert trusted_roots(users) == b"company"
    assert b"BEGIN CERTIFICATE" in trusted_roots({})
    authority = Authority(tmp_path / "ca", users)
    own = authority.ca_file.read_bytes()
    assert authority.bundle_file.read_bytes() == b"company\n" + own
    assert authority.node_file.read_bytes() == b"node\n" + own
    assert Authority(tmp_path / "other", {}).node_file.read_bytes().startswith(b"-----BEGIN")


def test_a_plain_call_is_seen_as_tls_under_the_real_name() -> None:
    scope = {
        "path": "/_aws/execute-api/ab12/Prod/a b",
        "raw_path": b"/_aws/execute-api/ab12/Prod/a%20b",
        "headers": [(b"host", b"127.0.0.1:1"), (b"X-Forwarded-Proto", b"http")],
    }
    seen = as_on_aws(scope, "eu-west-1")
    assert (seen["path"], seen["raw_path"]) == ("/Prod/a b", b"/Prod/a%20b")
    assert dict(seen["headers"]) == {
        b"host": b"ab12.execute-api.eu-west-1.amazonaws.com",
        b"x-forwarded-proto": b"https",
    }


def test_what_only_the_emulator_answers_needs_the_token_of_this_run(emulator: Emulator) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", emulator.doors.http_port)
    secrets = emulator.doors.secrets
    good = {"X-Penstock": secrets.control}
    for path, headers in (
        ("ledger", {}),
        ("ledger", {"X-Penstock": "1"}),
        ("ledger", {"X-Penstock": secrets.push}),
        ("stop", {"X-Penstock": secrets.push}),
        ("nothing", good),
    ):
        connection.request("POST", f"/_penstock/{path}", "{}", headers)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (404, b'{"message": "not found"}')
    connection.request("POST", "/_penstock/push", "{}", good)
    assert connection.getresponse().status == 400
    connection.close()
