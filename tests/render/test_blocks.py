"""What an action holds comes into the template, once, with all that it cannot be without."""

from __future__ import annotations

import pytest

from generator.model.action import Action
from generator.model.block import reached
from generator.model.build import Machine, Project
from generator.model.iam import Role, Statement
from generator.model.log import LogGroup
from generator.model.pipeline import PlannedStage
from generator.model.template import Resource
from generator.render.blocks import resources
from generator.render.pipeline_stages import declared

ROLE = Role("AuditRole", "codebuild", (Statement("Look", ("sqs:ListQueues",), ("*",)),), "What the audit may do.")
LOGS = LogGroup("AuditLogs", "/aws/codebuild/audit", "The log of the audit.", 30)
MACHINE = Machine("LINUX_CONTAINER", "BUILD_GENERAL1_SMALL", "aws/codebuild/standard:7.0")
PROJECT = Project("Audit", "audit", "Looks at what was built.", MACHINE, "version: 0.2\n", {}, (), ROLE, LOGS)


def test_a_block_brings_what_it_cannot_be_without() -> None:
    assert [(resource.logical_id, resource.type) for resource in resources([PROJECT])] == [
        ("Audit", "AWS::CodeBuild::Project"),
        ("AuditRole", "AWS::IAM::Role"),
        ("AuditLogs", "AWS::Logs::LogGroup"),
    ]


def test_what_several_actions_need_is_there_once() -> None:
    assert [resource.logical_id for resource in resources([PROJECT, LOGS, PROJECT])] == [
        "Audit",
        "AuditRole",
        "AuditLogs",
    ]


def test_two_blocks_of_one_name_are_our_mistake() -> None:
    with pytest.raises(ValueError, match="two blocks are called AuditLogs"):
        list(reached([PROJECT, LOGS._replace(retention_days=90)]))


def test_a_resource_in_cloudformation_s_words_is_a_block_too() -> None:
    queue = Resource("Queue", "AWS::SQS::Queue", {}, "Waits.")
    assert list(resources([queue])) == [queue]


def test_a_stage_asks_for_what_its_actions_need() -> None:
    stage = PlannedStage(
        "Audit", tuple(Action(name, "Build", "CodeBuild", {}, statements=ROLE.statements) for name in ("A", "B"))
    )
    assert stage.statements == ROLE.statements * 2


def test_an_action_runs_with_a_role_and_in_a_region_of_its_own() -> None:
    plain = Action("Look", "Build", "CodeBuild", {"ProjectName": PROJECT.reference})
    elsewhere = plain._replace(role=ROLE.arn, region="eu-west-1")
    (first, second) = declared(PlannedStage("Audit", (plain, elsewhere)))["Actions"]
    assert not {"RoleArn", "Region"} & set(first)
    assert (second["RoleArn"], second["Region"]) == ("${AuditRole.Arn}", "eu-west-1")
