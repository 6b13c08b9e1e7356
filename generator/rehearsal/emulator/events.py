"""EventBridge rules that start a pipeline: the emulator matches the event, this starts the target as its role.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from generator.rehearsal.emulator.ledger import Ledger
from generator.rehearsal.service import ServiceError, Surroundings

SESSION = "AWSEventsSession"
"""The session name under which EventBridge assumes a target's role; CodePipeline tells its trigger by it."""

_INPUT = ("sourceRevisions", "variables", "clientRequestToken")


class PipelineTargets:
    """Starts pipelines for rules, each on a thread of its own: whoever put the event does not wait for it."""

    def __init__(self, surroundings: Callable[[str, str], Surroundings], ledger: Ledger) -> None:
        """`surroundings` are EventBridge's in an account and region."""
        self._surroundings = surroundings
        self._ledger = ledger

    def deliver(self, target: Mapping[str, Any], rule: str, written: str) -> None:
        """Start the target's pipeline, soon."""
        threading.Thread(target=self._start, args=(target, rule, written), daemon=True).start()

    def _start(self, target: Mapping[str, Any], rule: str, written: str) -> None:
        arn = target["Arn"]
        if not target.get("RoleArn"):
            self._ledger.undelivered(f"{rule} did not start {arn}: the target has no RoleArn")
            return
        try:
            region, account = rule.split(":")[3:5]
            codepipeline = self._surroundings(account, region).client(
                "codepipeline",
                role=target["RoleArn"],
                region=arn.split(":")[3],
                session_name=SESSION,
                source_arn=rule,
            )
            codepipeline.start_pipeline_execution(name=arn.split(":")[5], **_parameters(written))
        except (BotoCoreError, ClientError, ServiceError, ValueError) as refused:
            self._ledger.undelivered(f"{rule} did not start {arn}: {refused}")


def _parameters(written: str) -> dict[str, Any]:
    """What of a target's input StartPipelineExecution takes. Raises ValueError when it is no JSON object."""
    parsed = json.loads(written) if written else {}
    if not isinstance(parsed, dict):
        raise ValueError("the target's input is not a JSON object")  # noqa: TRY004 - as a text that is no JSON
    return {name: parsed[name] for name in _INPUT if name in parsed}
