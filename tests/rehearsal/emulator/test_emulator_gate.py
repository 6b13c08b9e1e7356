"""Who is let in: whoever signs with keys of this run, and nobody by a back door, another host's name or a web page."""

from __future__ import annotations

import http.client
import json
import os

import pytest
from botocore.exceptions import ClientError

from generator.rehearsal.emulator.gate import turned_away
from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.service import Credentials, connect

REGION = "us-east-1"
CALLS = (("sts", "get_caller_identity"), ("s3", "list_buckets"), ("lambda", "list_functions"), ("iam", "list_users"))


def code_of(emulator: Emulator, keys: Credentials, call: tuple[str, str]) -> str:
    """The error a call ends with; "" when it is answered."""
    service, operation = call
    try:
        getattr(connect(service, emulator.endpoint, keys, REGION), operation)()
    except ClientError as refused:
        return str(refused.response["Error"]["Code"])
    return ""


def asked(emulator: Emulator, method: str, path: str, **headers: str) -> http.client.HTTPResponse:
    return read(emulator, path, method, **headers)[0]


def read(emulator: Emulator, path: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    """The answer, and its body."""
    connection = http.client.HTTPConnection("127.0.0.1", emulator.doors.http_port, timeout=120)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    return answer, answer.read()


def posted(emulator: Emulator, bucket: str, fields: dict[str, str]) -> int:
    """The status of a browser's form with these fields and a file."""
    parts = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()]
    file = '--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nhello\r\n--x--\r\n'
    connection = http.client.HTTPConnection("127.0.0.1", emulator.doors.http_port, timeout=120)
    connection.request("POST", f"/{bucket}", "".join(parts) + file, {"Content-Type": "multipart/form-data; boundary=x"})
    return connection.getresponse().status


@pytest.mark.parametrize("call", CALLS)
def test_keys_that_other_emulators_take_for_the_roots_are_refused_as_aws_does(
    emulator: Emulator, call: tuple[str, str]
) -> None:
    refusals = {"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId"}
    for key in ("test", "123456789012", "000000000000", "AKIAIOSFODNN7EXAMPLE"):
        assert code_of(emulator, Credentials(key, "test"), call) in refusals


@pytest.mark.parametrize("call", CALLS)
def test_the_roots_key_without_its_secret_is_refused(emulator: Emulator, call: tuple[str, str]) -> None:
    root = emulator.doors.secrets.root
    assert code_of(emulator, root, call) == ""
    assert code_of(emulator, Credentials(root.access_key, "test"), call) in {
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
    }


def test_each_run_has_secrets_of_its_own(emulator: Emulator) -> None:
    secrets = emulator.doors.secrets
    assert "test" not in {secrets.root.access_key, secrets.root.secret_key}
    with Emulator(os.environ) as other:
        mine, others = secrets.to_json(), other.doors.secrets.to_json()
        assert not {str(value) for value in mine.values()} & {str(value) for value in others.values()}
    assert secrets.root.secret_key not in repr(emulator.doors)
    assert secrets.control not in repr(emulator.doors)


@pytest.mark.parametrize("path", ["/", "/some-bucket/some-object", "/2015-03-31/functions"])
def test_an_unsigned_call_is_refused(emulator: Emulator, path: str) -> None:
    assert asked(emulator, "GET", path).status in {400, 401, 403}


