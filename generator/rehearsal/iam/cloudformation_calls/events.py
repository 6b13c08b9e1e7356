"""AWS::Events::*: rules and buses.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Events.html
"""

from __future__ import annotations

from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind, Named, passed, tags

_BESIDE_PUT_RULE = ("Tags", "Targets")

RULE = Kind(
    "AWS::Events::Rule",
    "arn:{partition}:events:{region}:{account}:rule/{EventBusName|bus}{id|last}",
    Named("Name"),
    create=(Call("events:PutRule"),),
    both=(
        Call("events:PutTargets", when=("Targets",)),
        passed("RoleArn", "events.amazonaws.com"),
        passed("Targets.RoleArn", "events.amazonaws.com"),
        *tags("events:TagResource", "events:UntagResource"),
    ),
    read=(Call("events:DescribeRule"),),
    update=(Call("events:PutRule", besides=_BESIDE_PUT_RULE), Call("events:RemoveTargets", lost=("Targets",))),
    # A rule goes only when it has no targets.
    delete=(Call("events:RemoveTargets", when=("Targets",)), Call("events:DeleteRule")),
)
EVENT_BUS = Kind(
    "AWS::Events::EventBus",
    "arn:{partition}:events:{region}:{account}:event-bus/{id}",
    Named("Name"),
    create=(Call("events:CreateEventBus"),),
    both=(
        Call("events:PutPermission", "*", when=("Policy",)),
        *tags("events:TagResource", "events:UntagResource"),
    ),
    read=(Call("events:DescribeEventBus"),),
    update=(
        Call("events:UpdateEventBus", besides=("Policy", "Tags")),
        Call("events:RemovePermission", "*", lost=("Policy",)),
    ),
    delete=(Call("events:DeleteEventBus"),),
)

KINDS = (RULE, EVENT_BUS)
