"""Emulators left running on purpose: found again by a note in the user's cache, and stopped."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.rehearsal import waits
from generator.rehearsal.emulator.control_client import EmulatorError, call
from generator.rehearsal.emulator.environment import Doors, from_json, to_json
from generator.rehearsal.emulator.leftovers import end, running
from generator.rehearsal.emulator.settings import Settings
from generator.rehearsal.sandbox.attempts import Attempt
from generator.repository.cache.folder import cache_folder


@dataclass(frozen=True, slots=True)
class KeptEmulator:
    """One emulator that was left running, as its `note` (a file) tells it."""

    note: Path
    folder: Path
    account: str
    region: str
    doors: Doors

    @property
    def alive(self) -> bool:
        """Whether it still answers, and not another program at its port."""
        try:
            return "stand_ins" in call(self.doors, "ledger")
        except EmulatorError:
            return False

    def connect(self, name: str) -> list[str]:
        """Complete the connections of this name or ARN; see Emulator.connect."""
        return list(call(self.doors, "connect", name=name)["connections"])

    def mails(self) -> list[dict[str, str]]:
        """The mails that nobody answered; see Emulator.mails."""
        return list(call(self.doors, "mails")["unconfirmed"])

    def attempts(self) -> tuple[Attempt, ...]:
        """What was refused to leave the machine, since it was started."""
        return tuple(Attempt(**attempt) for attempt in call(self.doors, "attempts")["attempts"])

    def stop(self) -> None:
        """End it and everything it started. Raises EmulatorError when its folder is still there afterwards."""
        if self.alive:
            call(self.doors, "stop")
        deadline = time.monotonic() + waits.CLEARED.seconds
        while self.folder.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        if self.folder.exists():
            raise EmulatorError(f"the emulator in {self.folder} did not end")
        self.note.unlink(missing_ok=True)


def remember(settings: Settings, doors: Doors) -> KeptEmulator:
    """Leave a note of an emulator that goes on without the program that started it."""
    note = settings.cache / "kept" / f"{settings.folder.name}.json"
    emulator = KeptEmulator(note, settings.folder, settings.account, settings.region, doors)
    note.parent.mkdir(parents=True, exist_ok=True)
    new = note.with_suffix(f".{os.getpid()}")
    record = {"folder": str(emulator.folder), "account": emulator.account, "region": emulator.region}
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(record | {"doors": to_json(doors)}, file)
    new.replace(note)
    return emulator


def kept(environ: Mapping[str, str]) -> list[KeptEmulator]:
    """The emulators that were left running and still are, by folder; the notes of those that ended go."""
    alive = []
    for note in _notes(environ):
        emulator = _read(note)
        if emulator and emulator.folder.exists() and emulator.alive:
            alive.append(emulator)
        elif emulator or not running(note.parent.parent, note.stem):
            note.unlink(missing_ok=True)
    return alive


@dataclass(frozen=True, slots=True)
class Unreachable:
    """An emulator that runs on in its folder without anybody knowing its keys: somebody spoilt its note."""

    note: Path
    folder: Path

    def stop(self) -> None:
        """End it and everything it started, without a chance to clear up."""
        end(self.folder)
        self.note.unlink(missing_ok=True)


def unreachable(environ: Mapping[str, str]) -> list[Unreachable]:
    """The emulators that were left running and cannot be asked any more, by folder."""
    spoilt = [note for note in _notes(environ) if _read(note) is None]
    return [Unreachable(note, folder) for note in spoilt if (folder := running(note.parent.parent, note.stem))]


def _notes(environ: Mapping[str, str]) -> list[Path]:
    return sorted((cache_folder(environ) / "kept").glob("*.json"))


def _read(note: Path) -> KeptEmulator | None:
    """What a note tells; None where somebody spoilt it."""
    try:
        record = json.loads(note.read_text("utf-8"))
        folder, doors = Path(record["folder"]), from_json(record["doors"])
        sound = folder.name == note.stem and all(type(port) is int for port in (doors.http_port, doors.tls_port))
        words = record["account"], record["region"], doors.secrets.control, doors.secrets.root.access_key
        sound = sound and all(isinstance(word, str) and word.isascii() and word.isprintable() for word in words)
        return KeptEmulator(note, folder, record["account"], record["region"], doors) if sound else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
