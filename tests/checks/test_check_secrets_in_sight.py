"""Plain values that look like secrets."""

from __future__ import annotations

import pytest

from generator.checks.secrets_in_sight import check_secrets_in_sight
from generator.document import PIPELINE_FILE, parse


def warned(written: str) -> list[str]:
    file = parse(f"build:\n  environment: {{{written}}}\n", "pipeline.yaml", PIPELINE_FILE)
    found = list(check_secrets_in_sight(file))
    assert {problem.level for problem in found} <= {"warning"}
    return [problem.message for problem in found]


@pytest.mark.parametrize(
    "written",
    [
        "DB_PASSWORD: hunter2",
        "NpmToken: abc",
        "STRIPE_API_KEY: abc",
        "SEEN: AKIAIOSFODNN7EXAMPLE",
        "SEEN: ghp_0123456789",
        'SEEN: "-----BEGIN RSA PRIVATE KEY-----"',
    ],
)
def test_a_value_that_looks_like_a_secret_is_warned_of_with_the_way_out(written: str) -> None:
    (message,) = warned(written)
    assert message.endswith("looks like a secret, and stands here for everybody to read")


@pytest.mark.parametrize("written", ["LEVEL: debug", "TOKEN_LIMIT: 3", 'TOKEN: "#{variables.Token}"', "KEYS: many"])
def test_what_does_not_look_like_one_is_left_alone(written: str) -> None:
    assert warned(written) == []


def test_a_file_without_a_build_has_none() -> None:
    assert list(check_secrets_in_sight(parse("service: x\n", "pipeline.yaml", PIPELINE_FILE))) == []
