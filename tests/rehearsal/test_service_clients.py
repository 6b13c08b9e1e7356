"""A service keeps the clients it asked for last, and lets go of the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.rehearsal.service import MOST_CLIENTS, Credentials, Surroundings

pytestmark = pytest.mark.slow

ROLE = "arn:aws:iam::123456789012:role/worker"


class Privileges:
    """Gives keys to whoever asks, and counts."""

    def __init__(self) -> None:
        self.sessions: list[str] = []

    def session(self, _role: str, _principal: str, session_name: str, _conditions: object) -> Credentials:
        self.sessions.append(session_name)
        return Credentials("ASIA", "secret", "token")


@pytest.fixture
def privileges() -> Privileges:
    return Privileges()


@pytest.fixture
def surroundings(privileges: Privileges, tmp_path: Path) -> Surroundings:
    return Surroundings(
        "http://127.0.0.1:9",
        tmp_path,
        tmp_path,
        "123456789012",
        "us-east-1",
        "codepipeline.amazonaws.com",
        Credentials("AKIA", "secret"),
        privileges=privileges,  # type: ignore[arg-type]  # it does of it what is asked here
    )


def test_a_client_that_was_asked_for_lately_is_the_same_again(surroundings: Surroundings) -> None:
    first = surroundings.client("sts", role=ROLE, session_name="first")
    for number in range(2 * MOST_CLIENTS):
        surroundings.client("sts", role=ROLE, session_name=f"session-{number}")
        assert surroundings.client("sts", role=ROLE, session_name="first") is first


def test_however_many_sessions_there_are_few_clients_are_kept(
    surroundings: Surroundings, privileges: Privileges
) -> None:
    for number in range(3 * MOST_CLIENTS):
        surroundings.client("sts", role=ROLE, session_name=f"session-{number}")
    assert len(surroundings._clients) <= MOST_CLIENTS
    # The oldest went: asking for it makes a session anew.
    surroundings.client("sts", role=ROLE, session_name="session-0")
    assert privileges.sessions.count("session-0") == 2
