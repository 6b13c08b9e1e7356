"""The key `artifacts`: bucket, key, and how long artifacts are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.pipeline_file.keys import artifacts
from tests.pipeline_file.keys import files

_KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234"


def test_artifacts_lie_in_the_pipelines_own_bucket_for_ninety_days_by_default() -> None:
    fields = artifacts.read({}, files.written(""))
    assert fields == {"bucket": "", "key": "", "artifact_expiry_days": 90}


def test_bucket_key_and_days_are_those_of_the_file() -> None:
    fields = artifacts.read({"bucket": "acme", "key": _KEY, "expire": "40 days"}, files.written(""))
    assert fields == {"bucket": "acme", "key": _KEY, "artifact_expiry_days": 40}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("artifacts: {bucket: acme, expire: 60 days}", "error 4: what expires in an existing bucket"),
        (f"artifacts: {{key: '{_KEY}'}}\nencryption: s3", "error 5: a key of your own is KMS encryption"),
        ("artifacts: {expire: 36 days}", "error 4: artifacts would be gone while an approval may still wait"),
        ("artifacts: {expire: 1000 hours}", "error 4: artifacts would be gone while an approval may still wait"),
    ],
)
def test_what_does_not_go_together_is_refused(text: str, problem: str) -> None:
    file = files.written(text)
    (message,) = files.messages(artifacts.problems(file.data["artifacts"], file))
    assert message.startswith(problem)


@pytest.mark.parametrize(
    ("approval", "least"), [("true", 37), ("{timeout: 60 days}", 90), ("{timeout: 5 minutes}", 31), ("false", 30)]
)
def test_artifacts_outlive_the_longest_approval_by_thirty_days(approval: str, least: int) -> None:
    text = f"stages: [prod: {{approval: {approval}}}]\nartifacts: {{expire: {{}} days}}"
    enough, short = (files.written(text.replace("{}", str(days))) for days in (least, least - 1))
    assert files.messages(artifacts.problems(enough.data["artifacts"], enough)) == []
    (problem,) = artifacts.problems(short.data["artifacts"], short)
    assert problem.hint == f"whole days, at least {least}: expire: {least} days"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{bucket: acme}", ["an existing bucket: TLS only"]),
        (f"{{key: '{_KEY}'}}", ["an existing key: its policy"]),
        (f"{{bucket: acme, key: '{_KEY}'}}", ["an existing bucket: TLS only", "an existing key: its policy"]),
        ("{expire: 90 days}", []),
    ],
)
def test_each_is_remarked_on_with_what_its_owner_has_to_see_to(text: str, expected: list[str], tmp_path: Path) -> None:
    file, pipeline = files.pipeline(f"artifacts: {text}", tmp_path)
    remarks = list(artifacts.remarks(file.data["artifacts"], file, pipeline))
    assert [remark.message[: len(start)] for remark, start in zip(remarks, expected, strict=True)] == expected
    assert all(remark.level == "info" and remark.hint for remark in remarks)
