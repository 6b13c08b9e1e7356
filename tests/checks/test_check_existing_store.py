"""What an existing bucket or key no longer promises."""

from __future__ import annotations

import pytest

from generator.checks.existing_store import check_existing_store
from generator.document import PIPELINE_FILE, parse


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{bucket: acme}", ["an existing bucket: TLS only"]),
        ("{key: arn}", ["an existing key: its policy"]),
        ("{bucket: acme, key: arn}", ["an existing bucket: TLS only", "an existing key: its policy"]),
        ("{expire: 90 days}", []),
    ],
)
def test_each_is_remarked_on_with_what_its_owner_has_to_see_to(written: str, said: list[str]) -> None:
    found = list(check_existing_store(parse(f"artifacts: {written}\n", "pipeline.yaml", PIPELINE_FILE)))
    assert [problem.message[: len(words)] for problem, words in zip(found, said, strict=True)] == said
    assert all(problem.level == "info" and problem.hint for problem in found)
