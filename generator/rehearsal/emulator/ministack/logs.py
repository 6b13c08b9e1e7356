# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's CloudWatch Logs: log groups, and their events, which lie in files."""

from __future__ import annotations

import json
import tempfile
import threading
import weakref
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, overload

from ministack.services import cloudwatch_logs

from generator.rehearsal.emulator.ministack.interception import Intercepted

Event = Mapping[str, Any]

_append = Intercepted("ministack.services.cloudwatch_logs._append_log_events")


def has_log_group(name: str) -> bool:
    """Whether there is a log group of this name, in the account and region at hand."""
    return name in cloudwatch_logs._log_groups


class Events(Sequence[Event]):
    """The events of a stream in a file of `folder`, which goes with the stream."""

    def __init__(self, folder: Path) -> None:
        with tempfile.NamedTemporaryFile(dir=folder, prefix="stream-", delete=False) as file:
            self._path = Path(file.name)
        weakref.finalize(self, self._path.unlink, missing_ok=True)
        self._offsets = array("Q", [0])

    def __len__(self) -> int:
        """How many there are."""
        return len(self._offsets) - 1

    def extend(self, events: Iterable[Event]) -> None:
        """Add some. Raises OSError for a full disk; none of them is there then."""
        lines = [json.dumps(event).encode() + b"\n" for event in events]
        with self._path.open("r+b") as file:
            file.seek(self._offsets[-1])
            file.writelines(lines)
        for line in lines:
            self._offsets.append(self._offsets[-1] + len(line))

    @overload
    def __getitem__(self, index: int) -> Event: ...

    @overload
    def __getitem__(self, index: slice) -> list[Event]: ...

    def __getitem__(self, index: int | slice) -> Event | list[Event]:
        """An event, or several that follow each other."""
        if isinstance(index, slice):
            start, stop, _ = index.indices(len(self))
            return list(self._read(start, stop))
        start = range(len(self))[index]
        return next(self._read(start, start + 1))

    def __iter__(self) -> Iterator[Event]:
        """All of them."""
        return self._read(0, len(self))

    def _read(self, start: int, stop: int) -> Iterator[Event]:
        with self._path.open("rb") as file:
            file.seek(self._offsets[start])
            for _ in range(start, stop):
                yield json.loads(file.readline())


def keep_events_on_disk(folder: Path, refused: Callable[[str], None]) -> None:
    """Keep the events of all streams in files of `folder`; `refused` hears of a full disk.

    Of each event ministack also holds what a query makes of it, and makes that again where it is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = threading.Lock()

    def append(inner: Any, stream: dict[str, Any], events: Sequence[Event]) -> None:
        try:
            with lock:
                inner(stream, events)
                # The list of a new stream, or of one that got events from before its latest.
                if isinstance(stream["events"], list):
                    kept = Events(folder)
                    kept.extend(stream["events"])
                    stream["events"] = kept
        except OSError as problem:
            refused(f"a log of CloudWatch could not be written to disk: {problem.strerror}")
            raise
        for event in events:
            cloudwatch_logs._log_records.pop(event.get("eventId"), None)

    _append.around(append)
