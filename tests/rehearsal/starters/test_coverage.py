"""A commit that the launched deploy role could not deploy is red in the build; one that it can goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rehearsal.starters.journeys import BLUEPRINTS, commit, rehearse, template_of

QUEUE = "  Jobs: {Type: 'AWS::SQS::Queue'}\n"
PIPE = """\
  Forwarded:
    Type: AWS::Pipes::Pipe
    Properties:
      RoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/pipes
      Source: !Sub arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:from
      Target: !Sub arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:to
"""


def with_resource(starter: str, resource: str) -> dict[str, str]:
    text = (BLUEPRINTS / starter / "app-sam.yaml").read_text(encoding="utf-8")
    return {"app-sam.yaml": text.replace("\nResources:\n", f"\nResources:\n{resource}", 1)}


@pytest.mark.parametrize("starter", ["time-service-python"])
def test_an_uncovered_type_is_red_in_the_build(starter: str, tmp_path: Path) -> None:
    journey = rehearse(starter, tmp_path, files=with_resource(starter, PIPE))
    assert (journey.outcome.status, journey.outcome.stage) == ("Failed", "Build")
    log = "\n".join(journey.ended("Build", "Build").log)
    assert "app-sam.yaml: the launched deploy role does not cover AWS::Pipes::Pipe" in log
    assert "penstock launch" in log


def test_a_queue_is_covered_by_the_baseline(tmp_path: Path) -> None:
    starter = "time-service-python"
    journey = rehearse(starter, tmp_path, files=with_resource(starter, QUEUE), until="Beta")
    assert (journey.outcome.status, journey.outcome.stage) == ("Stopped", "Beta"), journey.outcome


def test_a_later_commit_with_another_type_is_red_where_the_role_is_exact(tmp_path: Path) -> None:
    starter = "time-service-python"
    launched = (BLUEPRINTS / starter / "pipeline.yaml").read_text(encoding="utf-8") + "deploy_role: exact\n"
    first = commit(starter, tmp_path / "first", {"pipeline.yaml": launched})
    later = with_resource(starter, QUEUE)
    journey = rehearse(starter, tmp_path, files={"pipeline.yaml": launched, **later}, template=template_of(first))
    assert (journey.outcome.status, journey.outcome.stage) == ("Failed", "Build")
    log = "\n".join(journey.ended("Build", "Build").log)
    assert "app-sam.yaml: the launched deploy role does not cover AWS::SQS::Queue\n" in log
    assert "penstock launch" in log
