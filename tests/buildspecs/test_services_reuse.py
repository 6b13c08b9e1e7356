"""What was built of a service is taken again while nothing of it has changed, and never otherwise."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from generator.repository import assets

_PROGRAM = assets.folder("buildspecs") / "services" / "reuse.py"
# S3 as far as it is asked: it creates an object, and none that is there.
_AWS = """\
#!/bin/sh
key=$6
case $2 in
  get-object) cp "$STORE/$key" "$7" ;;
  put-object)
    if [ -e "$STORE/$key" ]; then echo "An error occurred (PreconditionFailed)" >&2; exit 254; fi
    if [ -n "$REFUSED" ]; then echo AccessDenied >&2; exit 254; fi
    mkdir -p "$(dirname "$STORE/$key")" && cp "$8" "$STORE/$key" ;;
esac
"""


class Source:
    """A repository with a service in `api`, what it is built with, and a store."""

    def __init__(self, folder: Path) -> None:
        self.root, self.scripts, self.store = folder / "source", folder / "scripts", folder / "store"
        self.output = ""
        self.write("api/template.yaml", "Resources: {}")
        self.write("api/src/api.py", "first")
        self.write("libs/shared.py", "first")
        self.write("poetry.lock", "first")
        self.write("jobs/jobs.py", "first")
        self.environment = {"REFUSED": "", "BUILD_INPUTS": "LEVEL", "LEVEL": "info"}
        for name, text in (("sam.sh", "build"), ("api.env", "export APP_TEMPLATE=api/template.yaml")):
            self.scripts.mkdir(exist_ok=True)
            (self.scripts / name).write_text(text)
        (folder / "bin").mkdir()
        (folder / "bin" / "aws").write_text(_AWS)
        (folder / "bin" / "aws").chmod(0o755)

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def build(self, result: str, *folders: str) -> str:
        """What lies in the artifact after a build that would make `result` of it."""
        self._run("note", "api", "sam", *(folders or ("api", "libs")))
        built = self.root / ".aws-sam/built/api"
        built.mkdir(parents=True)
        if self._run("fetch", "api"):
            (built / "beta.yaml").write_text(result)
            (built / "beta.json").write_text("{}")
            assert self._run("store", "api") == 0, self.output
        assert (built / "beta.json").read_text() == "{}"
        text = (built / "beta.yaml").read_text()
        for path in sorted((self.root / ".aws-sam").rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        return text

    def _run(self, *arguments: str) -> int:
        variables = {
            "PATH": f"{self.root.parent / 'bin'}:/usr/bin:/bin",
            "STORE": str(self.store),
            "BUILD_SCRIPTS": str(self.scripts),
            "BUILD_OUTPUT_BUCKET": "artifacts",
            "BUILD_OUTPUT_PREFIX": "Packaged",
            **self.environment,
        }
        done = subprocess.run(
            [sys.executable, str(_PROGRAM), *arguments],
            cwd=self.root,
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )
        self.output += done.stdout + done.stderr
        return done.returncode


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path)


def test_what_has_not_changed_is_taken_again_whatever_else_has(source: Source) -> None:
    assert source.build("one") == "one"
    source.write("jobs/jobs.py", "second")
    source.write("README.md", "second")
    (source.root / "api/src/api.py").touch()
    assert source.build("two") == "one"
    assert "api: unchanged, built before from the inputs" in source.output


@pytest.mark.parametrize("path", ["api/src/api.py", "api/new.py", "libs/shared.py", "poetry.lock"])
def test_a_file_that_has_changed_is_built(path: str, source: Source) -> None:
    source.build("one")
    source.write(path, "second")
    assert source.build("two") == "two"


def test_so_is_one_that_may_be_executed_now_or_has_gone(source: Source) -> None:
    source.build("one")
    (source.root / "api/src/api.py").chmod(0o755)
    assert source.build("two") == "two"
    (source.root / "api/src/api.py").unlink()
    assert source.build("three") == "three"


@pytest.mark.parametrize("change", [{"LEVEL": "debug"}, {"BUILD_OUTPUT_BUCKET": "other"}, {"AWS_REGION": "eu-west-1"}])
def test_variables_that_a_build_may_read_are_inputs(change: dict[str, str], source: Source) -> None:
    source.build("one")
    source.environment |= change
    assert source.build("two") == "two"


def test_commands_and_settings_are_inputs(source: Source) -> None:
    source.build("one")
    (source.scripts / "sam.sh").write_text("build otherwise")
    assert source.build("two") == "two"
    (source.scripts / "api.env").write_text("export APP_TEMPLATE=api/other.yaml")
    assert source.build("three") == "three"


def test_what_is_forced_is_built_and_counts_from_then_on(source: Source) -> None:
    source.build("one")
    source.environment["FORCE_BUILD"] = "yes"
    assert source.build("two") == "two"
    source.environment["FORCE_BUILD"] = "no"
    assert source.build("three") == "two"
    assert len([path for path in source.store.rglob("*") if path.is_file()]) == 2


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("-e ../jobs", "../jobs"),
        ('require("../../jobs/jobs.py")', "../../jobs/jobs.py"),
        ("cp $CODEBUILD_SRC_DIR/x y", "CODEBUILD_SRC_DIR"),
        ('"file:../.."', "../.."),
    ],
)
def test_what_reads_files_of_others_is_built_every_time_and_says_why(text: str, named: str, source: Source) -> None:
    source.write("api/src/uses", text)
    source.build("one")
    assert source.build("two") == "two"
    assert (
        f"api: api/src/uses names {named}, which is neither its own nor shared: it is built every time" in source.output
    )


@pytest.mark.parametrize("text", ["../libs/shared.py", "../../libs", "../poetry.lock", "../nothing/there", "a../b"])
def test_what_reads_its_own_files_and_those_it_shares_is_not(text: str, source: Source) -> None:
    source.write("api/src/uses", text)
    source.build("one")
    assert source.build("two") == "one"


@pytest.mark.parametrize(("first", "second"), [("../libs/shared.py", "../poetry.lock"), ("../libs", "src")])
def test_a_link_is_where_it_leads(first: str, second: str, source: Source) -> None:
    link = source.root / "api/link"
    link.symlink_to(first)
    source.build("one")
    link.unlink()
    link.symlink_to(second)
    assert source.build("two") == "two"


def test_what_cannot_be_kept_fails_the_build_in_words(source: Source) -> None:
    source.environment["REFUSED"] = "yes"
    with pytest.raises(AssertionError, match="api: AccessDenied"):
        source.build("one")
