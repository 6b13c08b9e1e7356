"""What helps after a refusal: the statement that would allow it, as JSON to paste."""

from __future__ import annotations

import json
from typing import Any

from generator.rehearsal.iam.question import RESOURCE, Answer, Question

_PASSED = "iam:passedtoservice"
# A trust policy is about the role it belongs to, and IAM refuses a Resource in it.
_OF_TRUST = frozenset({"sts:AssumeRole", "sts:TagSession"})


def remedy(question: Question, answer: Answer) -> str:
    """The statement to add, as JSON; empty when it is allowed, or when a Deny refused and none would help."""
    if answer.allowed or answer.explicit:
        return ""
    about = {} if question.action in _OF_TRUST else {"Resource": question.resource}
    statement = {"Effect": "Allow", **_who(question, answer), "Action": question.action, **about}
    return json.dumps(statement | _condition(question))


def for_deploy_role(statement: str) -> str:
    """The same statement (`remedy`'s) as the pipeline file gives it to the roles that deploy; empty where it cannot."""
    parsed = json.loads(statement) if statement else {}
    if "Resource" not in parsed:
        return ""
    extra = {"actions": [parsed["Action"]], "resources": [parsed["Resource"]]}
    # JSON is YAML: the line can be pasted as it is.
    return f"deploy_role: {json.dumps({'extra': [extra]})}"


def _who(question: Question, answer: Answer) -> dict[str, Any]:
    if answer.policy_type != RESOURCE:
        return {}
    kind = "AWS" if question.principal.startswith("arn:") else "Service"
    return {"Principal": {kind: question.principal}}


def _condition(question: Question) -> dict[str, Any]:
    """The keys a careful statement asks for: the service a role is passed to, on whose behalf a service calls."""
    context = {key.lower(): value for key, value in question.context.items()}
    if _PASSED in context:
        return {"Condition": {"StringEquals": {"iam:PassedToService": context[_PASSED]}}}
    if not question.principal.startswith("arn:") and "aws:sourcearn" in context:
        return {"Condition": {"ArnLike": {"aws:SourceArn": context["aws:sourcearn"]}}}
    return {}
