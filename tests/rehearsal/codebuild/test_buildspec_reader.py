"""Reading a buildspec: what it means, and what is said of what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest

from generator.errors import InvalidInputError, NotRehearsedError
from generator.rehearsal.codebuild import buildspec_reader
from generator.rehearsal.codebuild.buildspec import Artifact, OnFailure, Report
from generator.rehearsal.codebuild.buildspec_reader import read

SMALLEST = "version: 0.2\nphases:\n  build:\n    commands: [make]\n"
OURS = sorted((Path(__file__).parents[3] / "buildspecs").glob("*.yml"))


def problems(text: str) -> list[str]:
    """What is wrong with a buildspec: place and message of each problem."""
    with pytest.raises(InvalidInputError) as caught:
        read(text, "buildspec.yml")
    return [f"{problem.place}: {problem.message}" for problem in caught.value.problems]


def test_the_smallest_buildspec_has_one_command() -> None:
    buildspec = read(SMALLEST, "buildspec.yml")
    assert buildspec.version == "0.2"
    assert buildspec.commands() == ("make",)


def test_every_documented_key_is_understood() -> None:
    buildspec = read(
        """
version: 0.2
run-as: root
env:
  shell: bash
  variables: {STAGE: beta, PORT: 8080, ON: yes, EMPTY: }
  parameter-store: {LEVEL: /app/level}
  secrets-manager: {TOKEN: "app:token"}
  exported-variables: [STAGE]
  git-credential-helper: no
phases:
  install:
    run-as: root
    on-failure: ABORT
    runtime-versions: {python: 3.10, nodejs: 22}
    commands: [one]
    finally: [two]
  pre_build: {commands: [three]}
  build: {commands: four, on-failure: CONTINUE}
  post_build:
    commands:
      - |
        five
        six
reports:
  unit: {files: ["*.xml"], base-directory: out, discard-paths: yes, file-format: JunitXml}
