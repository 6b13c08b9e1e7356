"""Whether an environment in another account stands, and whether its roles let the pipeline in.

A person cannot try it: the roles let in those of the pipeline alone. So their trust is compared with what it has to be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.application.values import text_of
from generator.aws import stacks
from generator.aws.doctor import stuck_stack
from generator.aws.doctor.check import Finding, Look
from generator.aws.doctor.launched_stack import Launched, launched
from generator.aws.doctor.optional_answer import answer
from generator.aws.doctor.requirements import Requirements
from generator.aws.door import Door
from generator.aws.environments import Place, Reach
from generator.aws.names import environment_stack

_ROLE = "AWS::IAM::Role"


def look(reach: Reach, place: Place, template: Mapping[str, Any]) -> tuple[str, Look]:
    """The look at an environment whose stack is to be of this template, and its subject."""
    subject = f"environment {place.word}"

    def look_there(door: Door, requirements: Requirements, pipeline: Launched) -> Iterator[Finding]:
        if not reach.reaches(place):
            advice = f"penstock doctor --environment {place.word}=PROFILE"
            yield Finding(subject, "unseen", f"there is no profile for account {place.account}", advice)
            return
        there = reach.door(place)
        stack = environment_stack(requirements.stack, place.word)
        standing = launched(there, stack)
        launch = f"penstock launch --environment {place.word}=PROFILE"
        if not standing.there and not stacks.find(there, stack):
            verdict = "wrong" if pipeline.there else "later"
            yield Finding(subject, verdict, f"{stack} is not launched{place}", launch)  # type: ignore[arg-type]
            return
        names = requirements.elsewhere.get(place, ())
        yield from stuck_stack.look_at((stack, *names), there, door, requirements, standing)
        values = {**_values(there, place, requirements.service), "PipelineAccount": door.account()}
        for properties in (each["Properties"] for each in template["Resources"].values() if each["Type"] == _ROLE):
            yield _role(there, subject, properties, values, launch)

    return subject, look_there


def _values(door: Door, place: Place, service: str) -> dict[str, str]:
    pseudo = {"AWS::AccountId": place.account, "AWS::Partition": door.partition, "AWS::Region": door.region}
    return {**pseudo, "ServiceName": service}


def _role(door: Door, subject: str, properties: Mapping[str, Any], values: Mapping[str, str], launch: str) -> Finding:
    name = str(text_of(properties["RoleName"], values))
    role = answer(door.client("iam").get_role, "NoSuchEntity", RoleName=name)
    where = f"in account {values['AWS::AccountId']}"
    if role is None:
        return Finding(subject, "wrong", f"the role {name} is missing {where}: nobody can assume it", launch)
    expected = _plain(properties["AssumeRolePolicyDocument"], values)
    if _plain(role["Role"]["AssumeRolePolicyDocument"], values) != expected:
        who = ", ".join(_admitted(expected))
        return Finding(subject, "wrong", f"the trust of {name} {where} is not the one that lets in {who}", launch)
    return Finding(subject, "good", f"{name} lets in {', '.join(_admitted(expected))} and nobody else")


def _plain(value: Any, values: Mapping[str, str]) -> Any:
    """A policy with its functions resolved; a list of one is what is in it, as IAM reads it."""
    if (text := text_of(value, values)) is not None:
        return text
    if isinstance(value, Mapping):
        return {key: _plain(inner, values) for key, inner in value.items()}
    plain = [_plain(inner, values) for inner in value]
    return plain[0] if len(plain) == 1 else plain


def _admitted(trust: Mapping[str, Any]) -> Iterator[str]:
    """Whom a trust lets in: a service, or roles of an account by the beginning of their names."""
    statement = trust["Statement"]
    roles = statement.get("Condition", {}).get("ArnLike", {}).get("aws:PrincipalArn")
    who = roles or statement["Principal"].get("Service")
    yield from (who if isinstance(who, list) else [who])
