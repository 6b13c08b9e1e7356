"""What the statements of deploy roles are for, and why some are as wide as they are: for reviewers and for users."""

from __future__ import annotations

from collections.abc import Mapping

from generator.permissions.scopes import is_anywhere

_TAGGED = "names what it makes by generated ids: the condition leaves out what has the tag of another stack"
_REASONS: Mapping[str, str] = {
    "EventSources": "event source mappings, whose ids Lambda generates: the condition is their scope",
    "Functions": "Lambda generates ids of event source mappings and signing configurations, SAM names a layer after "
    "its logical id: no pattern tells one stack's from another's",
    "GraphqlApis": f"AppSync {_TAGGED}",
    "IotRules": "names of topic rules have no hyphens, so none begins with a stack's name and one",
    "Layers": "layers, which may be other accounts'",
    "NeverTheseRights": "policies of the pipeline reach the stack that a role's tags name: no other role gets them",
    "NeverThisPipeline": "what deploys may never change the pipeline's own roles, policies and stack",
    "Parameters": "CloudFormation names parameters CFN-...: the condition leaves out what has the tag of another stack",
    "PassItself": "nested stacks, to which CloudFormation passes the role of the stack they are in",
    "PassRoles": "roles of the stack handed to the services that the condition names",
    "ReadCode": "packaged code; a rollback reads the code of before again",
    "ReadImages": "images of functions; Lambda looks whether the repository lets it in",
    "References": "{{resolve:...}} in templates: parameters and secrets of the stack",
    "RestAndHttpApis": f"API Gateway {_TAGGED}",
    "RolePermissions": "roles and what is attached to them; a permissions boundary, if required, is a condition here",
    "ServiceRoles": "roles that AWS services make for themselves the first time",
    "StateMachines": "CloudFormation names a state machine after its logical id: the condition leaves out what has the "
    "tag of another stack",
    "Transform": "SAM and other transforms, which make a change set",
    "UserPools": f"Cognito {_TAGGED}",
}


def reason(sid: str) -> str:
    """What is to be said about a statement of a deploy role; empty where its Sid and its ARNs say all."""
    return "actions for which IAM knows no resource" if is_anywhere(sid) else _REASONS.get(sid, "")
