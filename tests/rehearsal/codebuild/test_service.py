"""CodeBuild's API: what StartBuild runs, and what is told of it; answers are checked against AWS's model."""

from __future__ import annotations

import io
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from generator.rehearsal.codebuild.sources import RepositorySource
from generator.rehearsal.service import Caller, ServiceError
from tests.rehearsal.codebuild.neighbours import ACCOUNT, REGION, ROLE, Logs, Town

HELLO = "version: 0.2\nenv: {exported-variables: [A]}\nphases: {build: {commands: [echo hello, A=1]}}\n"
FAILING = "version: 0.2\nphases: {build: {commands: [echo before, exit 3]}}\n"
SLEEPING = "version: 0.2\nphases: {build: {commands: [sleep 100]}}\n"


@pytest.fixture
def town(tmp_path: Path, variables: dict[str, str], cache: Path) -> Iterator[Town]:
    given = {**variables, "XDG_CACHE_HOME": str(cache)}
    (tmp_path / "codebuild").mkdir()
    town = Town(tmp_path / "codebuild", given)
    yield town
    town.service.close()


def refused(town: Town, operation: str, **request: Any) -> str:
    """The code and message of a refusal."""
    with pytest.raises(ClientError) as caught:
        town.api().ask(operation, **request)
    error = caught.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


def test_startbuild_answers_at_once_and_batchgetbuilds_tells_the_end(town: Town) -> None:
    started = town.api().start_build(projectName=town.project(SLEEPING))["build"]
    assert (started["buildStatus"], started["buildComplete"]) == ("IN_PROGRESS", False)
    told = town.run(town.project(HELLO))
    assert (told["buildStatus"], told["buildComplete"], told["currentPhase"]) == ("SUCCEEDED", True, "COMPLETED")
    assert told["arn"] == f"arn:aws:codebuild:{REGION}:{ACCOUNT}:build/{told['id']}"
    assert told["id"].startswith("project1:")
    assert told["exportedEnvironmentVariables"] == [{"name": "A", "value": "1"}]
    assert told["endTime"] >= told["startTime"]
    assert told["serviceRole"] == ROLE


def test_a_failed_build_tells_phase_and_message(town: Town) -> None:
    told = town.run(town.project(FAILING))
    assert told["buildStatus"] == "FAILED"
    failed = {phase["phaseType"]: phase for phase in told["phases"]}["BUILD"]
    assert failed["phaseStatus"] == "FAILED"
    assert failed["contexts"] == [
        {
            "statusCode": "COMMAND_EXECUTION_ERROR",
            "message": "Error while executing command: exit 3. Reason: exit status 3",
        }
    ]


def test_builds_are_numbered_by_project(town: Town) -> None:
    one, two = town.project(HELLO), town.project(HELLO)
    assert [town.run(name)["buildNumber"] for name in (one, one, two)] == [1, 2, 1]


def test_the_log_goes_to_the_projects_log_group(town: Town) -> None:
    told = town.run(town.project(HELLO))
    assert told["logs"]["groupName"] == "/aws/codebuild/project0"
    assert told["logs"]["streamName"] == told["id"].partition(":")[2]
    messages = town.messages(told)
    assert "hello" in messages
    assert any("Phase complete: BUILD State: SUCCEEDED" in message for message in messages)


def test_a_log_group_of_the_projects_choice_is_used(town: Town) -> None:
    config = {"cloudWatchLogs": {"status": "ENABLED", "groupName": "/mine", "streamName": "builds"}}
    told = town.run(town.project(HELLO, logsConfig=config))
    assert told["logs"]["groupName"] == "/mine"
    assert told["logs"]["streamName"].startswith("builds/")
    assert "hello" in town.messages(told)


def test_a_group_that_is_there_needs_no_right_to_make_one(town: Town) -> None:
    town.logs.groups["/aws/codebuild/project0"] = {}
    town.logs.refuse = "CreateLogGroup"
    assert town.run(town.project(HELLO))["buildStatus"] == "SUCCEEDED"


def test_a_project_without_logs_writes_none(town: Town) -> None:
    told = town.run(town.project(HELLO, logsConfig={"cloudWatchLogs": {"status": "DISABLED"}}))
    assert told["buildStatus"] == "SUCCEEDED"
    assert town.logs.calls == []


