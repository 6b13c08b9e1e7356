"""The user's variables: who wins, what is looked up where, and what stays secret."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from botocore.stub import Stubber

from generator.rehearsal.codebuild.failure import PhaseFailedError
from generator.rehearsal.codebuild.variables import SecretReference, Variable, merged, of_api, resolve
from generator.rehearsal.service import Credentials, connect
from tests.rehearsal.codebuild.build_runner import BuildRunner, no_client

VERSION = "0" * 32
SAFE = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app-AbCdEf"


class Store:
    """Parameter Store and Secrets Manager as botocore's Stubber has them."""

    def __init__(self) -> None:
        keys = Credentials("AKIA", "secret")
        self.clients = {
            name: connect(name, "http://127.0.0.1:9", keys, "eu-west-1") for name in ("ssm", "secretsmanager")
        }
        self.stubs = {name: Stubber(client) for name, client in self.clients.items()}
        for stub in self.stubs.values():
            stub.activate()

    def client(self, service: str) -> Any:
        return self.clients[service]

    def parameters(self, names: list[str], **values: str) -> None:
        """Expect one GetParameters."""
        answer = {"Parameters": [{"Name": f"/{name}", "Value": value} for name, value in values.items()]}
        self.stubs["ssm"].add_response("get_parameters", answer, {"Names": names, "WithDecryption": True})

    def secret(self, text: str | bytes, **asked: str) -> None:
        """Expect one GetSecretValue."""
        kind = "SecretString" if isinstance(text, str) else "SecretBinary"
        self.stubs["secretsmanager"].add_response("get_secret_value", {kind: text}, asked)


@pytest.fixture
def store() -> Store:
    return Store()


def test_startbuild_wins_over_the_project_and_the_project_over_the_buildspec(runner: BuildRunner) -> None:
    spec = "version: 0.2\nenv: {variables: {A: spec, B: spec, C: spec}}\nphases: {build: {commands: [echo $A $B $C]}}\n"
    runner.build(
        spec,
        variables=(Variable("B", "project"), Variable("C", "project")),
        overrides=(Variable("C", "start"),),
    )
    assert runner.output() == ["spec project start"]


def test_a_later_layer_changes_the_type_too() -> None:
    variables = merged([Variable("A", "/a", "PARAMETER_STORE")], [Variable("A", "plain")])
    assert variables == {"A": Variable("A", "plain", "PLAINTEXT")}


def test_variables_of_the_api_are_plain_unless_they_say_otherwise() -> None:
    variables = [{"name": "A", "value": "1"}, {"name": "B", "value": "/b", "type": "PARAMETER_STORE"}]
    assert of_api(variables) == [Variable("A", "1"), Variable("B", "/b", "PARAMETER_STORE")]
    assert of_api(None) == []


def test_plain_variables_need_nobody() -> None:
    resolved = resolve({"A": Variable("A", "1")}, no_client)
    assert (resolved.values, resolved.secrets()) == ({"A": "1"}, [])


def test_parameters_are_looked_up_ten_at_a_time(store: Store) -> None:
    names = [f"/p{i:02}" for i in range(11)]
    store.parameters(names[:10], **{name[1:]: f"v{name}" for name in names[:10]})
    store.parameters(names[10:], p10="v/p10")
    variables = {f"V{i}": Variable(f"V{i}", f"/p{i:02}", "PARAMETER_STORE") for i in range(11)}
    resolved = resolve(variables, store.client)
    assert resolved.values["V10"] == "v/p10"
    assert len(resolved.secret) == 11


def test_parameters_that_are_not_there_are_named(store: Store) -> None:
    store.parameters(["/a", "/b", "/c"], b="x")
    variables = {name: Variable(name, f"/{name}", "PARAMETER_STORE") for name in "abc"}
    with pytest.raises(PhaseFailedError) as caught:
        resolve(variables, store.client)
    assert caught.value.code == "Decrypted Variables Error"
    assert caught.value.message == "parameter does not exist: /a, /c"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("app", SecretReference("app")),
        ("app:token", SecretReference("app", "token")),
        ("app:token:AWSPREVIOUS", SecretReference("app", "token", "AWSPREVIOUS")),
        ("app:::v1", SecretReference("app", "", "", "v1")),
        (SAFE, SecretReference(SAFE)),
        (f"{SAFE}:token:AWSCURRENT", SecretReference(SAFE, "token", "AWSCURRENT")),
    ],
)
def test_a_reference_to_a_secret_is_taken_apart(text: str, expected: SecretReference) -> None:
    assert SecretReference.parse(text) == expected


