"""A build stops what the launched deploy role could not deploy: by types of resources, and by SAM's words."""

from __future__ import annotations

import pytest

from generator.permissions import coverage
from tests.buildspecs.builds import Build, Outcome, run
from tests.buildspecs.conftest import Repository

QUEUES = ["AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "AWS::Serverless::Function", coverage.CUSTOM]
ADDING = {"AutoPublishAlias:": ["AWS::Lambda::Alias"], "Schedule": ["AWS::Events::Rule"], "SQS": ["AWS::SQS::Queue"]}
COVERED = {
    coverage.TYPES_VARIABLE: coverage.named(QUEUES),
    coverage.WORDS_VARIABLE: coverage.uncovered([QUEUES], ADDING),
}

QUEUE = "Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n"
TOPIC = QUEUE + "  News:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: news\n"
FUNCTION = "Resources:\n  Job:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.13\n"


def built(repository: Repository, app: str, shell: str = "bash", tests: str = "") -> Outcome:
    environment = {**COVERED, **({"TESTS_TEMPLATE": "test-sam.yaml"} if tests else {})}
    return run(Build(environment, shell=shell), repository({"app-sam.yaml": app, "test-sam.yaml": tests}))


@pytest.mark.parametrize("shell", ["bash", "dash"])
def test_a_type_that_is_not_covered_fails_the_build_and_is_named(shell: str, repository: Repository) -> None:
    done = built(repository, TOPIC, shell)
    assert done.status != 0
    assert "app-sam.yaml: the launched deploy role does not cover AWS::SNS::Topic\n" in done.log
    assert "penstock launch" in done.log


def test_a_template_of_covered_types_is_built(repository: Repository) -> None:
    done = built(repository, QUEUE, tests=QUEUE)
    assert done.status == 0, done.log
    assert not done.of("aws")


def test_the_tests_template_is_looked_at_too(repository: Repository) -> None:
    done = built(repository, QUEUE, tests=TOPIC)
    assert done.status != 0
    assert "test-sam.yaml: the launched deploy role does not cover AWS::SNS::Topic" in done.log


STACK = "  Store: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: nested/store.yaml}}\n"


@pytest.mark.parametrize("depth", [1, 2])
def test_templates_of_nested_stacks_are_looked_at_too(depth: int, repository: Repository) -> None:
    inner = {"nested/store.yaml": TOPIC}
    if depth > 1:
        inner = {"nested/store.yaml": QUEUE + STACK, "nested/nested/store.yaml": TOPIC}
    covered = {**COVERED, coverage.TYPES_VARIABLE: coverage.named([*QUEUES, "AWS::CloudFormation::Stack"])}
    done = run(Build(covered), repository({"app-sam.yaml": QUEUE + STACK, **inner}))
    assert done.status != 0
    assert "app-sam.yaml: the launched deploy role does not cover AWS::SNS::Topic\n" in done.log


def test_every_missing_type_is_named_at_once(repository: Repository) -> None:
    done = built(repository, TOPIC + "  Vendor:\n    Type: Acme::Shop::Till\n")
    assert "does not cover AWS::SNS::Topic Acme::Shop::Till\n" in done.log


@pytest.mark.parametrize(
    ("more", "missing"),
    [
        ("      AutoPublishAlias: live\n", "AutoPublishAlias:"),
        ("      Events:\n        Daily:\n          Type: Schedule\n", "Schedule"),
        ("      Events:\n        Job:\n          Type: SQS\n", ""),
        ("      Environment:\n        Variables:\n          Schedule: daily\n", ""),
    ],
)
def test_what_makes_sam_add_an_uncovered_resource_fails_the_build(
    more: str, missing: str, repository: Repository
) -> None:
    done = built(repository, FUNCTION + more)
    assert (done.status != 0) == bool(missing), done.log
    assert f"does not cover {missing}\n" in done.log or not missing


def test_globals_are_looked_at_wherever_they_stand(repository: Repository) -> None:
    above = "Globals:\n  Function:\n    AutoPublishAlias: live\n"
    assert "does not cover AutoPublishAlias:\n" in built(repository, above + FUNCTION).log


def test_globals_after_the_resources_are_looked_at(repository: Repository) -> None:
    below = FUNCTION + "Globals:\n  Function:\n    AutoPublishAlias: live\nOutputs: {}\n"
    assert "does not cover AutoPublishAlias:\n" in built(repository, below).log


@pytest.mark.parametrize(
    "elsewhere",
    [
        "Parameters:\n  Image:\n    Type: AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>\n" + QUEUE,
        QUEUE + "Outputs:\n  AutoPublishAlias:\n    Value: live\n",
        QUEUE + "    Properties:\n      Kinds:\n      - AWS::SNS::Topic\n      - arn:aws:sns:eu-west-1:1:news\n",
        QUEUE + "    Properties:\n      QueueName:\n        Fn::Sub: jobs\n",
        "Resources:\n  Own:\n    Type: Custom::Anything\n",
    ],
)
def test_what_is_no_type_of_a_resource_stops_nothing(elsewhere: str, repository: Repository) -> None:
    done = built(repository, elsewhere)
    assert done.status == 0, done.log


def test_a_loop_is_looked_into(repository: Repository) -> None:
    loop = "Resources:\n  Fn::ForEach::All:\n  - Name\n  - - A\n  - Topic${Name}:\n      Type: AWS::SNS::Topic\n"
    assert "does not cover AWS::SNS::Topic" in built(repository, loop).log


def test_all_types_of_a_service_may_be_covered_by_one_name(repository: Repository) -> None:
    environment = {**COVERED, coverage.TYPES_VARIABLE: "AWS::sns::* AWS::SQS::Queue"}
    assert run(Build(environment), repository({"app-sam.yaml": TOPIC})).status == 0


def test_a_name_covers_no_longer_one(repository: Repository) -> None:
    done = built(repository, "Resources:\n  Jobs:\n    Type: AWS::SQS::QueueInlinePolicy\n")
    assert "does not cover AWS::SQS::QueueInlinePolicy\n" in done.log


def test_nothing_is_compared_where_an_existing_role_deploys(repository: Repository) -> None:
    done = run(Build(), repository({"app-sam.yaml": TOPIC}))
    assert done.status == 0, done.log


def test_the_test_stacks_own_role_counts_for_the_tests_template(repository: Repository) -> None:
    topics = coverage.named(["AWS::SQS::Queue", "AWS::SNS::Topic"])
    environment = {**COVERED, coverage.TESTS_VARIABLE: topics, "TESTS_TEMPLATE": "test-sam.yaml"}
    build = Build(environment)
    assert run(build, repository({"app-sam.yaml": QUEUE, "test-sam.yaml": TOPIC})).status == 0


def test_what_only_the_test_stacks_role_covers_is_not_covered_for_the_application(repository: Repository) -> None:
    topics = coverage.named(["AWS::SNS::Topic"])
    done = run(Build({**COVERED, coverage.TESTS_VARIABLE: topics}), repository({"app-sam.yaml": TOPIC}))
    assert "app-sam.yaml: the launched deploy role does not cover AWS::SNS::Topic" in done.log
