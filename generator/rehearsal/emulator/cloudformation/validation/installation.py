"""Hooks every refusal of this room into the emulator's CloudFormation: one hook for each thing it does.

What cfn-lint finds in a template is not looked for again: a pipeline deploys no template with such an error.
"""

from __future__ import annotations

from collections.abc import Callable

from generator.rehearsal.emulator.cloudformation import alarms
from generator.rehearsal.emulator.cloudformation.validation import (
    buckets,
    exports,
    fixed_names,
    functions,
    neighbours,
    policy_documents,
    principals,
    properties,
    requests,
    roles,
    schedules,
    state_machines,
    template,
    topics,
)
from generator.rehearsal.emulator.ministack import cloudformation, cloudformation_resources, context
from generator.rehearsal.emulator.ministack.cloudformation_resources import PlannedResource


def install(unable: Callable[[str], None]) -> None:
    """From now on CloudFormation refuses what AWS refuses, and tells `unable` what of a resource is not rehearsed."""
    cloudformation.judge_requests(requests.OPERATIONS, requests.refusal)
    cloudformation.judge_templates(template.refuse)
    cloudformation_resources.name_answers_as_aws_does()
    cloudformation_resources.validate_resources(lambda planned: judge(planned, unable), buckets.refuse_deletion)
    cloudformation.judge_exports(exports.refuse)


def judge(resource: PlannedResource, unable: Callable[[str], None]) -> None:
    """Raise ValueError, with the reason the stack's events give, for a resource its service would refuse."""
    account, region = context.account(), context.region()
    properties.refuse(resource.type, resource.logical_id, resource.properties, region)
    fixed_names.refuse(resource)
    for refuse in (buckets.refuse, policy_documents.refuse, schedules.refuse, topics.refuse):
        refuse(resource)
    functions.refuse(resource, account, region, unable)
    if resource.type == alarms.TYPE and alarms.computes(resource.properties):
        unable(f"{resource.logical_id} is an alarm over several metrics, which nothing here computes: it gets no data")
    neighbours.refuse(resource)
    principals.refuse(resource, unable)
    roles.refuse(resource, account)
    state_machines.refuse(resource)
