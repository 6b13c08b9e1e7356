"""Run by git after a push to a repository of the emulator: tells it which branches went from where to where.

`PENSTOCK_TOKEN=... post_receive.py ENDPOINT REPOSITORY`, with git's lines "before after reference" on stdin; the
standard library only.
"""

from __future__ import annotations

import http.client
import json
import os
import sys

BRANCH = "refs/heads/"


def main(endpoint: str, repository: str, lines: list[str]) -> int:
    """Tell the emulator of each branch; the exit code git is given (it only shows what was said)."""
    for line in lines:
        before, _, reference = line.split()
        if reference.startswith(BRANCH):
            _tell(endpoint, {"repository": repository, "branch": reference.removeprefix(BRANCH), "before": before})
    return 0


def _tell(endpoint: str, push: dict[str, str]) -> None:
    connection = http.client.HTTPConnection(endpoint.removeprefix("http://"))
    headers = {"Content-Type": "application/json", "X-Penstock": os.environ["PENSTOCK_TOKEN"]}
    connection.request("POST", "/_penstock/pushed", json.dumps(push), headers)
    answer = connection.getresponse()
    if answer.status != http.client.OK:
        sys.stderr.write(f"the emulator answered {answer.status}: {answer.read().decode()}\n")
    connection.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.stdin.readlines()))
