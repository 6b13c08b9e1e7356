"""Approval action of provider Manual: a person answers, or does not in time.

https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals.html
https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals-json-format.html
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from generator.aws_rules import limits
from generator.rehearsal import waits
from generator.rehearsal.codepipeline.context import ActionContext
from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.rehearsal.codepipeline.state import Outcome

ACTION_TYPES = frozenset({("Approval", "AWS")})


def start(context: ActionContext) -> Outcome:
    """Tell the topic, if there is one, and wait for PutApprovalResult."""
    minutes = context.action.timeout_minutes or round(waits.APPROVAL.seconds / 60)
    until = context.now() + timedelta(minutes=minutes)
    token = context.handle.token()
    if topic := context.configuration.get("NotificationArn"):
        _notify(context, topic, token, until)
    message = context.configuration.get("CustomData", "")
    answer = context.handle.ask(message, context.configuration.get("ExternalEntityLink", ""), until)
    if answer is None:
        raise ActionFailedError("TimeoutError", f"Nobody approved or rejected within {minutes} minutes.")
    outcome = Outcome(summary=answer.summary, answered_by=answer.by)
    if not answer.approved:
        comment = f": {answer.summary}" if answer.summary else "."
        raise ActionFailedError("ApprovalRejected", f"Rejected by {answer.by}{comment}", outcome)
    return outcome


def _notify(context: ActionContext, topic: str, token: str, until: datetime) -> None:
    place = context.surroundings
    console = f"https://console.aws.amazon.com/codesuite/codepipeline/pipelines/{context.pipeline}/view"
    review = f"{console}?region={place.region}#/{context.stage}/{context.action.name}/approve/{token}"
    optional = {
        "externalEntityLink": context.configuration.get("ExternalEntityLink"),
        "customData": context.configuration.get("CustomData"),
    }
    approval = {
        "pipelineName": context.pipeline,
        "stageName": context.stage,
        "actionName": context.action.name,
        "token": token,
        "expires": until.strftime("%Y-%m-%dT%H:%MZ"),
        "approvalReviewLink": review,
        **{key: value for key, value in optional.items() if value},
    }
    body = {"region": place.region, "consoleLink": f"{console}?region={place.region}", "approval": approval}
    subject = f"APPROVAL NEEDED: AWS CodePipeline {context.pipeline} for action {context.action.name}"
    context.client("sns").publish(TopicArn=topic, Subject=subject[: limits.SUBJECT_LENGTH], Message=json.dumps(body))
