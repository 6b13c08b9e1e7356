"""A door whose clients answer what a test says, and nothing else: botocore's Stubber at every client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.stub import Stubber

from generator.aws.door import Door
from tests.aws.local import door_to

NOWHERE = "http://127.0.0.1:1"


class Stubbed:
    """The door, and what each service answers, in the order it is asked."""

    def __init__(self, region: str = "us-east-1") -> None:
        self.door: Door = door_to(NOWHERE, region=region)
        self._stubbers: dict[str, Stubber] = {}

    def answers(self, service: str, operation: str, answer: Mapping[str, Any], **expected: Any) -> None:
        """The next answer of a service; with `expected`, to exactly this request."""
        self._stubber(service).add_response(operation, dict(answer), expected or None)

    def refuses(self, service: str, operation: str, code: str, message: str = "refused") -> None:
        """The next answer of a service is an error."""
        self._stubber(service).add_client_error(operation, code, message)

    def _stubber(self, service: str) -> Stubber:
        if service not in self._stubbers:
            self._stubbers[service] = Stubber(self.door.client(service))
            self._stubbers[service].activate()
        return self._stubbers[service]

    def check(self) -> None:
        """Everything that was to be asked was asked."""
        for stubber in self._stubbers.values():
            stubber.assert_no_pending_responses()


@contextmanager
def stubbed(region: str = "us-east-1") -> Iterator[Stubbed]:
    """Such a door; at the end nothing may be left to ask."""
    result = Stubbed(region)
    yield result
    result.check()
