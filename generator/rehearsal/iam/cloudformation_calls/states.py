"""AWS::StepFunctions::StateMachine.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html
"""

from __future__ import annotations

from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind, Named, passed, tags

_DEFINITION = "arn:{partition}:s3:::{DefinitionS3Location.Bucket}/{DefinitionS3Location.Key}"

STATE_MACHINE = Kind(
    "AWS::StepFunctions::StateMachine",
    "arn:{partition}:states:{region}:{account}:stateMachine:{id|last}",
    Named("StateMachineName"),
    create=(Call("states:CreateStateMachine"),),
    both=(
        passed("RoleArn", "states.amazonaws.com"),
        Call("s3:GetObject", _DEFINITION, when=("DefinitionS3Location",)),
        *tags("states:TagResource", "states:UntagResource"),
    ),
    read=(Call("states:DescribeStateMachine"),),
    update=(Call("states:UpdateStateMachine", besides=("Tags",)),),
    delete=(Call("states:DeleteStateMachine"), Call("states:DescribeStateMachine")),
)

KINDS = (STATE_MACHINE,)
