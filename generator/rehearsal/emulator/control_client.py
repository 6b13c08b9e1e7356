"""The parent's side of what only this emulator answers."""

from __future__ import annotations

import http.client
import json
from typing import Any

from generator.errors import PenstockError
from generator.rehearsal import waits
from generator.rehearsal.emulator.environment import Doors


class EmulatorError(PenstockError):
    """The emulator did not start, refuses, or is gone."""


def call(doors: Doors, path: str, **request: Any) -> dict[str, Any]:
    """Ask an emulator on this machine, with its token.

    Raises EmulatorError with the reason when it refuses or does not answer.
    """
    connection = http.client.HTTPConnection("127.0.0.1", doors.http_port, timeout=waits.CONTROL.seconds)
    try:
        headers = {"Content-Type": "application/json", "X-Penstock": doors.secrets.control}
        connection.request("POST", f"/_penstock/{path}", json.dumps(request), headers)
        answer = connection.getresponse()
        reply = json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError, OverflowError) as gone:
        raise EmulatorError(f"the emulator does not answer: {gone}") from gone
    finally:
        connection.close()
    if not isinstance(reply, dict):
        raise EmulatorError(f"another program answers at port {doors.http_port}")
    if answer.status != http.client.OK:
        raise EmulatorError(str(reply.get("message", f"the emulator answers with {answer.status}")))
    return reply
