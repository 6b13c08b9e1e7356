"""Whatever `penstock init` finds, the file it writes is one that Penstock takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.compiler.pipeline import compile_file
from generator.frameworks.sam import FRAMEWORK as SAM
from generator.init import first_pipeline_file, names
from generator.init.application_template import Choice
from generator.init.survey import look
from generator.pipeline_file import kinds
from generator.repository.files import Repository
from tests.cli.repositories import APP

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("name", "legal"),
    [
        ("time-service", "time-service"),
        ("Time_Service", "time-service"),
        ("2048 game", "game"),
        ("a-very-long-name-of-a-service", "a-very-long-name-of"),
        ("Größe", "gr-e"),
        ("123", ""),
        ("---", ""),
    ],
)
def test_a_name_becomes_legal(name: str, legal: str) -> None:
    assert names.service_name(name) == legal


PLAIN = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40)
# The least that git takes for a repository.
GIT = {"HEAD": "ref: refs/heads/main\n", "config": '[remote "origin"]\n\turl = https://github.com/{}.git\n'}
TOML_KEYS = st.text(st.sampled_from("abAB01-_"), min_size=1, max_size=25)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    repository=st.from_regex(r"[A-Za-z0-9._-]{1,30}/[A-Za-z0-9._-]{1,30}", fullmatch=True),
    environments=st.dictionaries(TOML_KEYS, PLAIN, max_size=4),
    output=st.one_of(st.none(), st.sampled_from(["Yes", "null", "ApiUrl", "on", "1e3", "Out"])),
)
def test_whatever_it_finds_the_file_compiles(
    repository: str, environments: dict[str, str], output: str | None, tmp_path: Path
) -> None:
    # Every example overwrites what the one before has left.
    root = tmp_path
    (root / ".git").mkdir(exist_ok=True)
    for name, text in GIT.items():
        (root / ".git" / name).write_text(text.format(repository), encoding="utf-8")
    (root / ".git" / "objects").mkdir(exist_ok=True)
    (root / ".git" / "refs").mkdir(exist_ok=True)
    stacks = (
        name + ".deploy.parameters]\nstack_name = '" + text.replace("'", "") for name, text in environments.items()
    )
    (root / "samconfig.toml").write_text("".join(f"[{stack}'\n" for stack in stacks), encoding="utf-8")
    shown = f"'{output}': {{Value: https://a}}" if output else "HelloArn: {Value: !GetAtt Hello.Arn}"
    (root / "app-sam.yaml").write_text(APP.replace("HelloArn: {Value: !GetAtt Hello.Arn}", shown), encoding="utf-8")
    findings = look(Repository(root), kinds.hosts(), Choice("app-sam.yaml"), SAM)
    file = root / "pipeline.yaml"
    file.write_text(first_pipeline_file.pipeline_file(findings, first_pipeline_file.SCHEMA_FILE), encoding="utf-8")
    compiled = compile_file(file, "pipeline.yaml", Repository(root))
    assert compiled.pipeline.service == findings.service
    assert [stage.word for stage in compiled.pipeline.stages if findings.stages.adopted] == [
        stage.word for stage in findings.stages.adopted
    ]
