"""What the emulator had to note for whoever reports the rehearsal: stand-ins, refusals, events nobody took."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock


@dataclass
class Ledger:
    """Notes since the emulator started, each once."""

    _stand_ins: dict[str, str] = field(default_factory=dict)
    _refused: set[str] = field(default_factory=set)
    _undelivered: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def stood_in(self, runtime: str, program: str) -> None:
        """A function of this runtime ran on this program of the machine."""
        with self._lock:
            self._stand_ins[runtime] = program

    def refused(self, reason: str) -> None:
        """Something could not be rehearsed."""
        with self._lock:
            self._refused.add(reason)

    def undelivered(self, reason: str) -> None:
        """An event's target refused it."""
        with self._lock:
            self._undelivered.add(reason)

    def to_json(self) -> dict[str, object]:
        """All of it: {"stand_ins": {runtime: program}, "not_rehearsed": [...], "undelivered": [...]}."""
        with self._lock:
            return {
                "stand_ins": dict(sorted(self._stand_ins.items())),
                "not_rehearsed": sorted(self._refused),
                "undelivered": sorted(self._undelivered),
            }
