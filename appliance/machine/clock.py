"""The computer's clock, and how far it can be trusted."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from appliance.domain.witness import ClockTrust, Witness

BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_STA_UNSYNC: Final = 0x0040
_TIME_ERROR: Final = 5
_TIMEX_BYTES: Final = 208
"""Size of struct timex on 64-bit Linux; ``modes`` (0: only read) is its first field, ``status`` stands at 40."""
_STATUS_AT: Final = 40


def is_synced() -> bool:
    """Whether the kernel says that a time service keeps its clock (adjtimex, as timedatectl asks it)."""
    record = ctypes.create_string_buffer(_TIMEX_BYTES)
    state = int(_libc().adjtimex(record))
    status = int.from_bytes(record.raw[_STATUS_AT : _STATUS_AT + 4], "little")
    return state not in (-1, _TIME_ERROR) and not status & _STA_UNSYNC


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


@cache
def boot_id() -> str:
    """The kernel's name for this start of the machine: 32 hexadecimal digits."""
    return BOOT_ID.read_text("ascii").strip().replace("-", "")


def wall() -> datetime:
    """The wall clock, UTC."""
    return datetime.now(UTC)


def uptime_ms() -> int:
    """Milliseconds since the machine was started, sleep included."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


class Clock:
    """The wall clock with its witness. Each question is answered by the parts given: a test decides."""

    def __init__(
        self,
        now: Callable[[], datetime] = wall,
        synced: Callable[[], bool] = is_synced,
        boot: Callable[[], str] = boot_id,
        uptime: Callable[[], int] = uptime_ms,
    ) -> None:
        self.now = now
        self._synced = synced
        self._boot = boot
        self._uptime = uptime

    def witness(self) -> Witness:
        """What is known about this moment. The journal itself finds out when the wall clock is behind."""
        trust = ClockTrust.SYNCED if self._synced() else ClockTrust.RESTORED
        return Witness(self._boot(), self._uptime(), trust)
