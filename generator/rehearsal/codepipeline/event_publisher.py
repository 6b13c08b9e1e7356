"""Publishes the engine's events to listeners and to the event bus: in order, on a thread of its own."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Any

from generator.execution import Event, to_message
from generator.rehearsal import waits
from generator.rehearsal.codepipeline.bus_events import SOURCE, bus_event
from generator.rehearsal.service import Surroundings

log = logging.getLogger("penstock")
Listener = Callable[[Event], None]


class EventPublisher:
    """Takes events without ever making the teller wait, and passes them on."""

    def __init__(self, listeners: Sequence[Listener]) -> None:
        self._listeners = tuple(listeners)
        self._queue: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="codepipeline events", daemon=True)
        self._thread.start()

    def tell(self, event: Event) -> None:
        """Pass an event on, soon."""
        self._queue.put(event)

    def close(self) -> None:
        """Publish what is waiting, and end."""
        self._queue.put(None)
        self._thread.join(waits.END_OF_NEWS.seconds)

    def _run(self) -> None:
        while (event := self._queue.get()) is not None:
            for listener in self._listeners:
                self._pass_on(listener, event)

    @staticmethod
    def _pass_on(listener: Listener, event: Event) -> None:
        try:
            listener(event)
        except Exception:  # a full disk or a refused event must not silence the other listeners
            log.exception("%s was not passed on", type(event).__name__)


def to_event_bus(surroundings: Surroundings) -> Listener:
    """A listener that puts AWS's events on the default event bus."""

    def listen(event: Event) -> None:
        if published := bus_event(event, surroundings.region):
            arn = f"arn:aws:codepipeline:{surroundings.region}:{surroundings.account}:{event.pipeline}"
            surroundings.emit(SOURCE, published.kind, published.detail, [arn])

    return listen


def to_record(append: Callable[[dict[str, Any]], None]) -> Listener:
    """A listener that writes each event down as JSON, for whoever watches from another process."""

    def listen(event: Event) -> None:
        append(to_message(event))

    return listen
