"""Service Quotas for an emulator, which has none: enough of everything. Imported by name in the emulator's process."""

from __future__ import annotations

from typing import Any

from generator.rehearsal.service import Caller, ServiceError, Surroundings

MOUNT = {"service-quotas": "tests.aws.quotas:Quotas"}
ENOUGH = {
    "codebuild": "Concurrently running builds for Linux/Small environment",
    "codepipeline": "Total pipelines",
}


class Quotas:
    """Each quota is 1000."""

    def __init__(self, _surroundings: Surroundings) -> None:
        pass

    def handle(self, operation: str, request: dict[str, Any], _caller: Caller) -> dict[str, Any]:
        if operation != "ListServiceQuotas":
            raise ServiceError("IllegalArgumentException", f"not asked for by a look: {operation}")
        return {"Quotas": [{"QuotaName": ENOUGH[request["ServiceCode"]], "QuotaCode": "L-1", "Value": 1000.0}]}

    def close(self) -> None:
        pass
