"""What a rehearsal waits for: one list, with how long, and what is said when it was in vain."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple


class Wait(NamedTuple):
    """`until`: what sets the limit where something other than `limit` does; `then`: what becomes of it afterwards."""

    what: str
    limit: timedelta | None
    then: str
    until: str = ""

    @property
    def seconds(self) -> float:
        """The limit. Raises ValueError where there is none of ours."""
        if self.limit is None:
            raise ValueError(f"nothing here limits {self.what}")
        return self.limit.total_seconds()

    def longest(self) -> str:
        """The limit in words."""
        return ", or ".join(filter(None, (in_words(self.limit) if self.limit else "", self.until)))


def in_words(limit: timedelta) -> str:
    """A time in the largest unit that it is a whole number of."""
    units = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))
    unit, size = next((each for each in units if not limit % each[1]), ("second", timedelta(seconds=1)))
    number = limit / size
    return f"{number:g} {unit}{'' if number == 1 else 's'}"


JOB = Wait(
    "the answer of a function to its job",
    timedelta(minutes=20),
    "the action fails: the function failed to return a result",
)
"""https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-invoke-lambda-function.html"""
CONTINUED_JOB = Wait(
    "the end of a job that is continued",
    timedelta(hours=24),
    "the action fails: the function failed to return a result",
)
LEFT_JOB = Wait(
    "an answer after the function has returned",
    timedelta(seconds=5),
    "the action fails: the function returned without an answer",
    "as long as functions or builds run, state machines or queues are not done, or a schedule is enabled",
)
"""Longer than anything takes to begin: Lambda's next try here begins after 2 s, a late delivery of faults after 1.5."""
APPROVAL = Wait(
    "a person's approval",
    timedelta(days=7),
    "the action fails: nobody approved or rejected",
    "the action's own timeout",
)
"""https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html"""
BUILD = Wait("a phase of a build", None, "the build ends as `TIMED_OUT`", "the project's timeout")
FUNCTION = Wait("the end of a function", None, "it ends as `Sandbox.Timedout`", "the function's timeout")
CUSTOM_RESOURCE = Wait(
    "the answer of a custom resource to its ResponseURL",
    timedelta(hours=1),
    "the stack rolls back",
    "the resource's ServiceTimeout",
)
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudformation-customresource.html"""
RESOURCE = Wait("CloudFormation to make any other resource", None, "it is said which", "AWS sets no limit")
HOOK = Wait(
    "the report of a deployment's hook after its function has ended",
    timedelta(seconds=10),
    "the deployment fails: the hook reported no status",
)
FIRST_EXECUTION = Wait(
    "the execution that begins with a pipeline", timedelta(seconds=60), "the emulator does not say how it began"
)
PUSH = Wait("an event rule to start the pipeline", timedelta(seconds=10), "red: the push started nothing")
EMULATOR = Wait("the emulator to start", timedelta(seconds=30), "the emulator did not start, and its last words")
CALL = Wait("the answer of a local service", timedelta(seconds=120), "the call fails as it does on AWS")
CONTROL = Wait("the answer of the emulator to the command", timedelta(seconds=60), "the emulator does not answer")
CONNECTION = Wait("a package registry to be reached", timedelta(seconds=30), "`unreachable`, with the registry")
LOCK = Wait(
    "what another rehearsal makes in the cache folder",
    timedelta(minutes=20),
    "another process has held the lock, and which file it is",
)
TOOL = Wait("`aws` or `sam` to be installed, once per machine", timedelta(minutes=15), "it could not be installed")
TOOL_VERSION = Wait("`aws` or `sam` to say its version", timedelta(seconds=60), "it counts as not installed")
RUNTIME = Wait("a runtime to say its version", timedelta(seconds=30), "it counts as not on this machine")
INTERPRETER = Wait("a Python or Node to say its version", timedelta(seconds=20), "it counts as not on this machine")
NPM = Wait("npm to fetch the runtime client, once per machine", timedelta(minutes=5), "npm has not ended")
TRIAL = Wait(
    "the end of a trial of `--faults`", timedelta(minutes=2), "a finding: the trial hangs", "ten times the clean run"
)
END_OF_ACTIONS = Wait("actions to notice that they were given up", timedelta(seconds=2), "their processes are killed")
END_OF_BUILDS = Wait("stopped builds to clear up", timedelta(seconds=10), "their processes are killed")
END_OF_NEWS = Wait("the last events to be delivered", timedelta(seconds=5), "they are lost with the emulator")
END = Wait("the emulator to end", timedelta(seconds=3), "it is killed with all it started")
CLEARED = Wait("its folder and processes to go", timedelta(seconds=8), "they are removed by the command itself")

WAITS = (
    JOB,
    CONTINUED_JOB,
    LEFT_JOB,
    APPROVAL,
    BUILD,
    FUNCTION,
    CUSTOM_RESOURCE,
    RESOURCE,
    HOOK,
    FIRST_EXECUTION,
    PUSH,
    EMULATOR,
    CALL,
    CONTROL,
    CONNECTION,
    LOCK,
    TOOL,
    TOOL_VERSION,
    RUNTIME,
    INTERPRETER,
    NPM,
    TRIAL,
    END_OF_ACTIONS,
    END_OF_BUILDS,
    END_OF_NEWS,
    END,
    CLEARED,
)
