"""AWS::CloudFormation::* and Custom::*: nested stacks, and resources a function or a topic answers for.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
"""

from __future__ import annotations

from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind, Named

_NESTED_STACK = "arn:{partition}:cloudformation:{region}:{account}:stack/{stack}-nested/*"

# The nested stack's own resources are asked about one by one, as they come.
STACK = Kind(
    "AWS::CloudFormation::Stack",
    "{id}",
    Named(generated=_NESTED_STACK),
    create=(Call("cloudformation:CreateStack"),),
    # The nested stack works under the role of the stack it is in, which that role passes on:
    # https://github.com/aws-solutions-library-samples/data-lakes-on-aws/issues/275
    both=(Call("iam:PassRole", "{each}", each="role", keys={"iam:PassedToService": "cloudformation.amazonaws.com"}),),
    read=(Call("cloudformation:DescribeStacks"),),
    update=(Call("cloudformation:UpdateStack"),),
    delete=(Call("cloudformation:DeleteStack"), Call("cloudformation:DescribeStacks")),
)
_ANSWERED = (
    Call("lambda:InvokeFunction", "{each}", each="ServiceToken|function_arn"),
    Call("sns:Publish", "{each}", each="ServiceToken|topic_arn"),
)
CUSTOM = Kind(
    "AWS::CloudFormation::CustomResource",
    "{ServiceToken}",
    Named(generated="custom"),
    create=_ANSWERED,
    update=_ANSWERED,
    delete=_ANSWERED,
)
# Signals come in from outside: CloudFormation calls nobody.
WAIT_HANDLE = Kind("AWS::CloudFormation::WaitConditionHandle", "", Named(generated="handle"))
WAIT = Kind("AWS::CloudFormation::WaitCondition", "", Named(generated="wait"))

KINDS = (STACK, CUSTOM, WAIT_HANDLE, WAIT)
