"""Lambda's runtimes: which there are, when AWS retires each, and what to use instead.

As AWS's page said on 2026-11-21, the day in READ.
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

READ = "2026-11-21"


class Lifecycle(NamedTuple):
    """ISO dates of a runtime's end: no more patches, no new functions, no updates; and its successor, if any."""

    retired: str
    create_blocked: str
    update_blocked: str
    successor: str

    def is_retired(self, today: dt.date) -> bool:
        """Whether AWS has ended its support: functions can still be made with it until `create_blocked`."""
        return dt.date.fromisoformat(self.retired) <= today

    def is_blocked(self, today: dt.date) -> bool:
        """Whether Lambda refuses to make functions with it."""
        return dt.date.fromisoformat(self.create_blocked) <= today


LIFECYCLES: dict[str, Lifecycle] = {
    "dotnet10": Lifecycle("2028-11-14", "2028-12-14", "2029-01-15", ""),
    "dotnet6": Lifecycle("2024-12-20", "2027-02-01", "2027-03-03", "dotnet10"),
    "dotnet8": Lifecycle("2026-11-10", "2027-02-01", "2027-03-03", "dotnet10"),
    "dotnetcore1.0": Lifecycle("2019-06-27", "2019-06-30", "2019-07-30", "dotnet10"),
    "dotnetcore2.0": Lifecycle("2019-05-30", "2019-04-30", "2019-05-30", "dotnet10"),
    "dotnetcore2.1": Lifecycle("2022-01-05", "2022-01-05", "2022-04-13", "dotnet10"),
    "dotnetcore3.1": Lifecycle("2023-04-03", "2023-04-03", "2023-05-03", "dotnet10"),
    "go1.x": Lifecycle("2024-01-08", "2024-02-08", "2027-03-03", "provided.al2023"),
    "java11": Lifecycle("2027-06-30", "2027-07-31", "2027-08-31", "java25"),
    "java17": Lifecycle("2027-06-30", "2027-07-31", "2027-08-31", "java25"),
    "java21": Lifecycle("2029-06-30", "2029-07-31", "2029-08-31", "java25"),
    "java25": Lifecycle("2029-06-30", "2029-07-31", "2029-08-31", ""),
    "java8": Lifecycle("2024-01-08", "2024-02-08", "2027-03-03", "java25"),
    "java8.al2": Lifecycle("2027-06-30", "2027-07-31", "2027-08-31", "java25"),
    "nodejs": Lifecycle("2016-08-30", "2016-09-30", "2016-10-31", "nodejs24.x"),
    "nodejs10.x": Lifecycle("2021-07-30", "2021-07-30", "2022-02-14", "nodejs24.x"),
    "nodejs12.x": Lifecycle("2023-03-31", "2023-03-31", "2023-04-30", "nodejs24.x"),
    "nodejs14.x": Lifecycle("2023-12-04", "2024-01-09", "2027-03-03", "nodejs24.x"),
    "nodejs16.x": Lifecycle("2024-06-12", "2027-02-01", "2027-03-03", "nodejs24.x"),
    "nodejs18.x": Lifecycle("2025-09-01", "2027-02-01", "2027-03-03", "nodejs24.x"),
    "nodejs20.x": Lifecycle("2026-04-30", "2027-02-01", "2027-03-03", "nodejs24.x"),
    "nodejs22.x": Lifecycle("2027-04-30", "2027-06-01", "2027-07-01", "nodejs24.x"),
    "nodejs24.x": Lifecycle("2028-04-30", "2028-06-01", "2028-07-01", ""),
    "nodejs4.3": Lifecycle("2020-03-05", "2020-02-03", "2020-03-05", "nodejs24.x"),
    "nodejs6.10": Lifecycle("2019-08-12", "2019-07-12", "2019-08-12", "nodejs24.x"),
    "nodejs8.10": Lifecycle("2020-03-06", "2020-02-04", "2020-03-06", "nodejs24.x"),
    "provided": Lifecycle("2024-01-08", "2024-02-08", "2027-03-03", "provided.al2023"),
    "provided.al2": Lifecycle("2026-07-31", "2027-02-01", "2027-03-03", "provided.al2023"),
    "provided.al2023": Lifecycle("2029-06-30", "2029-07-31", "2029-08-31", ""),
    "python2.7": Lifecycle("2021-07-15", "2021-07-15", "2022-05-30", "python3.14"),
    "python3.10": Lifecycle("2026-10-31", "2027-02-01", "2027-03-03", "python3.14"),
    "python3.11": Lifecycle("2027-06-30", "2027-07-31", "2027-08-31", "python3.14"),
    "python3.12": Lifecycle("2028-10-31", "2028-11-30", "2029-01-10", "python3.14"),
    "python3.13": Lifecycle("2029-06-30", "2029-07-31", "2029-08-31", "python3.14"),
    "python3.14": Lifecycle("2029-06-30", "2029-07-31", "2029-08-31", ""),
    "python3.6": Lifecycle("2022-07-18", "2022-07-18", "2022-08-29", "python3.14"),
    "python3.7": Lifecycle("2023-12-04", "2024-01-09", "2027-03-03", "python3.14"),
    "python3.8": Lifecycle("2024-10-14", "2027-02-01", "2027-03-03", "python3.14"),
    "python3.9": Lifecycle("2025-12-15", "2027-02-01", "2027-03-03", "python3.14"),
    "ruby2.5": Lifecycle("2021-07-30", "2021-07-30", "2022-03-31", "ruby4.0"),
    "ruby2.7": Lifecycle("2023-12-07", "2024-01-09", "2027-03-03", "ruby4.0"),
    "ruby3.2": Lifecycle("2026-03-31", "2027-02-01", "2027-03-03", "ruby4.0"),
    "ruby3.3": Lifecycle("2027-03-31", "2027-04-30", "2027-05-31", "ruby4.0"),
    "ruby3.4": Lifecycle("2028-03-31", "2028-04-30", "2028-05-31", "ruby4.0"),
    "ruby4.0": Lifecycle("2029-03-31", "2029-04-30", "2029-05-31", ""),
}

# A name as the part that stays, the number that grows from version to version, and the end.
_NAME = re.compile(r"(?P<stem>nodejs|python3\.|java|ruby\d+\.|dotnet|provided\.al)(?P<number>\d+)(?P<end>(\.x)?)")


def may_be_newer(runtime: str) -> bool:
    """Whether an unknown name can be that of a runtime AWS has added since the list was read.

    Node.js has a runtime for its even versions alone.
    """
    name = _NAME.fullmatch(runtime)
    if name is None or (name["stem"] == "nodejs" and int(name["number"]) % 2):
        return False
    kin = (other for other in map(_NAME.fullmatch, LIFECYCLES) if other and other["stem"] == name["stem"])
    return int(name["number"]) > max((int(other["number"]) for other in kin), default=int(name["number"]))


def not_retired(runtime: str, today: dt.date) -> str:
    """A runtime, or its successor where AWS has retired it."""
    lifecycle = LIFECYCLES.get(runtime)
    return lifecycle.successor if lifecycle and lifecycle.successor and lifecycle.is_retired(today) else runtime
