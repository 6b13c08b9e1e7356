"""Whether the account has room for one more pipeline, and may build at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.aws.doctor.check import Finding
from generator.aws.doctor.launched_stack import Launched
from generator.aws.doctor.requirements import Requirements
from generator.aws.door import Door

# Service Quotas' own names: https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html
_PIPELINES = "Total pipelines"
_BUILDS = "Concurrently running builds for {kind}/{size} environment"
_KINDS = {
    "ARM_CONTAINER": "ARM",
    "ARM_LAMBDA_CONTAINER": "ARM Lambda",
    "LINUX_CONTAINER": "Linux",
    "LINUX_LAMBDA_CONTAINER": "Linux Lambda",
}
_SIZES = {
    "BUILD_GENERAL1_SMALL": "Small",
    "BUILD_GENERAL1_MEDIUM": "Medium",
    "BUILD_GENERAL1_LARGE": "Large",
    "BUILD_GENERAL1_XLARGE": "XLarge",
    "BUILD_GENERAL1_2XLARGE": "2XLarge",
}


def pipelines(door: Door, _requirements: Requirements, launched: Launched) -> Iterator[Finding]:
    """How many pipelines there are, against how many there may be."""
    pages = door.client("codepipeline").get_paginator("list_pipelines").paginate()
    there = sum(len(page["pipelines"]) for page in pages)
    subject = "quota of pipelines"
    quota = _quota(door, "codepipeline", _PIPELINES)
    if quota is None:
        yield _unknown(subject, _PIPELINES)
    elif there >= quota["Value"] and not launched.there:
        count = f"{there} of {quota['Value']:g} pipelines are there: no room for one more"
        yield Finding(subject, "wrong", count, _raise(door, "codepipeline", quota))
    else:
        yield Finding(subject, "good", f"{there} of {quota['Value']:g} pipelines are there")


def builds(door: Door, requirements: Requirements, _launched: Launched) -> Iterator[Finding]:
    """How many builds may run at a time; a new account may have none."""
    for kind, compute_type in dict.fromkeys(requirements.machines):
        size = _SIZES.get(compute_type, compute_type.removeprefix("BUILD_LAMBDA_"))
        name = _BUILDS.format(kind=_KINDS.get(kind, kind), size=size)
        subject = "quota of builds"
        quota = _quota(door, "codebuild", name)
        if quota is None:
            yield _unknown(subject, name)
        elif quota["Value"] < 1:
            machines = f"{name}: {quota['Value']:g}, so no build can run"
            yield Finding(subject, "wrong", machines, _raise(door, "codebuild", quota))
        else:
            yield Finding(subject, "good", f"{name}: {quota['Value']:g}")


def _quota(door: Door, service: str, name: str) -> Mapping[str, Any] | None:
    pages = door.client("service-quotas").get_paginator("list_service_quotas").paginate(ServiceCode=service)
    quotas: Iterator[Mapping[str, Any]] = (quota for page in pages for quota in page["Quotas"])
    return next((quota for quota in quotas if quota.get("QuotaName") == name and "Value" in quota), None)


def _unknown(subject: str, name: str) -> Finding:
    return Finding(subject, "unseen", f"Service Quotas names no quota '{name}'", "look at it in the console")


def _raise(door: Door, service: str, quota: Mapping[str, Any]) -> str:
    wish = f"--service-code {service} --quota-code {quota['QuotaCode']} --desired-value {quota['Value'] + 10:g}"
    return f"aws service-quotas request-service-quota-increase {wish} --region {door.region}"
