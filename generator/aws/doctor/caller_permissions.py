"""Whether the caller may launch the pipeline, as far as IAM's simulator can tell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.aws.doctor.check import Finding
from generator.aws.doctor.identity import identity
from generator.aws.doctor.launch_permissions import Needed, needed, unknown
from generator.aws.doctor.launched_stack import Launched
from generator.aws.doctor.requirements import Requirements
from generator.aws.door import Door

_SUBJECT = "rights to launch"


def look(door: Door, requirements: Requirements, _launched: Launched) -> Iterator[Finding]:
    """The actions a launch takes that IAM denies.

    Conditions of policies are not known to the simulator, and some denials only show at launch.
    https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
    """
    who = identity(door)
    principal = _principal(door, who.arn)
    if principal is None:
        yield _without_simulation(who.arn)
        return
    names = {"stack": requirements.stack, "pipeline": requirements.pipeline, "service": requirements.service}
    wishes = [*needed(requirements.types, door.partition, region=door.region, account=who.account, **names)]
    for kind in unknown(requirements.types):
        yield Finding(_SUBJECT, "unseen", f"what making an {kind} takes is not known here")
    denied = [action for wish in wishes for action in _denied(door, principal, wish)]
    if denied:
        advice = f"ask an administrator of the account to allow {_all(denied)} to {principal}, or use other credentials"
        yield Finding(_SUBJECT, "wrong", f"{principal} may not {_all(denied)}", advice)
    else:
        count = sum(len(wish.actions) for wish in wishes)
        yield Finding(_SUBJECT, "good", f"all {count} actions a launch takes are allowed to {principal}")


def _principal(door: Door, arn: str) -> str | None:
    """The user or role whose policies decide; None for what has none of its own."""
    if re.search(r":user/", arn):
        return arn
    session = re.search(r":assumed-role/(?P<role>[^/]+)/", arn)
    # The session's ARN lacks the role's path, which its own has.
    return door.client("iam").get_role(RoleName=session["role"])["Role"]["Arn"] if session else None


def _without_simulation(arn: str) -> Finding:
    if arn.endswith(":root"):
        return Finding(_SUBJECT, "good", "the account's root user may do everything")
    return Finding(_SUBJECT, "unseen", f"IAM simulates users and roles, and {arn} is neither")


def _denied(door: Door, principal: str, wish: Needed) -> Iterator[str]:
    simulator = door.client("iam").get_paginator("simulate_principal_policy")
    pages = simulator.paginate(PolicySourceArn=principal, ActionNames=list(wish.actions), ResourceArns=[wish.resource])
    for page in pages:
        for result in page["EvaluationResults"]:
            if result["EvalDecision"] != "allowed":
                yield result["EvalActionName"]


def _all(actions: list[str]) -> str:
    return ", ".join(dict.fromkeys(actions))
