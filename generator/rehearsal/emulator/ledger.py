"""What the emulator had to note for whoever reports the rehearsal: stand-ins, refusals, events nobody took."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from threading import Lock

from generator.rehearsal.assumptions import ReliedOn
from generator.rehearsal.iam.denial import for_deploy_role, remedy
from generator.rehearsal.iam.question import CLOUDFORMATION, Answer, Question


@dataclass
class Ledger:
    """Notes since the emulator started, each once; what could not be rehearsed each time, for those who look later."""

    _stand_ins: dict[str, str] = field(default_factory=dict)
    _refused: list[str] = field(default_factory=list)
    _undelivered: set[str] = field(default_factory=set)
    _denials: dict[tuple[str, str, str], dict[str, object]] = field(default_factory=dict)
    _refusals: list[tuple[str, str, str]] = field(default_factory=list)
    _unchecked: set[str] = field(default_factory=set)
    _faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    _assumptions: list[ReliedOn] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def stood_in(self, runtime: str, program: str) -> None:
        """A function of this runtime ran on this program of the machine."""
        with self._lock:
            self._stand_ins[runtime] = program

    def refused(self, reason: str) -> None:
        """Something could not be rehearsed."""
        with self._lock:
            self._refused.append(reason)

    def undelivered(self, reason: str) -> None:
        """An event's target refused it."""
        with self._lock:
            self._undelivered.add(reason)

    def denied(self, question: Question, answer: Answer) -> None:
        """IAM refused a call, or what stands behind one."""
        helps = remedy(question, answer)
        denial: dict[str, object] = {
            "principal": question.principal,
            "action": question.action,
            "resource": question.resource,
            "behind": question.behind,
            "why": answer.why,
            "nearly": list(answer.nearly),
            "unknown": list(answer.unknown),
            "remedy": helps,
            "in_pipeline_file": for_deploy_role(helps) if question.behind == CLOUDFORMATION else "",
        }
        with self._lock:
            self._denials.setdefault((question.principal, question.action, question.resource), denial)
            self._refusals.append((question.principal, question.action, answer.why))

    def denied_to(self, role: str, *actions: str) -> tuple[str, ...]:
        """Why IAM refused these actions to the role's sessions, each time, in order."""
        session = f":assumed-role/{role.rpartition('/')[2]}/"
        with self._lock:
            return tuple(why for who, what, why in self._refusals if what in actions and session in who)

    def unchecked(self, resource_type: str) -> None:
        """What CloudFormation calls for a resource of this type was not checked against the stack's role."""
        with self._lock:
            self._unchecked.add(resource_type)

    def assumed(self, assumption: ReliedOn) -> None:
        """A service outside of the pipeline relied on an assumption."""
        with self._lock:
            self._assumptions.append(assumption)

    def injected(self, kind: str, subject: str) -> None:
        """A fault of this kind struck, once more."""
        with self._lock:
            self._faults[kind, subject] += 1

    def to_json(self) -> dict[str, object]:
        """All of it: {"stand_ins": {runtime: program}}, and lists of the others by name.

        Denials, assumptions and what was not rehearsed stand in the order they happened; "faults" are
        [kind, subject, times].
        """
        with self._lock:
            return {
                "stand_ins": dict(sorted(self._stand_ins.items())),
                "not_rehearsed": list(self._refused),
                "undelivered": sorted(self._undelivered),
                "denials": list(self._denials.values()),
                "assumptions": [asdict(assumption) for assumption in self._assumptions],
                "unchecked": sorted(self._unchecked),
                "faults": [[*what, times] for what, times in sorted(self._faults.items())],
            }
