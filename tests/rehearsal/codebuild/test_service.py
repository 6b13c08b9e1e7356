"""CodeBuild's API: what StartBuild runs, and what is told of it; answers are checked against AWS's model."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError

from generator.rehearsal.service import Caller, ServiceError
from tests.rehearsal.codebuild.fake_services import ACCOUNT, REGION, ROLE, FakeServices, Logs

HELLO = "version: 0.2\nenv: {exported-variables: [A]}\nphases: {build: {commands: [echo hello, A=1]}}\n"
FAILING = "version: 0.2\nphases: {build: {commands: [echo before, exit 3]}}\n"
SLEEPING = "version: 0.2\nphases: {build: {commands: [sleep 100]}}\n"


def refused(services: FakeServices, operation: str, **request: Any) -> str:
    """The code and message of a refusal."""
    with pytest.raises(ClientError) as caught:
        services.api().ask(operation, **request)
    error = caught.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


def test_startbuild_answers_at_once_and_batchgetbuilds_tells_the_end(services: FakeServices) -> None:
    started = services.api().start_build(projectName=services.project(SLEEPING))["build"]
    assert (started["buildStatus"], started["buildComplete"]) == ("IN_PROGRESS", False)
    result = services.run(services.project(HELLO))
    assert (result["buildStatus"], result["buildComplete"], result["currentPhase"]) == ("SUCCEEDED", True, "COMPLETED")
    assert result["arn"] == f"arn:aws:codebuild:{REGION}:{ACCOUNT}:build/{result['id']}"
    assert result["id"].startswith("project1:")
    assert result["exportedEnvironmentVariables"] == [{"name": "A", "value": "1"}]
    assert result["endTime"] >= result["startTime"]
    assert result["serviceRole"] == ROLE


def test_a_failed_build_tells_phase_and_message(services: FakeServices) -> None:
    result = services.run(services.project(FAILING))
    assert result["buildStatus"] == "FAILED"
    failed = {phase["phaseType"]: phase for phase in result["phases"]}["BUILD"]
    assert failed["phaseStatus"] == "FAILED"
    assert failed["contexts"] == [
        {
            "statusCode": "COMMAND_EXECUTION_ERROR",
            "message": "Error while executing command: exit 3. Reason: exit status 3",
        }
    ]


def test_builds_are_numbered_by_project(services: FakeServices) -> None:
    first, second = services.project(HELLO), services.project(HELLO)
    assert [services.run(name)["buildNumber"] for name in (first, first, second)] == [1, 2, 1]


def test_the_log_goes_to_the_projects_log_group(services: FakeServices) -> None:
    result = services.run(services.project(HELLO))
    assert result["logs"]["groupName"] == "/aws/codebuild/project0"
    assert result["logs"]["streamName"] == result["id"].partition(":")[2]
    messages = services.messages(result)
    assert "hello" in messages
    assert any("Phase complete: BUILD State: SUCCEEDED" in message for message in messages)


def test_a_log_group_of_the_projects_choice_is_used(services: FakeServices) -> None:
    config = {"cloudWatchLogs": {"status": "ENABLED", "groupName": "/mine", "streamName": "builds"}}
    result = services.run(services.project(HELLO, logsConfig=config))
    assert result["logs"]["groupName"] == "/mine"
    assert result["logs"]["streamName"].startswith("builds/")
    assert "hello" in services.messages(result)


def test_a_group_that_is_there_needs_no_right_to_make_one(services: FakeServices) -> None:
    services.logs.groups["/aws/codebuild/project0"] = {}
    services.logs.refuse = "CreateLogGroup"
    assert services.run(services.project(HELLO))["buildStatus"] == "SUCCEEDED"


def test_a_project_without_logs_writes_none(services: FakeServices) -> None:
    result = services.run(services.project(HELLO, logsConfig={"cloudWatchLogs": {"status": "DISABLED"}}))
    assert result["buildStatus"] == "SUCCEEDED"
    assert services.logs.calls == []


def test_a_role_that_may_not_write_logs_fails_the_build_as_on_aws(services: FakeServices) -> None:
    services.logs.refuse = "CreateLogStream"
    result = services.run(services.project(HELLO))
    failed = {phase["phaseType"]: phase for phase in result["phases"]}["PROVISIONING"]
    assert failed["contexts"][0]["statusCode"] == "ACCESS_DENIED"
    assert (
        "does not allow AWS CodeBuild to create Amazon CloudWatch Logs log streams" in failed["contexts"][0]["message"]
    )


def test_a_role_that_does_not_trust_codebuild_fails_the_build(services: FakeServices) -> None:
    services.closed_roles.add(ROLE)
    result = services.run(services.project(HELLO))
    context = {phase["phaseType"]: phase for phase in result["phases"]}["PROVISIONING"]["contexts"][0]
    assert context["statusCode"] == "ACCESS_DENIED"
    assert "not authorized to perform: sts:AssumeRole on service role" in context["message"]


def test_the_role_is_assumed_on_behalf_of_the_project(services: FakeServices) -> None:
    result = services.run(services.project(HELLO))
    uuid = result["id"].partition(":")[2]
    arn = f"arn:aws:codebuild:{REGION}:{ACCOUNT}:project/project0"
    assert set(services.sessions) == {(ROLE, f"AWSCodeBuild-{uuid}", arn)}


def test_a_build_has_the_region(services: FakeServices) -> None:
    result = services.run(services.project("version: 0.2\nphases: {build: {commands: [echo $AWS_REGION]}}\n"))
    assert REGION in services.messages(result)


def test_a_project_may_name_its_role_alone(services: FakeServices) -> None:
    services.run(services.project(HELLO, serviceRole=ROLE.rpartition("/")[2]))
    assert {role for role, _, _ in services.sessions} == {ROLE}


def test_startbuild_overrides_the_project_for_one_build(services: FakeServices) -> None:
    result = services.run(
        services.project(HELLO),
        buildspecOverride="version: 0.2\nphases: {build: {commands: [echo $WHO]}}\n",
        environmentVariablesOverride=[{"name": "WHO", "value": "you"}],
        timeoutInMinutesOverride=5,
        imageOverride="aws/codebuild/amazonlinux-x86_64-standard:5.0",
    )
    assert "you" in services.messages(result)
    assert result["timeoutInMinutes"] == 5
    assert any("as sh" in message for message in services.messages(result))
    assert "hello" in services.messages(services.run("project0"))


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
def test_what_cannot_be_started_is_refused_in_words(
    services: FakeServices, request_: dict[str, Any], words: str
) -> None:
    services.project(HELLO)
    assert refused(services, "StartBuild", **request_) == words


def test_a_windows_build_is_not_rehearsed(services: FakeServices) -> None:
    result = services.run(services.project(HELLO), environmentTypeOverride="WINDOWS_SERVER_2022_CONTAINER")
    assert result["buildStatus"] == "FAILED"
    assert services.service._entries[result["id"]].outcome.result().not_rehearsed


def test_stopbuild_ends_a_build(services: FakeServices) -> None:
    started = services.api().start_build(projectName=services.project(SLEEPING))["build"]
    services.api().ask("StopBuild", id=started["arn"])
    services.service._entries[started["id"]].outcome.result(10)
    build = services.api().batch_get_builds(ids=[started["arn"]])["builds"][0]
    assert build["buildStatus"] == "STOPPED"
    assert list(services.folder.iterdir()) == []


def test_stopping_a_build_that_has_ended_changes_nothing(services: FakeServices) -> None:
    result = services.run(services.project(HELLO))
    assert services.api().ask("StopBuild", id=result["id"])["build"]["buildStatus"] == "SUCCEEDED"


def test_builds_that_are_not_there_are_named(services: FakeServices) -> None:
    answer = services.api().batch_get_builds(ids=["project0:nothing"])
    assert answer == {"builds": [], "buildsNotFound": ["project0:nothing"]}
    assert refused(services, "StopBuild", id="x:y") == "ResourceNotFoundException: Build cannot be found: x:y"


def test_builds_are_listed_newest_first_unless_asked_otherwise(services: FakeServices) -> None:
    first, second = services.project(HELLO), services.project(HELLO)
    ids = [services.run(name)["id"] for name in (first, second, first)]
    assert services.api().ask("ListBuilds")["ids"] == ids[::-1]
    assert services.api().ask("ListBuilds", sortOrder="ASCENDING")["ids"] == ids
    assert services.api().ask("ListBuildsForProject", projectName=first)["ids"] == [ids[2], ids[0]]
    assert refused(services, "ListBuildsForProject", projectName="nobody").startswith("ResourceNotFoundException")
    assert refused(services, "ListBuilds", nextToken="x") == "InvalidInputException: Invalid nextToken: x"


def test_long_lists_come_in_pages(services: FakeServices) -> None:
    ids = [f"project0:{number:03}" for number in range(250)]
    page, seen = services.service._page(ids, {"sortOrder": "ASCENDING"}), []
    while "nextToken" in page:
        seen += page["ids"]
        page = services.service._page(ids, {"sortOrder": "ASCENDING", "nextToken": page["nextToken"]})
    assert [*seen, *page["ids"]] == ids


def test_an_operation_nobody_carries_out_is_refused(services: FakeServices) -> None:
    with pytest.raises(ServiceError, match="StartBuildBatch of CodeBuild is not rehearsed"):
        services.service.handle("StartBuildBatch", {}, Caller(ACCOUNT, REGION))


def test_the_assumption_about_continue_is_the_surroundings_to_turn_round(services: FakeServices) -> None:
    services.assumptions["continued-phase"] = "fails"
    spec = "version: 0.2\nphases: {build: {commands: ['false'], on-failure: CONTINUE}}\n"
    assert services.run(services.project(spec))["buildStatus"] == "FAILED"


def test_a_request_that_comes_twice_starts_one_build(services: FakeServices) -> None:
    request = {"projectName": services.project(HELLO), "idempotencyToken": "once"}
    first, second = (services.api().start_build(**request)["build"]["id"] for _ in range(2))
    assert first == second
    assert len(services.service._entries) == 1


class BrokenLogs(Logs):
    """CloudWatch Logs with a bug no AWS error stands for."""

    def create_log_stream(self, **_request: str) -> None:
        raise RuntimeError("a bug")


def test_a_bug_of_ours_ends_the_build(services: FakeServices) -> None:
    services.logs = BrokenLogs()
    result = services.run(services.project(HELLO))
    assert (result["buildStatus"], result["buildComplete"]) == ("FAULT", True)
    assert list(services.folder.iterdir()) == []


def test_closing_stops_what_runs_and_leaves_nothing(services: FakeServices) -> None:
    builds = [services.api().start_build(projectName=services.project(SLEEPING))["build"]["id"] for _ in range(2)]
    services.service.close()
    assert {build["buildStatus"] for build in services.api().batch_get_builds(ids=builds)["builds"]} == {"STOPPED"}
    assert list(services.folder.iterdir()) == []
    assert not [thread for thread in threading.enumerate() if thread.name == "build-log"]
