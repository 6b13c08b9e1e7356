"""The blueprints' integration tests against services on this machine: sound ones, broken ones, none at all."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from tests.blueprints.languages import CHECKS, Language, Values, blueprint, handler_of
from tests.blueprints.services import Service, behind_a_gateway, served

LANGUAGES: tuple[Language, ...] = get_args(Language)
TIME, ZONE, UNKNOWN = "it tells the time", "it tells the time in a zone", "it knows no zone of that name"
SOUND = behind_a_gateway(handler_of(blueprint("python") / "src/app.py"))

each_language = pytest.mark.parametrize("language", LANGUAGES)


def checked(language: Language, service: Service, **more: object) -> Values:
    """What the test function of a blueprint returns for a service."""
    with served(service) as url:
        event: Values = {"job_id": "1", "api_url": url, "stage": "beta", "service": "time-service", "outputs": {}}
        return handler_of(blueprint(language) / CHECKS[language])(event | more)


def at(hours: float, minutes: float = 0, body: str = '{{"time": "{time}", "message": "Atlantis/Capital"}}') -> Service:
    """A service whose clocks are all so many hours from UTC, and so many minutes wrong."""

    def service(path: str) -> tuple[int, str]:
        offset = timedelta(hours=hours)
        moment = datetime.now(UTC) + timedelta(minutes=minutes)
        time = (moment + offset).strftime("%Y-%m-%dT%H:%M:%S") + f"{'+' if hours >= 0 else '-'}{abs(hours):02.0f}:00"
        return (404 if "Atlantis" in path else 200), body.format(time=time)

    return service


def broken_at(path: str, status: int, body: str) -> Service:
    """A sound service but for one path."""
    return lambda asked: (status, body) if asked == path else SOUND(asked)


@each_language
def test_a_sound_service_passes_every_check(language: Language) -> None:
    assert checked(language, SOUND) == {"passed": 3, "failed": 0, "summary": "3 of 3 checks passed"}


@each_language
def test_a_slash_at_the_end_of_the_url_does_not_matter(language: Language) -> None:
    with served(SOUND) as url:
        assert handler_of(blueprint(language) / CHECKS[language])({"api_url": f"{url}/"})["failed"] == 0


@each_language
def test_a_subset_runs_its_own_checks_and_no_others(language: Language) -> None:
    nowhere = broken_at("/time/America/New_York", 500, "{}")
    assert checked(language, nowhere, subset="smoke") == {"passed": 1, "failed": 0, "summary": "1 of 1 checks passed"}


@each_language
@pytest.mark.parametrize("subset", ["", None])
def test_no_subset_is_everything(language: Language, subset: object) -> None:
    assert checked(language, SOUND, subset=subset)["passed"] == 3


def test_a_subset_nobody_wrote_raises_instead_of_testing_nothing() -> None:
    with pytest.raises(KeyError, match="smoek"):
        checked("python", SOUND, subset="smoek")


@each_language
@pytest.mark.parametrize(
    ("service", "failing"),
    [
        pytest.param(lambda _: (500, '{"message": "Internal server error"}'), [TIME, ZONE, UNKNOWN], id="errors"),
        pytest.param(lambda _: (200, "<html>"), [TIME, ZONE, UNKNOWN], id="no JSON"),
        pytest.param(lambda _: (200, "{}"), [TIME, ZONE, UNKNOWN], id="empty"),
        pytest.param(at(0), [ZONE], id="UTC everywhere"),
        pytest.param(at(-5), [TIME], id="New York everywhere"),
        pytest.param(at(0, minutes=5), [TIME, ZONE], id="a clock that is fast"),
        pytest.param(at(-5, minutes=-5), [TIME, ZONE], id="a clock that is slow"),
        pytest.param(broken_at("/time/America/New_York", 403, "{}"), [ZONE], id="no slash in a zone"),
        pytest.param(broken_at("/time/Atlantis/Capital", 200, "{}"), [UNKNOWN], id="every zone is known"),
        pytest.param(broken_at("/time/Atlantis/Capital", 404, '{"message": "no"}'), [UNKNOWN], id="no message"),
        pytest.param(broken_at("/time/Atlantis/Capital", 302, '{"message": "x"}'), [UNKNOWN], id="a redirect"),
    ],
)
def test_a_broken_service_fails_the_checks_it_breaks(language: Language, service: Service, failing: list[str]) -> None:
    result = checked(language, service)
    assert (result["passed"], result["failed"]) == (3 - len(failing), len(failing))
    head, *reasons = result["summary"].split("; ")
    assert head == f"{3 - len(failing)} of 3 checks passed"
    assert [reason.partition(": ")[0] for reason in reasons] == failing
    assert all(reason.partition(": ")[2] for reason in reasons)


@each_language
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("", "status 200 came with no JSON: nothing"),
        ("<html>", "status 200 came with no JSON: <html>"),
        ("{}", "the answer has no time: {}"),
        ("null", "the answer has no time: null"),
    ],
)
def test_an_answer_that_does_not_say_it_is_told_as_it_came(language: Language, answer: str, reason: str) -> None:
    first = checked(language, lambda _: (200, answer))["summary"].split("; ")[1]
    assert first == f"{TIME}: {reason}"


@each_language
def test_a_new_api_that_is_forbidden_at_first_passes(language: Language) -> None:
    asked: Counter[str] = Counter()

    def new(path: str) -> tuple[int, str]:
        asked[path] += 1
        return (403, '{"message": "Forbidden"}') if asked[path] == 1 else SOUND(path)

    assert checked(language, new) == {"passed": 3, "failed": 0, "summary": "3 of 3 checks passed"}
    assert set(asked.values()) == {2}


@each_language
def test_a_service_that_is_not_there_fails_every_check(language: Language) -> None:
    with served(SOUND) as url:
        pass
    result = handler_of(blueprint(language) / CHECKS[language])({"api_url": url})
    assert (result["passed"], result["failed"]) == (0, 3)
    assert "refused" in result["summary"].lower() or "ECONNREFUSED" in result["summary"]


@each_language
@pytest.mark.parametrize("url", ["", "time-service", "file:///etc/hostname", None, 7])
def test_a_url_that_is_none_fails_every_check_and_raises_nothing(language: Language, url: object) -> None:
    result = handler_of(blueprint(language) / CHECKS[language])({"api_url": url})
    assert (result["passed"], result["failed"]) == (0, 3)


@each_language
def test_what_the_pipeline_says_beside_the_url_changes_nothing(language: Language) -> None:
    event = {"commit": "c0ffee", "execution_id": "e", "outputs": {"ApiUrl": "https://elsewhere.invalid"}}
    assert checked(language, SOUND, **event) == checked(language, SOUND)


def test_the_gateway_knows_only_the_paths_of_the_templates() -> None:
    status, body = SOUND("/elsewhere")
    assert (status, json.loads(body)["message"]) == (403, "Missing Authentication Token")
