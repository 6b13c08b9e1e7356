"""No deploy role may change the pipeline's own roles and policies, whatever the pipeline's stack is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.compiler.pipeline import compile_file
from generator.model.block import reached
from generator.model.iam import Role as OwnRole
from generator.model.iam import Statement
from generator.render.template import template
from generator.repository.files import Repository
from tests.permissions.grants import ACCOUNT, Role

# As the pipeline's stack is called in `tests.properties.templates`; the application's stacks may begin so, too.
STACK = "some-stack"
_APP = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Function: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: a.b, InlineCode: pass}}
"""
_FILE = """\
service: shop
source: {codecommit: {repository: shop}}
tests: none
stages:
  - beta: {before: [echo before], after: [echo after]}
  - prod: {approval: true}
notifications: {email: [team@example.com], slack: {workspace: T0123ABCD, channel: C0123ABCD}}
"""


@pytest.fixture(name="launched")
def _launched(tmp_path: Path) -> tuple[tuple[Statement, ...], dict[str, str]]:
    """What the deploy roles may do, and the roles and policies of the pipeline's template: logical id to type."""
    (tmp_path / "app-sam.yaml").write_text(_APP)
    (tmp_path / "pipeline.yaml").write_text(_FILE)
    pipeline = compile_file(tmp_path / "pipeline.yaml", "pipeline.yaml", Repository(tmp_path)).pipeline
    (rights,) = pipeline.deploy_rights
    resources = template(pipeline)["Resources"]
    return rights.statements, {
        name: resource["Type"] for name, resource in resources.items() if "::IAM::" in resource["Type"]
    }


def test_every_role_and_policy_of_the_template_is_out_of_reach(
    launched: tuple[tuple[Statement, ...], dict[str, str]],
) -> None:
    statements, own = launched
    # A stack of the application whose name begins as the pipeline's: only the denial keeps the two apart.
    everything = Statement("All", ("iam:PutRolePolicy", "iam:CreatePolicyVersion"), ("*",))
    role = Role((*statements, everything))
    assert len(own) > 8
    for logical_id, kind in own.items():
        word, action = ("role", "iam:PutRolePolicy") if kind.endswith("Role") else ("policy", "iam:CreatePolicyVersion")
        assert not role.allows(action, f"arn:aws:iam::{ACCOUNT}:{word}/{STACK}-{logical_id}-1A2B3C4D5E6F")


@pytest.mark.parametrize("name", ["beta-FunctionRole", "beta-PipelineRole", "prod-BuildRole"])
def test_roles_of_an_application_whose_stack_begins_as_the_pipeline_s_are_within_reach(
    launched: tuple[tuple[Statement, ...], dict[str, str]], name: str
) -> None:
    statements, _ = launched
    role = Role((*statements, Statement("All", ("iam:CreateRole",), ("*",))))
    assert role.allows("iam:CreateRole", f"arn:aws:iam::{ACCOUNT}:role/{STACK}-{name}-1A2B3C4D5E6F")


def test_a_deploy_role_of_a_stage_that_is_gone_stays_out_of_reach(
    launched: tuple[tuple[Statement, ...], dict[str, str]],
) -> None:
    role = Role((*launched[0], Statement("All", ("iam:PutRolePolicy",), ("*",))))
    assert not role.allows("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/{STACK}-GammaDeployRole-1A2B3C4D5E6F")


def test_commands_that_deploy_change_no_role_or_policy_of_the_pipeline_whatever_they_are_granted(
    tmp_path: Path,
) -> None:
    everything = "{actions: ['*:*'], resources: ['*']}".replace("*:*", "iam:*")
    deploy = f"{{commands: [./deploy.sh], statements: [{everything}]}}"
    text = _FILE[: _FILE.index("stages:")] + f"stages: [beta: {{deploy: {deploy}}}, prod: {{deploy: {deploy}}}]\n"
    (tmp_path / "pipeline.yaml").write_text(text)
    pipeline = compile_file(tmp_path / "pipeline.yaml", "pipeline.yaml", Repository(tmp_path)).pipeline
    resources = template(pipeline)["Resources"]
    own = [name for name, resource in resources.items() if resource["Type"] == "AWS::IAM::Role"]
    assert {"BetaCommandsRole", "ProdCommandsRole", "PipelineRole"} <= {*own}
    (beta, *_) = (block for block in reached(pipeline.plan[2].actions[0].blocks) if isinstance(block, OwnRole))
    role = Role(beta.statements)
    assert role.allows("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/shop-beta-function")
    for action in ("iam:PutRolePolicy", "iam:PassRole", "iam:UpdateAssumeRolePolicy"):
        assert not any(role.allows(action, f"arn:aws:iam::{ACCOUNT}:role/{STACK}-{name}-1A2B3C4D5E6F") for name in own)