artifacts:
  files: ["**/*"]
  name: app-$(date)
  discard-paths: yes
  base-directory: dist*
  exclude-paths: ["**/*.pyc"]
  enable-symlinks: yes
  s3-prefix: p
  secondary-artifacts:
    docs: {files: docs/*}
cache: {key: k, fallback-keys: [a], action: save, paths: [x]}
""",
        "buildspec.yml",
    )
    assert buildspec.shell == "bash"
    assert buildspec.variables == {"STAGE": "beta", "PORT": "8080", "ON": "yes", "EMPTY": ""}
    assert buildspec.parameter_store == {"LEVEL": "/app/level"}
    assert buildspec.secrets == {"TOKEN": "app:token"}
    assert buildspec.exported == ("STAGE",)
    assert buildspec.runtimes == {"python": "3.10", "nodejs": "22"}
    assert buildspec.commands() == ("one", "two", "three", "four", "five\nsix\n")
    assert buildspec.phase("install").on_failure == OnFailure("ABORT")
    assert buildspec.phase("build").on_failure == OnFailure("CONTINUE")
    assert buildspec.reports == {"unit": Report(("*.xml",), "out", "JUNITXML")}
    assert buildspec.artifact == Artifact(
        ("**/*",), "dist*", True, ("**/*.pyc",), True, name="app-$(date)", s3_prefix="p"
    )
    assert buildspec.secondary_artifacts == {"docs": Artifact(("docs/*",))}


def test_what_has_no_effect_here_is_said() -> None:
    buildspec = read(
        f"{SMALLEST}run-as: me\nenv: {{git-credential-helper: yes}}\ncache: {{paths: [x]}}\n", "buildspec.yml"
    )
    assert [words.partition(" is not carried out")[0] for words in buildspec.left_out] == [
        "run-as",
        "cache",
        "env.git-credential-helper",
    ]


def test_version_0_1_has_names_of_its_own() -> None:
    buildspec = read(
        "version: 0.1\nenvironment_variables: {plaintext: {A: b}}\nphases: {build: {commands: [x]}}\n"
        "artifacts: {type: zip, files: [x]}\n",
        "buildspec.yml",
    )
    assert buildspec.version == "0.1"
    assert buildspec.variables == {"A": "b"}


def test_version_0_2_does_not_know_the_names_of_0_1() -> None:
    assert problems(f"{SMALLEST}environment_variables: {{plaintext: {{A: b}}}}\n") == [
        "buildspec.yml:5:1: unknown key 'environment_variables'"
    ]


def test_every_unknown_key_is_shown_at_once_with_its_place() -> None:
    text = """\
version: 0.2
phaes: {}
env: {vars: {A: b}}
phases:
  biuld: {commands: [x]}
  build:
    runtime-versions: {python: 3.13}
    commands: [x]
artifacts: {files: [x], file: y, secondary-artifacts: {docs: {files: [z], paths: q}}}
reports: {unit: {files: [x], format: JUNITXML}}
cache: {path: x}
"""
    assert problems(text) == [
        "buildspec.yml:2:1: unknown key 'phaes'",
        "buildspec.yml:3:7: unknown key 'vars'",
        "buildspec.yml:5:3: unknown phase 'biuld'",
        "buildspec.yml:7:5: unknown key 'runtime-versions'",
        "buildspec.yml:9:25: unknown key 'file'",
        "buildspec.yml:9:75: unknown key 'paths'",
        "buildspec.yml:10:30: unknown key 'format'",
        "buildspec.yml:11:9: unknown key 'path'",
    ]


def test_an_unknown_key_comes_with_the_one_that_was_meant() -> None:
    with pytest.raises(InvalidInputError, match="did you mean 'phases'"):
        read("version: 0.2\nphaes: {}\n", "buildspec.yml")


def test_a_value_that_is_none_of_a_few_comes_with_those_there_are() -> None:
    with pytest.raises(InvalidInputError, match="formats: JUNITXML, CUCUMBERJSON"):
        read(f"{SMALLEST}reports: {{u: {{files: [x], file-format: TAP}}}}\n", "buildspec.yml")


def test_an_anchor_is_followed() -> None:
    text = "version: 0.2\nphases: {build: {commands: &all [make]}, post_build: {commands: *all}}\n"
    assert read(text, "buildspec.yml").commands() == ("make", "make")


@pytest.mark.parametrize("version", ["0.1", "0.2"])
def test_the_schema_is_one_by_its_own_standard(version: str) -> None:
    schema = json.loads((Path(buildspec_reader.__file__).parent / "buildspec.schema.json").read_text())
    assert jsonschema_rs.meta.is_valid({**schema[version], "$defs": schema["$defs"]})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("phases: {build: {commands: [x]}}", "1:1: 'version' is missing"),
        ("version: 0.3\nphases: {build: {commands: [x]}}", '1:10: must be "0.1" or "0.2", not \'0.3\''),
        ("version: 0.2\n", "1:1: 'phases' is missing"),
        ("version: 0.2\nphases: {build: {finally: [x]}}", "2:10: 'commands' is missing"),
        ("version: 0.2\nphases: {build: {commands: [x]}}\nartifacts: {name: x}", "3:1: 'files' is missing"),
        ("version: 0.2\nphases: {build: {commands: [x]}}\nreports: {u: {}}", "3:11: 'files' is missing"),
        (
            "version: 0.2\nphases:\n  build:\n    commands:\n      - echo a: b\n",
            "5:9: must be text, not a mapping",
        ),
        ("version: 0.2\nphases: {build: {commands: {a: b}}}", "2:28: must be text or a list, not a mapping"),
        ("version: 0.2\nphases: []", "2:9: must be a mapping, not a list"),
        ("- version", "1:1: must be a mapping, not a list"),
        (
            "version: 0.2\nphases: {build: {commands: [x], on-failure: STOP}}",
            "2:45: on-failure 'STOP' is unknown",
        ),
        (
            "version: 0.2\nphases: {build: {commands: [x], on-failure: RETRY-101}}",
            "2:45: on-failure: a build is retried 0 to 100 times",
        ),
        (
            'version: 0.2\nphases: {build: {commands: [x], on-failure: "RETRY-("}}',
            "2:45: on-failure: '(' is not a regular expression: missing ), unterminated subpattern at position 0",
        ),
        (
            "version: 0.2\nphases: {build: {commands: [x]}}\nenv: {variables: {CODEBUILD_X: y}}",
            "3:19: 'CODEBUILD_X' is not the name of a variable; names that begin with CODEBUILD_ are reserved",
        ),
        (
            "version: 0.2\nphases: {build: {commands: [x]}}\nenv: {variables: {a-b: y}}",
            "3:19: 'a-b' is not the name of a variable; names that begin with CODEBUILD_ are reserved",
        ),
        (
            "version: 0.2\nphases: {build: {commands: [x]}}\nenv: {variables: {A: b, A: c}}",
            "3:25: 'A' is given twice",
        ),
        (
            "version: 0.2\nphases: {build: {commands: [x]}}\nenv: {exported-variables: [AWS_X]}",
            "3:28: 'AWS_X' is not the name of a variable that can be exported: none that begins with AWS_",
        ),
        (
            'version: 0.2\nphases: {build: {commands: [x]}}\nenv: {exported-variables: ["$(rm x)"]}',
            "3:28: '$(rm x)' is not the name of a variable that can be exported: none that begins with AWS_",
        ),
        (
            "version: 0.2\nphases: {build: {commands: [x]}}\nenv: {shell: zsh}",
            "3:14: 'zsh' is not a shell of CodeBuild's",
        ),
        (
            "version: 0.2\nphases: {build: {commands: [x]}}\nartifacts: {files: [x], discard-paths: perhaps}",
            "3:40: 'perhaps' is not yes or no",
        ),
        (
            "version: 0.2\nphases: {build: {commands: [x]}}\nreports: {u: {files: [x], file-format: TAP}}",
            "3:40: 'TAP' is not a format of reports",
        ),
    ],
)
def test_a_mistake_is_said_with_its_place(text: str, expected: str) -> None:
    assert f"buildspec.yml:{expected}" in problems(text)


def test_what_is_not_yaml_is_said_with_its_place() -> None:
    assert problems("version: 0.2\nphases: [") == ["buildspec.yml:2:9: a value is missing here"]


def test_deep_nesting_is_refused() -> None:
    assert problems("[" * 5_000) == ["buildspec.yml:1:101: nested more than 100 deep"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("RETRY", OnFailure("RETRY", 3, ".*")),
        ("RETRY-4", OnFailure("RETRY", 4, ".*")),
        ("RETRY-invalid+", OnFailure("RETRY", 3, "invalid+")),
        ("RETRY-8-.*timed out.*", OnFailure("RETRY", 8, ".*timed out.*")),
        ("RETRY-3d", OnFailure("RETRY", 3, "3d")),
    ],
)
def test_retries_have_a_count_and_a_pattern(word: str, expected: OnFailure) -> None:
    text = f"version: 0.2\nphases: {{build: {{commands: [x], on-failure: '{word}'}}}}\n"
    assert read(text, "buildspec.yml").phase("build").on_failure == expected


@pytest.mark.parametrize(
    ("addition", "words"),
    [
        ("proxy: {logs: yes}", "a build behind an explicit proxy server is not rehearsed"),
        ("env: {shell: powershell.exe}", "a build on Windows"),
    ],
)
def test_what_no_rehearsal_does_is_refused_as_such(addition: str, words: str) -> None:
    with pytest.raises(NotRehearsedError, match=words):
        read(f"{SMALLEST}{addition}\n", "buildspec.yml")


def test_mistakes_outrank_what_is_not_rehearsed() -> None:
    assert len(problems(f"{SMALLEST}proxy: {{}}\nbatsh: {{}}\n")) == 2


def test_what_only_a_batch_build_reads_is_no_matter_of_another_build() -> None:
    assert read(f"{SMALLEST}batch: {{fast-fail: true}}\n", "buildspec.yml").commands()


def test_a_type_of_the_artifacts_as_in_version_0_1_changes_nothing() -> None:
    spec = read(f"{SMALLEST}artifacts: {{type: zip, files: [a]}}\n", "buildspec.yml")
    assert spec.artifact
    assert spec.artifact.files == ("a",)


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.name)
def test_our_own_buildspecs_are_without_fault(file: Path) -> None:
    assert read(file.read_text(), file.name).commands()


def test_there_are_buildspecs_of_ours() -> None:
    assert OURS
