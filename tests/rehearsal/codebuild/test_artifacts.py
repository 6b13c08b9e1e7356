"""Artifacts: which files are in them, and under which names."""

from __future__ import annotations

import os
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from generator.rehearsal.codebuild.artifacts import gather, pack
from generator.rehearsal.codebuild.buildspec import Artifact
from generator.rehearsal.codebuild.failure import PhaseFailedError
from tests.rehearsal.codebuild.build_runner import BuildRunner


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A folder after a build."""
    for name in ("app.yaml", "dist/main.js", "dist/lib/util.js", "dist/lib/util.test.js", "dist-2/other.js", ".env"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def names(artifact: Artifact, folder: Path) -> list[str]:
    """What the files of an artifact are called inside it."""
    return [member.name for member in gather(artifact, folder, lambda _words: None)]


@pytest.mark.parametrize(
    ("artifact", "expected"),
    [
        (Artifact(("app.yaml",)), ["app.yaml"]),
        (Artifact(("./app.yaml", "dist/*")), ["app.yaml", "dist/main.js"]),
        (
            Artifact(("**/*",)),
            [".env", "app.yaml", "dist-2/other.js", "dist/lib/util.js", "dist/lib/util.test.js", "dist/main.js"],
        ),
        (Artifact(("**/*",), base_directory="dist"), ["lib/util.js", "lib/util.test.js", "main.js"]),
        (
            Artifact(("**/*",), base_directory="dist*"),
            ["lib/util.js", "lib/util.test.js", "main.js", "other.js"],
        ),
        (Artifact(("lib/util.js",), base_directory="dist"), ["lib/util.js"]),
        (Artifact(("**/*",), base_directory="dist", discard_paths=True), ["main.js", "util.js", "util.test.js"]),
        (Artifact(("dist/**/*",), exclude_paths=("**/*.test.js",)), ["dist/lib/util.js", "dist/main.js"]),
        (Artifact(("**/*",), exclude_paths=("**/.*", "dist*/**/*")), ["app.yaml"]),
        (Artifact(("**/*",), base_directory="dist", exclude_paths=("lib/**/*",)), ["main.js"]),
        (Artifact(("app.yaml", "missing.yaml")), ["app.yaml"]),
        (Artifact(("dist", "app.yaml")), ["app.yaml"]),
    ],
)
def test_the_files_of_an_artifact(built: Path, artifact: Artifact, expected: list[str]) -> None:
    assert names(artifact, built) == expected


def test_paths_may_be_written_whole(built: Path) -> None:
    artifact = Artifact((f"{built}/dist/**/*.js",), base_directory=f"{built}/dist", exclude_paths=("lib/**/*",))
    assert names(artifact, built) == ["main.js"]


@pytest.mark.parametrize(
    ("artifact", "words"),
    [
        (Artifact(("nothing",)), "no matching artifact paths found"),
        (Artifact(("**/*",), exclude_paths=("**/*",)), "no matching artifact paths found"),
        (Artifact(("**/*",), base_directory="nowhere"), "no matching base directory path found"),
    ],
)
def test_an_artifact_without_files_fails_in_codebuilds_words(built: Path, artifact: Artifact, words: str) -> None:
    with pytest.raises(PhaseFailedError) as caught:
        gather(artifact, built, lambda _words: None)
    assert (caught.value.code, caught.value.message) == ("CLIENT_ERROR", words)


def test_a_file_that_is_missing_among_others_is_said(built: Path) -> None:
    lines: list[str] = []
    gather(Artifact(("app.yaml", "missing.yaml")), built, lines.append)
    assert "Skipping invalid file path missing.yaml" in lines


def test_two_files_of_one_name_are_said(built: Path) -> None:
    lines: list[str] = []
    (built / "dist" / "app.yaml").write_text("other")
    members = gather(Artifact(("**/app.yaml",), discard_paths=True), built, lines.append)
    assert [member.name for member in members] == ["app.yaml"]
    assert any("app.yaml is there twice" in words for words in lines)


def test_modes_are_kept_and_the_same_files_make_the_same_bytes(built: Path) -> None:
    (built / "app.yaml").chmod(0o750)
    packed = []
    for name in ("one.zip", "two.zip"):
        pack(gather(Artifact(("app.yaml", "dist/*")), built, print), built / name, keep_links=False)
        packed.append((built / name).read_bytes())
        os.utime(built / "app.yaml", (1, 1))
    assert packed[0] == packed[1]
    with zipfile.ZipFile(built / "one.zip") as archive:
        assert stat.S_IMODE(archive.getinfo("app.yaml").external_attr >> 16) == 0o750
        assert archive.read("dist/main.js") == b"dist/main.js"


@pytest.mark.parametrize(("keep", "kind"), [(True, stat.S_ISLNK), (False, stat.S_ISREG)])
def test_links_are_followed_unless_they_are_to_be_kept(built: Path, keep: bool, kind: object) -> None:
    (built / "link.yaml").symlink_to("app.yaml")
    members = gather(Artifact(("link.yaml",), enable_symlinks=keep), built, print)
    pack(members, built / "made.zip", keep_links=keep)
    with zipfile.ZipFile(built / "made.zip") as archive:
        mode = archive.getinfo("link.yaml").external_attr >> 16
        assert (stat.S_ISLNK(mode), stat.S_ISREG(mode)) == (kind is stat.S_ISLNK, kind is stat.S_ISREG)
        assert archive.read("link.yaml") == b"app.yaml"


MAKING = """
version: 0.2
phases: {build: {commands: [mkdir dist, echo a > dist/a, echo b > b]}}
artifacts:
  files: ['**/*']
  base-directory: dist
  secondary-artifacts:
    Docs: {files: [b], name: docs}
    Both: {files: [dist/a, b], discard-paths: yes}
