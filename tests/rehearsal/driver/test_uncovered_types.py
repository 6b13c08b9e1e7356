"""A commit that the launched deploy role could not deploy is red in the build; one that it can goes on."""

from __future__ import annotations

from tests.rehearsal.driver.rehearsals import Stage
from tests.rehearsal.driver.small import APP, Small, template

QUEUE = "  Jobs: {Type: 'AWS::SQS::Queue'}\n"
PIPE = """\
  Forwarded:
    Type: AWS::Pipes::Pipe
    Properties:
      RoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/pipes
      Source: !Sub arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:from
      Target: !Sub arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:to
"""
# Built by the buildspec for SAM, which compares; there is nothing to install.
PIPELINE = """\
service: {name}
source: {{codecommit: {{repository: {name}}}}}
app: {{template: app.yaml, url: GreetingUrl}}
tests: {{template: tests.yaml}}
stages: [beta]
"""


def holding(name: str, resource: str, more: str = "") -> Small:
    """An application with one more resource."""
    app = APP.replace("Resources:\n", f"Resources:\n{resource}", 1)
    return Small(name, app=app, files={"pipeline.yaml": PIPELINE.format(name=name) + more})


def test_an_uncovered_type_is_red_in_the_build(stage: Stage) -> None:
    result = stage.rehearse(holding("uncovered", PIPE))
    assert (result.outcome.status, result.outcome.stage) == ("Failed", "Build")
    assert "app.yaml: the launched deploy role does not cover AWS::Pipes::Pipe" in result.logged
    assert "penstock launch" in result.logged


def test_a_queue_is_covered_by_the_baseline(stage: Stage) -> None:
    result = stage.rehearse(holding("covered", QUEUE))
    assert (result.outcome.status, result.ended[-1]) == ("Succeeded", "Beta/Test"), result.logged


def test_a_later_commit_with_another_type_is_red_where_the_role_is_exact(stage: Stage) -> None:
    exact = "deploy_role: exact\n"
    launched = template(holding("exact", "", exact).commit(stage.folder / "first"))
    file = holding("exact", QUEUE, exact).commit(stage.folder / "later")
    result = stage.rehearse_file(file, launched)
    assert (result.outcome.status, result.outcome.stage) == ("Failed", "Build")
    assert "app.yaml: the launched deploy role does not cover AWS::SQS::Queue\n" in f"{result.logged}\n"
    assert "penstock launch" in result.logged
