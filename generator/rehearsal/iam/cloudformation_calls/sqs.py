"""AWS::SQS::*: queues and their policies.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_SQS.html
"""

from __future__ import annotations

from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind, Named, tags

_QUEUES = "arn:{partition}:sqs:{region}:{account}:"

QUEUE = Kind(
    "AWS::SQS::Queue",
    _QUEUES + "{id|last}",
    Named("QueueName"),
    create=(Call("sqs:CreateQueue"),),
    both=tags("sqs:TagQueue", "sqs:UntagQueue"),
    read=(Call("sqs:GetQueueAttributes"),),
    update=(Call("sqs:SetQueueAttributes", besides=("Tags",)),),
    delete=(Call("sqs:DeleteQueue"),),
)
QUEUE_POLICY = Kind(
    "AWS::SQS::QueuePolicy",
    _QUEUES + "{each|last}",
    Named(generated="policy"),
    create=(Call("sqs:SetQueueAttributes", each="Queues"),),
    update=(
        Call("sqs:SetQueueAttributes", each="Queues"),
        Call("sqs:SetQueueAttributes", lost=("Queues",), each="Queues|lost"),
    ),
    delete=(Call("sqs:SetQueueAttributes", each="Queues"),),
)

KINDS = (QUEUE, QUEUE_POLICY)
