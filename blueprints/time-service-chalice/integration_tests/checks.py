"""Checks a deployed time service over HTTP.

The pipeline calls `handler` after every deployment, with the application's URL, and goes on only if nothing failed. To
add a check, write a function that takes the URL and raises when something is wrong, and name it in CHECKS.
"""

import json
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

TIMEOUT_SECONDS = 10
# For a few seconds a new API says that it is forbidden, until every server of API Gateway knows it.
PAUSES_SECONDS = (1, 2, 4)
NOW = timedelta(minutes=1)

# It speaks HTTP and nothing else, and takes a 404 for an answer like any other.
HTTP = urllib.request.OpenerDirector()
HTTP.add_handler(urllib.request.HTTPHandler())
HTTP.add_handler(urllib.request.HTTPSHandler())


def get(url: str) -> tuple[int, dict[str, Any]]:
    """The status and the JSON of an answer; of the last one, while it is forbidden."""
    for pause in PAUSES_SECONDS:
        status, body = get_once(url)
        if status != HTTPStatus.FORBIDDEN:
            return status, body
        time.sleep(pause)
    return get_once(url)


def get_once(url: str) -> tuple[int, dict[str, Any]]:
    with HTTP.open(url, timeout=TIMEOUT_SECONDS) as answer:
        text = answer.read().decode("utf-8", "replace")
    try:
        return answer.status, json.loads(text)
    except ValueError:
        raise AssertionError(f"status {answer.status} came with no JSON: {text[:100] or 'nothing'}") from None


def field(body: Any, name: str) -> str:
    """What an answer says; without it the check fails with what came instead."""
    value = body.get(name) if isinstance(body, dict) else None
    assert isinstance(value, str), f"the answer has no {name}: {json.dumps(body)[:100]}"
    return value


def it_tells_the_time(api_url: str) -> None:
    status, body = get(f"{api_url}/time")
    assert status == HTTPStatus.OK, f"status {status}"
    moment = datetime.fromisoformat(field(body, "time"))
    assert moment.utcoffset() == timedelta(), f"{moment} is not in UTC"
    assert abs(datetime.now(UTC) - moment) < NOW, f"{moment} is not now"


def it_tells_the_time_in_a_zone(api_url: str) -> None:
    status, body = get(f"{api_url}/time/America/New_York")
    assert status == HTTPStatus.OK, f"status {status}"
    moment = datetime.fromisoformat(field(body, "time"))
    assert moment.utcoffset() in (timedelta(hours=-5), timedelta(hours=-4)), f"{moment} is not in New York"
    assert abs(datetime.now(UTC) - moment) < NOW, f"{moment} is not now"


def it_knows_no_zone_of_that_name(api_url: str) -> None:
    status, body = get(f"{api_url}/time/Atlantis/Capital")
    assert status == HTTPStatus.NOT_FOUND, f"status {status}"
    message = field(body, "Message")
    assert "Atlantis/Capital" in message, f"the message is {message}"


CHECKS: list[Callable[[str], None]] = [it_tells_the_time, it_tells_the_time_in_a_zone, it_knows_no_zone_of_that_name]
# What a stage with `tests: smoke` in the pipeline file runs instead of everything.
SUBSETS = {"smoke": [it_tells_the_time]}


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Runs every check, or those of a subset.

    The pipeline counts on `passed`, `failed` and `summary`, and shows them to the approver.
    """
    api_url = str(event.get("api_url", "")).rstrip("/")
    checks = SUBSETS[event["subset"]] if event.get("subset") else CHECKS
    failures = [reason for check in checks if (reason := failure(check, api_url))]
    passed = len(checks) - len(failures)
    summary = "; ".join([f"{passed} of {len(checks)} checks passed", *failures])
    return {"passed": passed, "failed": len(failures), "summary": summary}


def failure(check: Callable[[str], None], api_url: str) -> str:
    """Why a check failed; nothing when it passed."""
    try:
        check(api_url)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong, the other checks still run
        reason = str(error) if isinstance(error, AssertionError) else repr(error)
        return f"{check.__name__.replace('_', ' ')}: {reason}"
    return ""