@pytest.mark.parametrize(
    ("reference", "asked", "expected"),
    [
        ("app", {"SecretId": "app"}, '{"token": "s3cret", "port": 1}'),
        ("app:token", {"SecretId": "app"}, "s3cret"),
        ("app:port", {"SecretId": "app"}, "1"),
        ("app:token:AWSPREVIOUS", {"SecretId": "app", "VersionStage": "AWSPREVIOUS"}, "s3cret"),
        (f"app:token::{VERSION}", {"SecretId": "app", "VersionId": VERSION}, "s3cret"),
    ],
)
def test_a_secret_is_looked_up(store: Store, reference: str, asked: dict[str, str], expected: str) -> None:
    store.secret(json.dumps({"token": "s3cret", "port": 1}), **asked)
    resolved = resolve({"T": Variable("T", reference, "SECRETS_MANAGER")}, store.client)
    assert resolved.values == {"T": expected}
    assert resolved.secrets() == [expected]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not json", "T: the secret has no JSON key 'token'"),
        ("{}", "T: the secret has no JSON key 'token'"),
        (b"binary", "T: the secret app is binary and has no text"),
    ],
)
def test_a_secret_without_the_key_is_said(store: Store, text: str | bytes, words: str) -> None:
    store.secret(text, SecretId="app")
    with pytest.raises(PhaseFailedError) as caught:
        resolve({"T": Variable("T", "app:token", "SECRETS_MANAGER")}, store.client)
    assert (caught.value.code, caught.value.message) == ("Secrets Manager Error", words)


@pytest.mark.parametrize(
    ("kind", "service", "operation", "words"),
    [
        ("PARAMETER_STORE", "ssm", "get_parameters", "AccessDeniedException"),
        ("SECRETS_MANAGER", "secretsmanager", "get_secret_value", "T: AccessDeniedException: no"),
    ],
)
def test_what_the_role_may_not_read_fails_in_words(
    store: Store, kind: str, service: str, operation: str, words: str
) -> None:
    store.stubs[service].add_client_error(operation, "AccessDeniedException", "no")
    with pytest.raises(PhaseFailedError, match=words):
        resolve({"T": Variable("T", "/t", kind)}, store.client)


SECRETIVE = """
version: 0.2
env:
  parameter-store: {LEVEL: /level}
  secrets-manager: {TOKEN: "app:token"}
  exported-variables: [LEVEL, TOKEN, SHOWN, MISSING]
phases: {build: {commands: ['echo $LEVEL and $TOKEN', 'SHOWN=yes', 'test $TOKEN = s3cret']}}
"""


def test_a_build_reads_its_secrets_and_shows_and_exports_none(runner: BuildRunner, store: Store) -> None:
    store.parameters(["/level"], level="debug-level")
    store.secret('{"token": "s3cret"}', SecretId="app")
    runner.host = replace(runner.host, client=store.client)
    ended = runner.build(SECRETIVE)
    assert ended.status == "SUCCEEDED"
    assert runner.output() == ["*** and ***"]
    assert ended.exported == {"SHOWN": "yes"}
    assert "TOKEN is not exported: it is a secret" in runner.log_text()
    assert "MISSING is not exported: it is not set" in runner.log_text()
    assert "s3cret" not in "\n".join(ended.log)


def test_a_missing_parameter_fails_the_build_before_any_command(runner: BuildRunner, store: Store) -> None:
    store.parameters(["/level"])
    runner.host = replace(runner.host, client=store.client)
    ended = runner.build(SECRETIVE)
    assert ended.failure
    assert ended.failure.phase == "DOWNLOAD_SOURCE"
    assert runner.output() == []


def test_exported_variables_have_their_value_after_the_last_phase(runner: BuildRunner) -> None:
    ended = runner.build("""
version: 0.2
env: {variables: {A: first}, exported-variables: [A, B, C]}
phases:
  install: {commands: [A=second, export B=in]}
  post_build: {commands: ["C='x\\ny'", A=third, unset B]}
""")
    assert ended.exported == {"A": "third", "C": "x\ny"}


def test_variables_are_exported_although_the_build_failed(runner: BuildRunner) -> None:
    ended = runner.build(
        "version: 0.2\nenv: {exported-variables: [A]}\nphases: {install: {commands: [A=1, 'false']}}\n"
    )
    assert ended.exported == {"A": "1"}
