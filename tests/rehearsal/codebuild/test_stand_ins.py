"""What a build is told of a machine that is not there."""

from __future__ import annotations

import platform
from typing import Any

import pytest

from generator.rehearsal.codebuild.project import Project
from generator.rehearsal.codebuild.stand_ins import stand_ins

_HERE, _ELSEWHERE = ("ARM", "LINUX") if platform.machine() in {"aarch64", "arm64"} else ("LINUX", "ARM")
_STANDARD = "aws/codebuild/amazonlinux-x86_64-standard:5.0"


def remarks(kind: str, image: str = _STANDARD, **more: Any) -> str:
    return "; ".join(stand_ins(Project({"environment": {"type": kind, "image": image}, **more})))


@pytest.mark.parametrize("image", [_STANDARD, "aws/codebuild/standard:7.0"])
def test_a_usual_machine_needs_no_words(image: str) -> None:
    assert remarks(f"{_HERE}_CONTAINER", image) == ""


def test_an_image_of_ones_own_is_not_pulled() -> None:
    assert "build:1 is not pulled" in remarks(
        f"{_HERE}_CONTAINER", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/build:1"
    )


def test_another_processor_is_named() -> None:
    assert f"is rehearsed on {platform.machine()}" in remarks(f"{_ELSEWHERE}_CONTAINER")


def test_lambda_computes_limits_are_not_rehearsed() -> None:
    assert "15 minutes, no root" in remarks(f"{_HERE}_LAMBDA_CONTAINER")


def test_a_vpc_is_not_rehearsed() -> None:
    assert "vpc-0a1b2c3d is not rehearsed" in remarks(f"{_HERE}_CONTAINER", vpcConfig={"vpcId": "vpc-0a1b2c3d"})
