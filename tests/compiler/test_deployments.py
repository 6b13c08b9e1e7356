"""A deployment says where its stack is and who deploys it; actions and rights follow."""

from __future__ import annotations

from generator.model.deployment import Deployment
from generator.stages.actions.cloudformation import cloudformation

_HERE = Deployment("Beta", "${ServiceName}-beta")
_ELSEWHERE = Deployment("Beta", "shop", "arn:aws:iam::111122223333:role/deploy", "111122223333", "eu-west-1")


def test_a_deployment_is_where_the_pipeline_is_unless_it_says_otherwise() -> None:
    assert (
        _HERE.stack_arn
        == "arn:${AWS::Partition}:cloudformation:${AWS::Region}:${AWS::AccountId}:stack/${ServiceName}-beta/*"
    )
    assert _ELSEWHERE.stack_arn == "arn:${AWS::Partition}:cloudformation:eu-west-1:111122223333:stack/shop/*"


def test_a_role_of_its_own_deploys_unless_there_is_one() -> None:
    assert _HERE.role == "${BetaDeployRole.Arn}"
    assert _ELSEWHERE.role == "arn:aws:iam::111122223333:role/deploy"


def test_an_action_runs_where_the_deployment_is_and_passes_its_role() -> None:
    action = cloudformation("Deploy", "CREATE_UPDATE", _ELSEWHERE, template="app.yaml")
    rights = {statement.sid: statement.resources for statement in action.statements}
    assert (action.region, action.configuration["RoleArn"]) == ("eu-west-1", _ELSEWHERE.existing_role)
    assert (rights["DeployStacks"], rights["PassDeployRoles"]) == ((_ELSEWHERE.stack_arn,), (_ELSEWHERE.role,))
    assert cloudformation("Deploy", "CREATE_UPDATE", _HERE, template="app.yaml").region == ""
