"""The events that wait for the programs that hold an emulated input device open, as the kernel's evdev keeps them.

umockdev's node is a pty. It is used only to wake who polls: one byte lies in it while events wait. The events
themselves are handed over at read(), because a pty that fills up tears an event in two (seen), and it can neither
overflow as evdev does nor forget what came before its reader.
"""

from __future__ import annotations

import errno
import os
import struct
import termios
import threading
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Client = Any  # as in bed, which only the system's Python can import

INPUT_EVENT = struct.Struct("qqHHi")
_SYN_DROPPED = 3


@dataclass(slots=True)
class _Reader:
    client: Client
    events: deque[bytes] = field(default_factory=deque)


class EventQueue:
    """What waits, per open file.

    Args:
        ring: How many events the kernel keeps for each reader (64 for a keyboard) before it drops all and
        says
            SYN_DROPPED; None keeps everything, so that a test on a busy machine loses nothing by chance.
    """

    def __init__(self, ring: int | None) -> None:
        self._ring = ring
        self._readers: list[_Reader] = []
        self._master = self._slave = -1
        self.lock = threading.RLock()

    def wake_through(self, master: int, pty: Path) -> None:
        """Where the waking byte goes in and where it comes out."""
        self._master, self._slave = master, os.open(pty, os.O_RDWR | os.O_NOCTTY)

    def close(self) -> None:
        """The device is gone: whoever polls is woken by the end of the pty."""
        with self.lock:
            os.close(self._slave)
            os.close(self._master)
            self._master = self._slave = -1

    def _wake(self, *, ready: bool) -> None:
        if self._master < 0:
            return
        termios.tcflush(self._master, termios.TCOFLUSH)  # what is on its way
        termios.tcflush(self._slave, termios.TCIFLUSH)  # and what has come out
        if ready:
            os.write(self._master, b"!")

    def open(self, client: Client) -> None:
        """A program opened the node; it gets what happens from now on."""
        with self.lock:
            self._readers.append(_Reader(client))

    def clients(self) -> list[Client]:
        """The open files. umockdev does not tell when one is closed, so they are asked."""
        with self.lock:
            self._readers = [reader for reader in self._readers if reader.client.props.connected]
            return [reader.client for reader in self._readers]

    def forget(self) -> None:
        """No program has the node open, nothing waits."""
        with self.lock:
            self._readers = []
            self._wake(ready=False)

    def put(self, report: list[bytes], holder: Client | None) -> None:
        """Add one report for the holder, or for all when nobody grabbed the device."""
        with self.lock:
            self.clients()  # forgets those who left
            for reader in self._readers:
                if holder in (None, reader.client):
                    self._put(reader, report)
            self._wake(ready=any(reader.events for reader in self._readers))

    def _put(self, reader: _Reader, report: list[bytes]) -> None:
        if self._ring is not None and len(reader.events) + len(report) > self._ring:
            reader.events.clear()
            stamp = INPUT_EVENT.unpack(report[-1])[:2]
            reader.events.append(INPUT_EVENT.pack(*stamp, 0, _SYN_DROPPED, 0))
        reader.events.extend(report)

    def read(self, client: Client) -> None:
        """Answer one read of a program."""
        argument = client.props.arg
        room = len(bytes(argument.retrieve())) // INPUT_EVENT.size
        with self.lock:
            events = next((reader.events for reader in self._readers if reader.client is client), deque())
            data = b"".join(events.popleft() for _ in range(min(room, len(events))))
            if not any(reader.events for reader in self._readers):
                self._wake(ready=False)
        if data:
            argument.update(0, list(data))
            client.complete(len(data), 0)
        else:
            client.complete(-1, errno.EAGAIN)
