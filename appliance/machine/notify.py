"""What a program tells systemd, which started it: that it is ready, and that its loop turns."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

READY: Final = "READY=1"
ALIVE: Final = "WATCHDOG=1"
UNWATCHED_SECONDS: Final = 5.0
SEND_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Who started this program and watches it.

    Attributes:
        address: of its socket: a path, or "@" and a name in the abstract space; "" for nobody.
        feed_seconds: how often it is to hear that the loop turns: half of its patience.
    """

    address: str = ""
    feed_seconds: float = UNWATCHED_SECONDS

    @classmethod
    def of(cls, environment: Mapping[str, str], pid: int) -> Supervisor:
        """As systemd says it to its programs; a watchdog that is meant for another process is not ours."""
        patience = environment.get("WATCHDOG_USEC", "")
        is_ours = environment.get("WATCHDOG_PID", str(pid)) == str(pid)
        feed = int(patience) / 2_000_000 if patience.isdecimal() and is_ours else UNWATCHED_SECONDS
        return cls(environment.get("NOTIFY_SOCKET", ""), feed)

    def tell(self, message: str) -> bool:
        """Send :data:`READY` or :data:`ALIVE`; False if nobody listens. Never raises: a till sells all the same."""
        if not self.address:
            return False
        address = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
                out.settimeout(SEND_SECONDS)
                out.sendto(message.encode("ascii"), address)
        except OSError:  # it is not there, or has no ear free
            return False
        return True


class Pulse:
    """Tells that a loop turns, as often as that is wanted and no more, however quick the loop is."""

    def __init__(self, supervisor: Supervisor, seconds: Callable[[], float] = time.monotonic) -> None:
        self._supervisor, self._seconds = supervisor, seconds
        self._due = seconds()

    def beat(self) -> None:
        """The loop turned once; called by the loop's own thread."""
        now = self._seconds()
        if now >= self._due:
            self._due = now + self._supervisor.feed_seconds
            self._supervisor.tell(ALIVE)