def test_a_role_that_may_not_write_logs_fails_the_build_as_on_aws(town: Town) -> None:
    town.logs.refuse = "CreateLogStream"
    told = town.run(town.project(HELLO))
    failed = {phase["phaseType"]: phase for phase in told["phases"]}["PROVISIONING"]
    assert failed["contexts"][0]["statusCode"] == "ACCESS_DENIED"
    assert (
        "does not allow AWS CodeBuild to create Amazon CloudWatch Logs log streams" in failed["contexts"][0]["message"]
    )


def test_a_role_that_does_not_trust_codebuild_fails_the_build(town: Town) -> None:
    town.closed_roles.add(ROLE)
    told = town.run(town.project(HELLO))
    context = {phase["phaseType"]: phase for phase in told["phases"]}["PROVISIONING"]["contexts"][0]
    assert context["statusCode"] == "ACCESS_DENIED"
    assert "not authorized to perform: sts:AssumeRole on service role" in context["message"]


def test_the_role_is_assumed_on_behalf_of_the_project(town: Town) -> None:
    told = town.run(town.project(HELLO))
    uuid = told["id"].partition(":")[2]
    arn = f"arn:aws:codebuild:{REGION}:{ACCOUNT}:project/project0"
    assert set(town.sessions) == {(ROLE, f"AWSCodeBuild-{uuid}", arn)}


def test_a_build_has_the_keys_of_its_role_and_the_region(town: Town) -> None:
    spec = (
        "version: 0.2\nphases: {build: {commands: ['test $AWS_ACCESS_KEY_ID = ASIAOFTHEROLE && echo $AWS_REGION']}}\n"
    )
    told = town.run(town.project(spec))
    assert REGION in town.messages(told)


def test_startbuild_overrides_the_project_for_one_build(town: Town) -> None:
    told = town.run(
        town.project(HELLO),
        buildspecOverride="version: 0.2\nphases: {build: {commands: [echo $WHO]}}\n",
        environmentVariablesOverride=[{"name": "WHO", "value": "you"}],
        timeoutInMinutesOverride=5,
        imageOverride="aws/codebuild/amazonlinux-x86_64-standard:5.0",
    )
    assert "you" in town.messages(told)
    assert told["timeoutInMinutes"] == 5
    assert any("as sh" in message for message in town.messages(told))
    assert "hello" in town.messages(town.run("project0"))


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"projectName": "nobody"}, "ResourceNotFoundException: Project cannot be found: nobody"),
        (
            {"projectName": "project0", "privilegedModeOverride": True, "debugSessionEnabled": True},
            "InvalidInputException: not rehearsed in StartBuild: debugSessionEnabled, privilegedModeOverride",
        ),
        (
            {"projectName": "project0", "sourceTypeOverride": "GITHUB"},
            "InvalidInputException: a source of type GITHUB is not rehearsed on this machine",
        ),
        (
            {"projectName": "project0", "sourceTypeOverride": "CODEPIPELINE"},
            "InvalidInputException: Project project0 belongs to CodePipeline: start the pipeline, or override both",
        ),
    ],
)
def test_what_cannot_be_started_is_refused_in_words(town: Town, request_: dict[str, Any], words: str) -> None:
    town.project(HELLO)
    assert refused(town, "StartBuild", **request_) == words


def test_a_windows_build_is_not_rehearsed(town: Town) -> None:
    told = town.run(town.project(HELLO), environmentTypeOverride="WINDOWS_SERVER_2022_CONTAINER")
    assert told["buildStatus"] == "FAILED"
    assert town.service._entries[told["id"]].ended
    assert town.service._entries[told["id"]].ended.not_rehearsed  # type: ignore[union-attr]  # asserted above


def test_stopbuild_ends_a_build(town: Town) -> None:
    started = town.api().start_build(projectName=town.project(SLEEPING))["build"]
    town.api().ask("StopBuild", id=started["arn"])
    assert town.service._entries[started["id"]].done.wait(10)
    told = town.api().batch_get_builds(ids=[started["arn"]])["builds"][0]
    assert told["buildStatus"] == "STOPPED"
    assert list(town.folder.iterdir()) == []


