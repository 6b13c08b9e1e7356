"""AWS::CodeDeploy::*: what SAM's DeploymentPreference makes.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodedeploy.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_CodeDeploy.html
"""

from __future__ import annotations

from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind, Named, passed, tags

_HERE = "arn:{partition}:codedeploy:{region}:{account}:"

APPLICATION = Kind(
    "AWS::CodeDeploy::Application",
    _HERE + "application:{id}",
    Named("ApplicationName"),
    create=(Call("codedeploy:CreateApplication"),),
    both=tags("codedeploy:TagResource", "codedeploy:UntagResource"),
    read=(Call("codedeploy:GetApplication"),),
    update=(Call("codedeploy:UpdateApplication", besides=("Tags",)),),
    delete=(Call("codedeploy:DeleteApplication"),),
)
DEPLOYMENT_GROUP = Kind(
    "AWS::CodeDeploy::DeploymentGroup",
    _HERE + "deploymentgroup:{ApplicationName}/{id}",
    Named("DeploymentGroupName"),
    create=(Call("codedeploy:CreateDeploymentGroup"),),
    both=(
        passed("ServiceRoleArn", "codedeploy.amazonaws.com"),
        *tags("codedeploy:TagResource", "codedeploy:UntagResource"),
    ),
    read=(Call("codedeploy:GetDeploymentGroup"),),
    update=(Call("codedeploy:UpdateDeploymentGroup", besides=("Tags",)),),
    delete=(Call("codedeploy:DeleteDeploymentGroup"),),
)

KINDS = (APPLICATION, DEPLOYMENT_GROUP)
