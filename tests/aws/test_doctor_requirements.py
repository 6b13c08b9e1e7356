"""What a template wants is read from the template alone."""

from __future__ import annotations

import pytest

from generator.aws.doctor.requirements import Named, requirements_of
from tests.aws.doctor_parts import ARN, CODECOMMIT, GITHUB, STACK, template, wants


def test_names_of_the_service_are_known_before_launch() -> None:
    requirements = wants()
    assert (requirements.service, requirements.stack, requirements.pipeline) == ("clock", STACK, "clock-pipeline")
    assert requirements.stacks == ("clock-tests", "clock-beta", "clock-gamma", "clock-prod")
    assert Named("AWS::Lambda::Function", "clock_start_tests") in requirements.named
    assert Named("AWS::CodeBuild::Project", "clock-build") in requirements.named


def test_the_pipeline_that_delivers_is_meant_and_not_that_of_pull_requests() -> None:
    requirements = wants(GITHUB, "trigger: {pull_requests: true}\n")
    assert (requirements.pipeline, len(requirements.stacks), len(requirements.machines)) == ("clock-pipeline", 4, 2)
    assert Named("AWS::CodePipeline::Pipeline", "PullRequests-clock") in requirements.named
    assert Named("AWS::CodeBuild::Project", "PullRequests-clock") in requirements.named


def test_a_stack_a_stage_names_itself_is_one_of_the_pipelines() -> None:
    assert wants(rest="stages: [{prod: {stack: clock-live}}]\n").stacks == ("clock-tests", "clock-live")


@pytest.mark.parametrize(
    ("source", "repository"),
    [(CODECOMMIT, "clock"), ("codecommit: {repository: other}", "other")],
)
def test_a_repository_that_is_created_needs_its_name_to_be_free(source: str, repository: str) -> None:
    assert Named("AWS::CodeCommit::Repository", repository) in wants(source).named


def test_a_repository_that_is_there_is_no_name_that_must_be_free() -> None:
    requirements = wants("codecommit: {repository: clock, create: false}")
    assert "AWS::CodeCommit::Repository" not in {named.type for named in requirements.named}
    assert requirements.source.configuration["RepositoryName"] == "clock"


def test_what_the_stack_makes_itself_is_not_known() -> None:
    assert "RepositoryName" not in wants().source.configuration
    assert wants().source.configuration["BranchName"] == "main"
    assert "ConnectionArn" not in wants(GITHUB).source.configuration


def test_a_connection_that_is_given_is_known_and_none_is_made() -> None:
    requirements = wants(f"github: {{repository: acme/clock, connection: '{ARN}'}}")
    assert requirements.source.configuration["ConnectionArn"] == ARN
    assert "AWS::CodeConnections::Connection" not in requirements.types
    assert "AWS::CodeConnections::Connection" in wants(GITHUB).types


def test_parameters_of_a_launched_stack_take_the_place_of_the_defaults() -> None:
    parameters = {"ServiceName": "watch", "RepositoryName": "sources", "BranchName": "trunk"}
    requirements = requirements_of(template(), "watch-line", parameters)
    assert (requirements.service, requirements.stack, requirements.stacks[0]) == ("watch", "watch-line", "watch-tests")
    assert Named("AWS::CodeCommit::Repository", "sources") in requirements.named
    assert requirements.source.configuration["BranchName"] == "trunk"


def test_the_builds_compute_type_is_known() -> None:
    assert wants(rest="build: {compute: large}\n").machines == (("LINUX_CONTAINER", "BUILD_GENERAL1_LARGE"),)