def test_stopping_a_build_that_has_ended_changes_nothing(town: Town) -> None:
    told = town.run(town.project(HELLO))
    assert town.api().ask("StopBuild", id=told["id"])["build"]["buildStatus"] == "SUCCEEDED"


def test_builds_that_are_not_there_are_named(town: Town) -> None:
    answer = town.api().batch_get_builds(ids=["project0:nothing"])
    assert answer == {"builds": [], "buildsNotFound": ["project0:nothing"]}
    assert refused(town, "StopBuild", id="x:y") == "ResourceNotFoundException: Build cannot be found: x:y"


def test_builds_are_listed_newest_first_unless_asked_otherwise(town: Town) -> None:
    one, two = town.project(HELLO), town.project(HELLO)
    ids = [town.run(name)["id"] for name in (one, two, one)]
    assert town.api().ask("ListBuilds")["ids"] == ids[::-1]
    assert town.api().ask("ListBuilds", sortOrder="ASCENDING")["ids"] == ids
    assert town.api().ask("ListBuildsForProject", projectName=one)["ids"] == [ids[2], ids[0]]
    assert refused(town, "ListBuildsForProject", projectName="nobody").startswith("ResourceNotFoundException")
    assert refused(town, "ListBuilds", nextToken="x") == "InvalidInputException: Invalid nextToken: x"


def test_long_lists_come_in_pages(town: Town) -> None:
    ids = [f"project0:{number:03}" for number in range(250)]
    page, seen = town.service._page(ids, {"sortOrder": "ASCENDING"}), []
    while "nextToken" in page:
        seen += page["ids"]
        page = town.service._page(ids, {"sortOrder": "ASCENDING", "nextToken": page["nextToken"]})
    assert [*seen, *page["ids"]] == ids


def test_an_operation_nobody_carries_out_is_refused(town: Town) -> None:
    with pytest.raises(ServiceError, match="StartBuildBatch of CodeBuild is not rehearsed"):
        town.service.handle("StartBuildBatch", {}, Caller(ACCOUNT, REGION))


def packed(**files: str) -> bytes:
    """A zip of these files."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "."), text)
    return data.getvalue()


def test_a_source_in_s3_is_read_and_artifacts_are_put_there(town: Town) -> None:
    spec = "version: 0.2\nphases: {build: {commands: [cat a.txt]}}\nartifacts: {files: [a.txt], name: by-spec}\n"
    town.buckets.objects["sources/app.zip"] = packed(a__txt="of s3", buildspec__yml=spec)
    artifacts = {"type": "S3", "location": "made", "path": "p", "packaging": "ZIP", "name": "out.zip"}
    told = town.run(
        town.project("", source={"type": "S3", "location": "sources/app.zip"}, artifacts=artifacts),
    )
    assert "of s3" in town.messages(told)
    with zipfile.ZipFile(io.BytesIO(town.buckets.objects["made/p/out.zip"])) as archive:
        assert archive.read("a.txt") == b"of s3"
    assert told["artifacts"] == {"location": "arn:aws:s3:::made/out.zip"}


MAKES = "version: 0.2\nphases: {build: {commands: [echo x > a]}}\nartifacts: {files: [a], name: by-spec}\n"


@pytest.mark.parametrize(
    ("place", "key"),
    [
        ({}, "made/project0/a"),
        ({"name": "/"}, "made/a"),
        ({"overrideArtifactName": True}, "made/by-spec/a"),
        ({"namespaceType": "BUILD_ID", "name": "n"}, "made/UUID/n/a"),
    ],
)
def test_artifacts_that_are_not_zipped_keep_their_files(town: Town, place: dict[str, Any], key: str) -> None:
    told = town.run(town.project(MAKES, artifacts={"type": "S3", "location": "made", **place}))
    assert list(town.buckets.objects) == [key.replace("UUID", told["id"].partition(":")[2])]


def test_an_artifact_the_role_may_not_put_fails_the_upload(town: Town) -> None:
    told = town.run(town.project(MAKES, artifacts={"type": "S3", "location": "locked"}))
    context = {phase["phaseType"]: phase for phase in told["phases"]}["UPLOAD_ARTIFACTS"]["contexts"][0]
    assert context["message"].startswith("Failed to upload artifacts: An error occurred (AccessDenied)")


def test_a_source_that_is_not_there_fails_the_download(town: Town) -> None:
    told = town.run(town.project("", source={"type": "S3", "location": "sources/none.zip"}))
    context = {phase["phaseType"]: phase for phase in told["phases"]}["DOWNLOAD_SOURCE"]["contexts"][0]
    assert "NoSuchKey" in context["message"]
    assert "for primary source sources/none.zip" in context["message"]


def test_a_buildspec_may_lie_in_s3(town: Town) -> None:
    town.buckets.objects["specs/b.yml"] = HELLO.encode()
    told = town.run(town.project("arn:aws:s3:::specs/b.yml"))
    assert "hello" in town.messages(told)


def test_secondary_sources_and_artifacts_have_identifiers(town: Town) -> None:
    town.buckets.objects["sources/lib.zip"] = packed(b__txt="library")
    spec = """
