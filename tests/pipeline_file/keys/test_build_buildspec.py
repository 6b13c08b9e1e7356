"""The key `build.buildspec`, and the remark where nobody compares the templates with what is covered."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import Problem
from generator.pipeline_file import schema
from generator.pipeline_file.keys.build import buildspec
from tests.pipeline_file.keys import files

_OWN = "build: {buildspec: own.yml}"
_ARTIFACT = "artifacts: {files: [app-output_sam.yaml, test-output_sam.yaml]}\n"
_LACKS = ", and the build's artifact lacks it"
_WHOLE = f"version: 0.2\nphases: {{build: {{commands: [make]}}}}\n{_ARTIFACT}"
_ROLE = "deploy_role: {arn: 'arn:aws:iam::111122223333:role/deployer'}"


def remarks(folder: Path, text: str) -> list[Problem]:
    file, pipeline = files.pipeline(f"{text}\n", folder, folder)
    return [*schema.keys().remarks(file.data, file, pipeline)]


def test_an_own_buildspec_is_a_path_and_its_own() -> None:
    file = files.written(_OWN)
    assert buildspec.read("own.yml", file) == {"buildspec": "own.yml", "own": True}
    assert buildspec.read("", file) == {"buildspec": "", "own": False}


def test_an_own_buildspec_that_does_not_exist_is_missing(tmp_path: Path) -> None:
    file = files.written(_OWN, tmp_path)
    assert files.messages(buildspec.missing("own.yml", file)) == ["error 4: there is no own.yml in the repository"]
    (tmp_path / "own.yml").write_text(_WHOLE)
    assert list(buildspec.missing("own.yml", file)) == []


def test_an_own_buildspec_that_compares_nothing_is_a_remark_with_the_way_to_compare(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text("phases: {build: {commands: [make]}}\n")
    (remark,) = remarks(tmp_path, _OWN)
    assert (remark.level, str(remark.place)) == ("info", "pipeline.yaml:4:20")
    assert "does not compare" in remark.message
    assert "$COVERED_TYPES" in remark.hint


def test_an_own_buildspec_that_asks_what_is_covered_is_not_remarked_upon(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text("phases: {build: {commands: ['grep -Ex \"$COVERED_TYPES\" types']}}\n")
    assert remarks(tmp_path, _OWN) == []


@pytest.mark.parametrize("more", ["", f"\n{_OWN}"])
def test_what_an_existing_role_covers_is_unknown_whoever_builds(tmp_path: Path, more: str) -> None:
    (tmp_path / "own.yml").write_text("phases: {}\n")
    (remark,) = remarks(tmp_path, _ROLE + more)
    assert (remark.level, str(remark.place)) == ("info", "pipeline.yaml:4:20")
    assert "not known here" in remark.message


@pytest.mark.parametrize("text", ["", "deploy_role: exact", "deploy_role: {scope: wide}", "build: {compute: small}"])
def test_a_build_of_ours_for_roles_of_ours_is_not_remarked_upon(tmp_path: Path, text: str) -> None:
    assert remarks(tmp_path, text) == []


def lines(*commands: str, artifact: str = _ARTIFACT) -> str:
    """A buildspec; its first command is in line 4."""
    return (
        "version: 0.1\nphases:\n  build: {commands: [\n"
        + "".join(f"    {each!r},\n" for each in commands)
        + f"  ]}}\n{artifact}"
    )


def lacks(folder: Path, text: str, more: str = "") -> list[str]:
    (folder / "own.yml").write_text(text)
    return files.messages(buildspec.missing("own.yml", files.written(f"{_OWN}\n{more}", folder)))


PACKAGE = "aws cloudformation package --template-file app-sam.yaml --s3-bucket $BUILD_OUTPUT_BUCKET"


@pytest.mark.parametrize("command", [PACKAGE, f'{PACKAGE} --s3-prefix "$BUILD_OUTPUT_PREFIX"', "make", "sam package"])
def test_a_command_that_packages_to_where_the_deploy_roles_read_lacks_nothing(tmp_path: Path, command: str) -> None:
    assert lacks(tmp_path, lines("cd src", command)) == []


@pytest.mark.parametrize("more", ["artifacts: {bucket: acme-artifacts}", "trigger: {pull_requests: true}"])
def test_where_no_code_can_lie_at_the_top_of_the_bucket_each_line_without_our_folder_is_an_error(
    tmp_path: Path, more: str
) -> None:
    text = lines("make", f"cd src && {PACKAGE}", f"{PACKAGE} --s3-prefix $BUILD_OUTPUT_PREFIX", f"{PACKAGE}; true")
    (first, second) = lacks(tmp_path, text, more)
    assert first.startswith("error 5: this packages to the top of the bucket, and ")
    assert second.startswith("error 7: ")


def test_a_service_whose_name_may_begin_an_md5_sum_needs_the_folder(tmp_path: Path) -> None:
    head = "service: cafe\nsource: {codecommit: {repository: cafe}}"
    (tmp_path / "own.yml").write_text(lines(PACKAGE))
    (problem,) = buildspec.missing("own.yml", files.written(f"{head}\n{_OWN}", tmp_path))
    assert "would expire as artifacts do" in problem.message
    assert problem.hint == "add --s3-prefix $BUILD_OUTPUT_PREFIX"


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ("--s3-bucket $S3_BUCKET", "in the pipeline's bucket, not in $S3_BUCKET"),
        ("--s3-bucket=$BUILD_OUTPUT_BUCKET --s3-prefix 'code'", "in $BUILD_OUTPUT_PREFIX, not in code"),
        ("\\\n  --s3-bucket acme-code", "in the pipeline's bucket, not in acme-code"),
    ],
)
def test_code_that_is_packaged_to_where_no_deploy_role_reads_is_an_error_in_its_line(
    tmp_path: Path, options: str, where: str
) -> None:
    text = lines("make", f"sam package {options}")
    assert lacks(tmp_path, text) == [f"error 5: the deploy roles read packaged code {where}"]
    for role in ("{extra: [{actions: [s3:GetObject], resources: ['*']}]}", "{arn: 'arn:aws:iam::111122223333:role/d'}"):
        assert lacks(tmp_path, text, f"deploy_role: {role}") == []


@pytest.mark.parametrize(
    ("artifact", "problem"),
    [
        (
            "",
            f"error 1: the stages deploy app-output_sam.yaml and test-output_sam.yaml{_LACKS}",
        ),
        (
            "artifacts:\n  files: app-output_sam.yaml\n",
            f"error 7: the stages deploy test-output_sam.yaml{_LACKS}",
        ),
        ("artifacts: {files: ['**/*']}\n", ""),
        ("artifacts: {files: ['out/*-output_sam.yaml'], discard-paths: yes}\n", ""),
        ("artifacts: {files: [$TEMPLATES]}\n", ""),
    ],
)
def test_an_artifact_has_the_templates_that_the_stages_deploy(tmp_path: Path, artifact: str, problem: str) -> None:
    assert lacks(tmp_path, lines("make", artifact=artifact), "tests: {template: t.yaml}") == [problem] * bool(problem)


@pytest.mark.parametrize(("command", "top"), [(PACKAGE, True), ("make", True), ("echo $BUILD_OUTPUT_PREFIX", False)])
def test_deploy_roles_read_the_top_of_the_bucket_only_if_something_may_be_packaged_there(
    tmp_path: Path, command: str, top: bool
) -> None:
    (tmp_path / "own.yml").write_text(lines(command))
    _, pipeline = files.pipeline(f"{_OWN}\n", tmp_path, tmp_path)
    read = [each for each in pipeline.deploy_rights[0].statements if each.sid == "ReadCode"]
    arn, sums = "${ArtifactBucket.Arn}", "?" * 32
    more = (f"{arn}/{sums}", f"{arn}/{sums}.template") if top else ()
    assert [each.resources for each in read] == [(f"{arn}/Packaged/*", *more)]
