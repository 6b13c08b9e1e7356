"""AWS::SNS::*: topics, subscriptions and policies.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_SNS.html
"""

from __future__ import annotations

from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind, Named, tags

_EACH_TOPIC = "{each}"
_SUBSCRIBED = {"sns:Protocol": "{Protocol}", "sns:Endpoint": "{Endpoint}"}
_EACH_SUBSCRIBED = {"sns:Protocol": "{each.Protocol}", "sns:Endpoint": "{each.Endpoint}"}

TOPIC = Kind(
    "AWS::SNS::Topic",
    "arn:{partition}:sns:{region}:{account}:{id|last}",
    Named("TopicName"),
    create=(Call("sns:CreateTopic"),),
    both=(
        Call("sns:Subscribe", when=("Subscription",), each="Subscription", keys=_EACH_SUBSCRIBED),
        Call("sns:PutDataProtectionPolicy", when=("DataProtectionPolicy",)),
        *tags("sns:TagResource", "sns:UntagResource"),
    ),
    read=(Call("sns:GetTopicAttributes"),),
    update=(Call("sns:SetTopicAttributes", besides=("DataProtectionPolicy", "Subscription", "Tags")),),
    delete=(Call("sns:DeleteTopic"),),
)
SUBSCRIPTION = Kind(
    "AWS::SNS::Subscription",
    "{TopicArn}",
    Named(generated="subscription"),
    create=(Call("sns:Subscribe", keys=_SUBSCRIBED),),
    read=(Call("sns:GetSubscriptionAttributes"),),
    update=(Call("sns:SetSubscriptionAttributes"),),
    delete=(Call("sns:Unsubscribe"),),
)
TOPIC_POLICY = Kind(
    "AWS::SNS::TopicPolicy",
    _EACH_TOPIC,
    Named(generated="policy"),
    create=(Call("sns:SetTopicAttributes", each="Topics"),),
    update=(
        Call("sns:SetTopicAttributes", each="Topics"),
        Call("sns:SetTopicAttributes", lost=("Topics",), each="Topics|lost"),
    ),
    delete=(Call("sns:SetTopicAttributes", each="Topics"),),
)

KINDS = (TOPIC, SUBSCRIPTION, TOPIC_POLICY)