version: 0.2
phases: {build: {commands: [cp $CODEBUILD_SRC_DIR_Lib/b.txt .]}}
artifacts: {files: [b.txt], secondary-artifacts: {Docs: {files: [b.txt]}}}
"""
    told = town.run(
        town.project(
            spec,
            secondarySources=[{"type": "S3", "location": "sources/lib.zip", "sourceIdentifier": "Lib"}],
            secondaryArtifacts=[{"type": "S3", "location": "made", "name": "d", "artifactIdentifier": "Docs"}],
        )
    )
    assert told["buildStatus"] == "SUCCEEDED"
    assert town.buckets.objects["made/d/b.txt"] == b"library"


def test_reports_have_arns(town: Town) -> None:
    spec = """
version: 0.2
phases: {build: {commands: ["echo '<testsuite><testcase/></testsuite>' > r.xml"]}}
reports:
  unit: {files: [r.xml]}
  arn:aws:codebuild:eu-west-1:123456789012:report-group/mine: {files: [r.xml]}
"""
    told = town.run(town.project(spec))
    uuid = told["id"].partition(":")[2]
    prefix = f"arn:aws:codebuild:{REGION}:{ACCOUNT}:report"
    assert told["reportArns"] == [f"{prefix}/project0-unit:{uuid}", f"{prefix}/mine:{uuid}"]


def test_a_repository_is_checked_out_at_its_version(tmp_path: Path) -> None:
    repository, place = tmp_path / "repository", tmp_path / "place"
    place.mkdir()
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-C", str(repository)]
    subprocess.run(["git", "init", "-q", "-b", "main", str(repository)], check=True)
    for text in ("first", "second"):
        (repository / "file").write_text(text)
        subprocess.run([*git, "add", "file"], check=True)
        subprocess.run([*git, "commit", "-q", "-m", text], check=True)
    RepositorySource(str(repository), "main~1").place(place)
    assert (place / "file").read_text() == "first"


def test_the_assumption_about_continue_is_the_surroundings_to_turn_round(town: Town) -> None:
    town.assumptions["continued-phase"] = False
    spec = "version: 0.2\nphases: {build: {commands: ['false'], on-failure: CONTINUE}}\n"
    assert town.run(town.project(spec))["buildStatus"] == "FAILED"


def test_a_request_that_comes_twice_starts_one_build(town: Town) -> None:
    request = {"projectName": town.project(HELLO), "idempotencyToken": "once"}
    first, second = (town.api().start_build(**request)["build"]["id"] for _ in range(2))
    assert first == second
    assert len(town.service._entries) == 1


class BrokenLogs(Logs):
    """CloudWatch Logs with a bug no AWS error stands for."""

    def create_log_stream(self, **_given: str) -> None:
        raise RuntimeError("a bug")


def test_a_bug_of_ours_ends_the_build(town: Town) -> None:
    town.logs = BrokenLogs()
    told = town.run(town.project(HELLO))
    assert (told["buildStatus"], told["buildComplete"]) == ("FAULT", True)
    assert list(town.folder.iterdir()) == []


def test_closing_stops_what_runs_and_leaves_nothing(town: Town) -> None:
    for _ in range(2):
        town.api().start_build(projectName=town.project(SLEEPING))
    before = time.monotonic()
    town.service.close()
    assert time.monotonic() - before < 8
    assert list(town.folder.iterdir()) == []
    assert not [thread for thread in threading.enumerate() if thread.name == "build-log"]