"""


def inside(archive: Path) -> list[str]:
    """The names in a zip."""
    with zipfile.ZipFile(archive) as members:
        return members.namelist()


def test_a_build_makes_its_primary_artifact(runner: BuildRunner) -> None:
    ended = runner.build(MAKING, outputs=("",))
    assert {name: inside(file) for name, file in ended.artifacts.items()} == {"": ["a"]}


def test_a_build_makes_its_secondary_artifacts(runner: BuildRunner) -> None:
    ended = runner.build(MAKING, outputs=("Docs", "Both"))
    assert {name: inside(file) for name, file in ended.artifacts.items()} == {"Docs": ["b"], "Both": ["a", "b"]}


def test_a_build_nobody_wants_artifacts_of_makes_none(runner: BuildRunner) -> None:
    assert runner.build(MAKING).artifacts == {}


def test_a_missing_secondary_artifact_names_those_there_are(runner: BuildRunner) -> None:
    ended = runner.build(MAKING, outputs=("Doc",))
    assert ended.failure
    assert ended.failure.phase == "UPLOAD_ARTIFACTS"
    assert ended.failure.message == "the buildspec has no secondary artifact 'Doc'; there are: Both, Docs"


def test_a_missing_artifacts_section_is_said(runner: BuildRunner) -> None:
    ended = runner.build("version: 0.2\nphases: {build: {commands: [true]}}\n", outputs=("",))
    assert ended.failure
    assert ended.failure.message == "an artifact is expected, and the buildspec has no artifacts"


def test_paths_and_names_may_have_variables_in_them(runner: BuildRunner) -> None:
    spec = """
version: 0.2
phases: {build: {commands: [OUT=dist, mkdir $OUT, echo a > dist/a.1, VERSION=1]}}
artifacts: {files: [a.$VERSION], base-directory: $CODEBUILD_SRC_DIR/$OUT, name: app-$(echo $VERSION)}
"""
    ended = runner.build(spec, outputs=("",))
    assert inside(ended.artifacts[""]) == ["a.1"]
    assert ended.artifact_names == {"": "app-1"}


def test_an_expression_the_shell_cannot_expand_fails_the_upload(runner: BuildRunner) -> None:
    spec = "version: 0.2\nphases: {build: {commands: [true]}}\nartifacts: {files: [x], name: '$('}\n"
    ended = runner.build(spec, outputs=("",))
    assert ended.failure
    assert ended.failure.message == "the shell cannot expand $( x"


def test_the_upload_is_attempted_after_a_failed_build(runner: BuildRunner) -> None:
    ended = runner.build(MAKING.replace("echo b > b", "exit 1"), outputs=("",))
    assert ended.status == "FAILED"
    assert inside(ended.artifacts[""]) == ["a"]


def test_what_refuses_an_artifact_fails_the_upload(runner: BuildRunner) -> None:
    def refuse(identifier: str, archive: Path, name: str) -> None:
        raise PhaseFailedError("CLIENT_ERROR", f"no room for {identifier} {archive.name} {name}")

    job = replace(runner.job(MAKING, outputs=("Docs",)), deliver=refuse)
    ended = runner.run(job)
    assert ended.failure
    assert ended.failure.message == "no room for Docs Docs.zip docs"


def test_files_outside_of_the_source_are_called_by_their_whole_path(runner: BuildRunner) -> None:
    spec = """
version: 0.2
phases: {build: {commands: [mkdir $HOME/made, echo a > $HOME/made/a, echo b > $HOME/made/b, touch c]}}
artifacts: {files: [$HOME/made/*, c]}
"""
    ended = runner.build(spec, outputs=("",))
    names = inside(ended.artifacts[""])
    assert [name.rpartition("/")[2] for name in names] == ["c", "a", "b"]
    assert not any(name.startswith("/") for name in names)
    flat = spec.replace("files:", "discard-paths: yes, files:")
    assert inside(runner.build(flat, outputs=("",)).artifacts[""]) == ["a", "b", "c"]
