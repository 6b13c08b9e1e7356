"""AWS::SSM::Parameter.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html
"""

from __future__ import annotations

from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind, Named, tags

PARAMETER = Kind(
    "AWS::SSM::Parameter",
    "arn:{partition}:ssm:{region}:{account}:parameter{id|rooted}",
    Named("Name"),
    create=(Call("ssm:PutParameter"),),
    both=tags("ssm:AddTagsToResource", "ssm:RemoveTagsFromResource"),
    read=(Call("ssm:GetParameters"),),
    update=(Call("ssm:PutParameter", besides=("Tags",)),),
    delete=(Call("ssm:DeleteParameter"),),
)

KINDS = (PARAMETER,)
