"""AWS::Scheduler::Schedule.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedule.html
"""

from __future__ import annotations

from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind, Named, passed

SCHEDULE = Kind(
    "AWS::Scheduler::Schedule",
    "arn:{partition}:scheduler:{region}:{account}:schedule/{GroupName|group}/{id|last}",
    Named("Name"),
    create=(Call("scheduler:CreateSchedule"),),
    # UpdateSchedule writes all of it again.
    both=(passed("Target.RoleArn", "scheduler.amazonaws.com"),),
    read=(Call("scheduler:GetSchedule"),),
    update=(Call("scheduler:UpdateSchedule"),),
    delete=(Call("scheduler:DeleteSchedule"),),
)

KINDS = (SCHEDULE,)
