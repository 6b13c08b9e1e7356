"""The locked versions of development and CI are versions that users may have, too."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

CHECKOUT = Path(__file__).parents[2]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# A major version of it comes every few months, and we use only what is documented.
UNBOUNDED = {"cryptography"}
DECLARED = [*PROJECT["dependencies"], *(line for extra in PROJECT["optional-dependencies"].values() for line in extra)]


def locked() -> dict[str, str]:
    lines = (CHECKOUT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line.partition(" ;")[0].split("==") for line in lines if line and not line.lstrip().startswith("#")]
    return {name.strip().lower(): version.strip() for name, version in pins}


@pytest.mark.parametrize("line", DECLARED)
def test_every_dependency_is_locked_to_a_version_within_its_bounds(line: str) -> None:
    requirement = Requirement(line)
    assert requirement.specifier.contains(locked()[requirement.name.lower()])


@pytest.mark.parametrize("line", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["rehearse"])
def test_every_dependency_of_users_has_an_upper_bound(line: str) -> None:
    operators = {part.operator for part in Requirement(line).specifier}
    assert operators & {"<", "=="} or Requirement(line).name in UNBOUNDED