def test_a_bucket_is_open_to_whom_its_own_policy_lets_in(emulator: Emulator) -> None:
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="open-to-all")
    s3.put_object(Bucket="open-to-all", Key="page.html", Body=b"hello")
    assert asked(emulator, "GET", "/open-to-all/page.html").status == 403
    s3.delete_public_access_block(Bucket="open-to-all")
    allow = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::open-to-all/*"}
    s3.put_bucket_policy(Bucket="open-to-all", Policy=json.dumps({"Version": "2012-10-17", "Statement": [allow]}))
    assert asked(emulator, "GET", "/open-to-all/page.html").status == 200
    assert asked(emulator, "PUT", "/open-to-all/page.html").status == 403


def test_a_form_writes_to_a_bucket_with_a_signature_only(emulator: Emulator) -> None:
    emulator.client("s3").create_bucket(Bucket="uploads-by-form")
    signed = emulator.client("s3").generate_presigned_post("uploads-by-form", "photo")["fields"]
    assert [posted(emulator, "uploads-by-form", fields) for fields in ({"key": "photo"}, signed)] == [403, 204]


@pytest.mark.parametrize(
    "path",
    ["/_ministack/reset", "/_ministack/config", "/_ministack/health", "/_localstack/health", "/health"],
)
def test_the_emulators_own_addresses_are_closed(emulator: Emulator, path: str) -> None:
    for method in ("GET", "POST"):
        assert asked(emulator, method, path).status == 404


@pytest.mark.parametrize(
    "path",
    ["/_ministack/health", "/_ministack/ready", "/_localstack/health", "/health", "/v2/", "/logout", "/v2/_catalog"],
)
@pytest.mark.parametrize("api", ["ab12.execute-api.us-east-1.amazonaws.com", ""])
def test_the_paths_of_an_api_are_its_own_and_no_way_to_the_emulators(emulator: Emulator, api: str, path: str) -> None:
    address = path if api else f"/_aws/execute-api/ab12{path}"
    answer, body = read(emulator, address, Host=api or "127.0.0.1", Origin="https://attacker.example")
    assert (answer.status, json.loads(body)) == (404, {"message": "Not Found"}), "there is no such API"


@pytest.mark.parametrize(
    "path",
    [
        "/latest/meta-data/iam/security-credentials/",
        "/LATEST/meta-data/",
        "/v2/credentials/x",
        "/v2/",
        "/v2/app/manifests/latest",
        "/v1/chat/completions",
    ],
)
def test_what_is_not_aws_api_and_asks_for_no_signature_is_closed(emulator: Emulator, path: str) -> None:
    for method in ("GET", "PUT", "POST"):
        assert asked(emulator, method, path).status == 404


@pytest.mark.parametrize("host", ["attacker.example", "127.0.0.1.attacker.example:80", "169.254.169.254", ""])
def test_another_hosts_name_is_refused(emulator: Emulator, host: str) -> None:
    assert asked(emulator, "GET", "/", Host=host).status == 421


@pytest.mark.parametrize("origin", ["https://attacker.example", "null", "http://localhost:3000"])
def test_a_web_page_may_not_call_aws(emulator: Emulator, origin: str) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        answer = asked(emulator, method, "/", Origin=origin, Content_Type="text/plain")
        assert answer.status == 403
        assert answer.headers["Access-Control-Allow-Origin"] is None


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("ab12.execute-api.us-east-1.amazonaws.com", "/prod"),
        ("127.0.0.1:4566", "/_aws/execute-api/ab12/prod"),
        ("ab12.lambda-url.us-east-1.on.aws", "/"),
        ("uploads.s3.us-east-1.amazonaws.com", "/photo.png"),
    ],
)
def test_a_web_page_may_call_what_its_owner_opens_to_pages(host: str, path: str) -> None:
    headers = [(b"host", host.encode()), (b"origin", b"https://shop.example")]
    assert turned_away({"type": "http", "path": path, "headers": headers}) is None


def test_who_signs_nothing_is_refused_by_s3_and_not_failed(emulator: Emulator) -> None:
    emulator.client("s3").create_bucket(Bucket="for-nobody")
    door = http.client.HTTPConnection("127.0.0.1", emulator.doors.http_port)
    door.request("GET", "/for-nobody", headers={"Host": "s3.us-east-1.amazonaws.com"})
    answer = door.getresponse()
    assert (answer.status, b"<Code>AccessDenied</Code>" in answer.read()) == (403, True)
    door.close()
