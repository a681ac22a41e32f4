"""The plug of a fake device: it is put in and pulled, and a thread of the fake's own tells so, as a real one's does."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from drivers.devices import PresenceCallback

Reading = TypeVar("Reading")


class PluggedFake(Generic[Reading]):
    """What fakes share that listen: what happens to them is told in its order, by one thread.

    ``Reading`` is what such a device reads, told by the same thread; ``Never`` for one that only shows.
    """

    def __init__(self, name: str, *, plugged: bool) -> None:
        self._name, self._plugged = name, plugged
        self._happenings: queue.SimpleQueue[Reading | bool | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    @property
    def present(self) -> bool:
        """Whether it is plugged in and held by us now."""
        return self._plugged and self._thread is not None

    def stop(self) -> None:
        """See ``devices``."""
        if self._thread is not None:
            self._happenings.put(None)
            self._thread.join()
            self._thread = None

    def plug(self) -> None:
        """Put the plug in."""
        if not self._plugged:
            self._plugged = True
            self._happenings.put(True)

    def unplug(self) -> None:
        """Pull the plug."""
        if self._plugged:
            self._plugged = False
            self._happenings.put(False)

    def _begin(
        self, on_state: PresenceCallback, on_reading: Callable[[Reading], None] = lambda _reading: None
    ) -> None:
        """Start the thread; a second call does nothing."""
        if self._thread is not None:
            return
        self._happenings = queue.SimpleQueue()
        self._happenings.put(self._plugged)
        told = (self._happenings, on_state, on_reading)
        self._thread = threading.Thread(target=_tell_all, args=told, name=self._name, daemon=True)
        self._thread.start()

    def _read(self, reading: Reading) -> None:
        """Something is read; it is lost while nobody listens or it is unplugged."""
        if self.present:
            self._happenings.put(reading)


def _tell_all(
    happenings: queue.SimpleQueue[Reading | bool | None],
    on_state: PresenceCallback,
    on_reading: Callable[[Reading], None],
) -> None:
    told: bool | None = None
    while (happening := happenings.get()) is not None:
        if not isinstance(happening, bool):
            on_reading(happening)
        elif happening != told:
            told = happening
            on_state(happening)
    if told:
        on_state(False)
