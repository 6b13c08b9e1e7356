"""AWS::CloudWatch::Alarm.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html
"""

from __future__ import annotations

from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind, Named, tags

ALARM = Kind(
    "AWS::CloudWatch::Alarm",
    "arn:{partition}:cloudwatch:{region}:{account}:alarm:{id}",
    Named("AlarmName"),
    create=(Call("cloudwatch:PutMetricAlarm"),),
    both=tags("cloudwatch:TagResource", "cloudwatch:UntagResource"),
    read=(Call("cloudwatch:DescribeAlarms"),),
    update=(Call("cloudwatch:PutMetricAlarm", besides=("Tags",)),),
    delete=(Call("cloudwatch:DeleteAlarms"),),
)

KINDS = (ALARM,)
