"""The environments in other accounts that a launched pipeline deploys to, and the doors to their accounts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from generator.aws.door import Door
from generator.errors import Problem, RefusedError

_ROLE = re.compile(r":iam::(?P<account>\d{12}):role/(?:.*-ActionRole-(?P<word>[a-z][a-z0-9-]*)$)?")


class Place(NamedTuple):
    """An environment by its name, with its account; both are empty for the account of the pipeline."""

    word: str = ""
    account: str = ""

    def __str__(self) -> str:
        return f" in account {self.account}" if self.account else ""


HOME: Final = Place()


def of_action(role: Any) -> Place:
    """Where an action works that a template gives this role; the name is empty where the role is none of ours."""
    match = _ROLE.search(role.get("Fn::Sub", "") if isinstance(role, Mapping) else role)
    return Place(match["word"] or "", match["account"]) if match else HOME


@dataclass(frozen=True, slots=True)
class Reach:
    """The door to the pipeline's account, and those to the accounts of environments, by the environments' names."""

    home: Door
    doors: Mapping[str, Door] = field(default_factory=dict)

    def reaches(self, place: Place) -> bool:
        """Whether a door leads there: a profile, or the pipeline's own where the environment shares its account."""
        return place == HOME or place.word in self.doors or place.account == self.home.account()

    def door(self, place: Place) -> Door:
        """The door to a place. Raises RefusedError where there is none, or where it leads to another account."""
        if not self.reaches(place):
            hint = f"--environment {place.word}=PROFILE"
            raise RefusedError(str(Problem(f"there is no profile for {place.word}{place}", hint=hint)))
        there = self.doors.get(place.word, self.home)
        if place.account and place.account != there.account():
            message = f"the profile {there.settings.profile} is of account {there.account()}"
            hint = f"--environment {place.word}=<another profile>"
            raise RefusedError(str(Problem(f"{message}, and {place.word} is {place.account}", hint=hint)))
        return there
