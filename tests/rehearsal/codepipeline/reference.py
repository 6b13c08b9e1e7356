"""What a pipeline does, said a second time from AWS's pages alone, in lists and ifs: the engine is held against it.

https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html (order, modes, locks, stopping)
https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-retry.html
https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html
https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-conditions.html
https://docs.aws.amazon.com/codepipeline/latest/userguide/transitions.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Mode = Literal["SUPERSEDED", "QUEUED", "PARALLEL"]
ENTRY, SUCCESS = "entry", "success"
OVER = ("Succeeded", "Failed", "Stopped", "Superseded")


@dataclass
class Act:
    """An action: its run order, the actions whose artifacts it reads, whether it makes one of its own name."""

    name: str
    order: int
    reads: list[str] = field(default_factory=list)
    makes: bool = False


@dataclass
class Part:
    """A stage. `failure` is what its failure brings: nothing, RETRY of failed or all actions, ROLLBACK.

    `entry` says that a rule guards it, `success` what comes of its rule afterwards when it is not met.
    """

    acts: list[Act]
    failure: str = ""
    entry: bool = False
    success: str = ""


@dataclass
class Visit:
    """An execution in one stage: what is under way (with the artifacts it reads), done, failed."""

    doing: dict[str, dict[str, str]] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    status: str = "InProgress"
    retried: bool = False


@dataclass
class Exec:
    """An execution; `artifacts` maps each to the try of an action that made it."""

    number: int
    at: int = 0
    status: str = "InProgress"
    waits: bool = False
    halted: bool = False
    back_to: int | None = None
    artifacts: dict[str, str] = field(default_factory=dict)
    visits: dict[int, Visit] = field(default_factory=dict)


class Reference:
    """A pipeline of these stages. Every command answers whether AWS takes it."""

    def __init__(self, mode: Mode, parts: list[Part]) -> None:
        self.mode = mode
        self.parts = parts
        self.execs: list[Exec] = []
        self.queues: list[list[Exec]] = [[] for _ in parts]
        self.inside: list[Exec | None] = [None for _ in parts]
        self.latest: list[Exec | None] = [None for _ in parts]
        self.no_way_in: set[int] = set()
        self.no_way_out: set[int] = set()

    # What people do.

    def start(self) -> bool:
        self._arrive(self._new(), 0)
        return True

    def finish(self, number: int, name: str, artifact: str, *, well: bool) -> bool:
        """An action (or rule) under way ends; what it makes is called `artifact`."""
        program = self.execs[number]
        visit = program.visits[program.at]
        del visit.doing[name]
        (visit.done if well else visit.failed).add(name)
        if well and any(act.name == name and act.makes for act in self.parts[program.at].acts):
            program.artifacts[name] = artifact
        self._go(program)
        return True

    def stop(self, number: int, *, abandon: bool) -> bool:
        program = self.execs[number]
        if program.status in OVER or (program.status == "Stopping" and not abandon):
            return False
        if program.waits:
            self.queues[program.at].remove(program)
            program.waits, program.status = False, "Stopped"
            return True
        visit = program.visits[program.at]
        program.status = visit.status = "Stopping"
        program.halted = True
        if abandon:
            visit.failed |= set(visit.doing)
            visit.doing = {}
            self._go(program)
        return True

    def retry(self, number: int, at: int, *, everything: bool) -> bool:
        program = self.execs[number]
        visit = program.visits.get(at)
        if visit is None or (self.mode != "PARALLEL" and self.latest[at] is not program):
            return False
        if visit.status in ("Succeeded", "Stopping") or not (visit.failed or visit.status == "Stopped"):
            return False
        if visit.doing and everything:
            return False
        self._again(program, everything=everything)
        return True

    def roll_back(self, at: int, number: int) -> bool:
        target = self.execs[number]
        visit = target.visits.get(at)
        if self.mode == "PARALLEL" or at == 0 or target.back_to is not None:
            return False
        if visit is None or visit.status != "Succeeded":
            return False
        self._begin_rollback(at, target)
        return True

    def switch(self, at: int, *, inbound: bool, on: bool) -> bool:
        closed = self.no_way_in if inbound else self.no_way_out
        closed.discard(at) if on else closed.add(at)
        for stage in range(len(self.parts)):
            self._admit(stage)
        return True

    # What follows.

    def _new(self) -> Exec:
        program = Exec(len(self.execs))
        self.execs.append(program)
        return program

    def _arrive(self, execution: Exec, at: int) -> None:
        execution.at, execution.waits = at, True
        if self.mode == "SUPERSEDED":
            for older in self.queues[at]:
                older.waits, older.status = False, "Superseded"
            self.queues[at] = []
        self.queues[at].append(execution)
        self._admit(at)

    def _admit(self, at: int) -> None:
        while self.queues[at] and self._may_enter(self.queues[at][0], at):
            execution = self.queues[at].pop(0)
            execution.waits = False
            execution.visits[at] = Visit()
            self.latest[at] = execution
            self._lock(execution)
            self._go(execution)

    def _may_enter(self, execution: Exec, at: int) -> bool:
        if at in self.no_way_in:
            return False
        if at - 1 in self.no_way_out and execution.back_to is None:
            return False
        return self.mode == "PARALLEL" or self.inside[at] is None

    def _lock(self, execution: Exec) -> None:
        if self.mode != "PARALLEL":
            self.inside[execution.at] = execution

    def _go(self, execution: Exec) -> None:
        """Nothing goes on in a stage while something is under way; then the next that is due."""
        visit = execution.visits[execution.at]
        if visit.doing:
            return
        due = self._due(execution)
        if execution.halted:
            self._leave(execution, "Stopped" if due or visit.failed else "Succeeded")
            self._over(execution, "Stopped")
        elif visit.failed:
            self._fail(execution)
        elif due:
            for name, reads in due.items():
                visit.doing[name] = {read: execution.artifacts[read] for read in reads}
        else:
            self._pass(execution)

    def _due(self, execution: Exec) -> dict[str, list[str]]:
        """What begins next, and what it reads: the rule before, each run order in turn, the rule after."""
        part, visit = self.parts[execution.at], execution.visits[execution.at]
        left = [act for act in part.acts if act.name not in visit.done]
        first = min((act.order for act in left), default=0)
        if part.entry and ENTRY not in visit.done:
            return {ENTRY: []}
        if left:
            return {act.name: act.reads for act in left if act.order == first}
        return {SUCCESS: []} if part.success and SUCCESS not in visit.done else {}

    def _pass(self, execution: Exec) -> None:
        at = execution.at
        self._leave(execution, "Succeeded")
        if execution.back_to is not None or at + 1 == len(self.parts):
            self._over(execution, "Succeeded")
        else:
            self._arrive(execution, at + 1)
        self._admit(at)

    def _fail(self, execution: Exec) -> None:
        part, visit = self.parts[execution.at], execution.visits[execution.at]
        if part.failure.startswith("RETRY") and not visit.retried:
            visit.retried = True
            self._again(execution, everything=part.failure == "RETRY all")
            return
        after = part.success if SUCCESS in visit.failed else part.failure
        self._leave(execution, "Failed")
        execution.status = "Failed"
        if after == "ROLLBACK" and execution.back_to is None and (good := self._good(execution.at)):
            self._begin_rollback(execution.at, good)
        self._admit(execution.at)

    def _again(self, execution: Exec, *, everything: bool) -> None:
        visit = execution.visits[execution.at]
        execution.halted, execution.status, visit.status = False, "InProgress", "InProgress"
        self._lock(execution)
        if everything:
            visit.done = set()
        again, visit.failed = visit.failed, set()
        for act in self.parts[execution.at].acts:
            if visit.doing and act.name in again:
                visit.doing[act.name] = {read: execution.artifacts[read] for read in act.reads}
        self._go(execution)

    def _good(self, at: int) -> Exec | None:
        """The last that went through a stage and was no rollback itself."""
        good = [
            program
            for program in self.execs
            if program.back_to is None and at in program.visits and program.visits[at].status == OVER[0]
        ]
        return good[-1] if good else None

    def _begin_rollback(self, at: int, target: Exec) -> None:
        execution = self._new()
        execution.back_to, execution.artifacts = target.number, dict(target.artifacts)
        self._arrive(execution, at)

    def _leave(self, execution: Exec, status: str) -> None:
        execution.visits[execution.at].status = status
        if self.inside[execution.at] is execution:
            self.inside[execution.at] = None

    def _over(self, execution: Exec, status: str) -> None:
        execution.status = status
        self._admit(execution.at)
