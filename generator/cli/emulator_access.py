"""How to reach an emulator that keeps running, as lines to copy into a shell."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from generator.rehearsal.driver.reach import Reach

HOW_TO_END = "penstock local shows it again, penstock local --stop ends it"


def lines(reach: Reach) -> list[str]:
    """What to export for AWS's tools, what curl can call, where to push the next commit."""
    exports = [f"  export {name}={shlex.quote(value)}" for name, value in reach.variables.items()]
    calls = [f"  curl {shlex.quote(url)}  # {stack}" for stack, urls in reach.urls.items() for url in urls]
    pushes = [f"  git push --force {shlex.quote(to.directory)} HEAD:{shlex.quote(to.name)}" for to in reach.branches]
    text = [f"it goes on at {reach.variables['AWS_ENDPOINT_URL']}. For boto3, the aws CLI and their like:", *exports]
    text += ["The deployed APIs:", *calls] if calls else []
    text += ["The next commit, from its repository:", *pushes] if pushes else []
    if reach.connections or reach.mails:
        text += ["What waits for a person:", *_waiting(reach)]
    return text


def _waiting(reach: Reach) -> Iterator[str]:
    for name in reach.connections:
        yield f"  penstock local --connect {shlex.quote(name)}  # the connection is PENDING"
    for mail in reach.mails:
        options = f"--topic-arn {shlex.quote(mail.topic)} --token {mail.token}"
        yield f"  aws sns confirm-subscription {options}  # mail to {mail.address}"
