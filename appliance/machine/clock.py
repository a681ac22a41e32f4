"""The computer's clock, and how far it can be trusted."""

from __future__ import annotations

import ctypes
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from appliance.domain.witness import ClockTrust, Witness

SYNCHRONIZED: Final = Path("/run/systemd/timesync/synchronized")
BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
FLOOR: Final = datetime(2026, 11, 1, tzinfo=UTC)
"""No clock was right before this: moved on with each release (a test compares it with the changelog). Not the date of
the program's own files: an image or a package may set that to anything, the future included."""
AGREES: Final = timedelta(seconds=5)
"""The shop's clock says seconds, and its answer was on its way for a while."""
DISAGREES: Final = timedelta(seconds=60)

_STA_UNSYNC: Final = 0x0040
_TIME_ERROR: Final = 5
_TIMEX_BYTES: Final = 208
"""Size of struct timex on 64-bit Linux; ``modes`` (0: only read) is its first field, ``status`` stands at 40."""
_STATUS_AT: Final = 40


def is_synced(told: Path = SYNCHRONIZED) -> bool:
    """Whether the kernel says that a time service keeps its clock (adjtimex, as timedatectl asks it).

    Who may not ask the kernel (the card's programs may not touch clocks at all: ProtectClock) asks the time service:
    it leaves the file ``told`` once it has set the clock in this start of the machine.
    """
    record = ctypes.create_string_buffer(_TIMEX_BYTES)
    state = int(_libc().adjtimex(record))
    if state == -1:
        return told.exists()
    status = int.from_bytes(record.raw[_STATUS_AT : _STATUS_AT + 4], "little")
    return state != _TIME_ERROR and not status & _STA_UNSYNC


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


@dataclass(frozen=True, slots=True)
class _ShopTime:
    """What the shop's clock said: the time at an uptime of a boot."""

    boot_id: str
    uptime: timedelta
    time: datetime
    doubt: timedelta


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
        self._heard: str | None = None
        self._shop: _ShopTime | None = None

    def witness(self) -> Witness:
        """What is known about this moment. The journal itself finds out when the clock is behind it."""
        return Witness(self._boot(), self._uptime(), self._trust())

    def hear(self, shop_clock: str | None) -> None:
        """Take note of the shop's clock, as the sync service measured it.

        Args:
            shop_clock: {"at": the till's wall clock, "boot": its boot id, "uptime_ms": its uptime, "offset_seconds":
                the shop's clock less the till's, "doubt_seconds": how far that can be off}; None if it was not
                measured. What was measured in another boot means nothing.
        """
        if shop_clock != self._heard:
            self._heard, self._shop = shop_clock, _read(shop_clock)

    def shop_says_off(self) -> timedelta | None:
        """The shop's clock less the wall clock, now; None if it is not known in this start of the machine.

        Both clocks run on by themselves: a measurement holds until somebody sets the wall clock, and then this says so.
        """
        shop = self._shop
        if shop is None or shop.boot_id != self._boot():
            return None
        return (shop.time - self.now()) + (timedelta(milliseconds=self._uptime()) - shop.uptime)

    def _trust(self) -> ClockTrust:
        """The kernel's word, and the shop's.

        The time service is believed before the shop: a web server's clock is nobody's duty, and a proxy may answer
        with an old date. A doubt remains, which is less than "synced". Without the time service the shop decides.
        """
        if self.now() < FLOOR:
            return ClockTrust.UNSET
        off, doubt = self.shop_says_off(), self._shop.doubt if self._shop else timedelta()
        contradicts = off is not None and abs(off) - doubt > DISAGREES
        if self._synced():
            return ClockTrust.RESTORED if contradicts else ClockTrust.SYNCED
        if off is not None and max(abs(off), doubt) <= AGREES:
            return ClockTrust.SYNCED
        return ClockTrust.UNSET if contradicts else ClockTrust.RESTORED


def _read(text: str | None) -> _ShopTime | None:
    try:
        found = json.loads(text or "")
        offset = timedelta(seconds=float(found["offset_seconds"]))
        doubt = timedelta(seconds=float(found.get("doubt_seconds", 0)))
        at, uptime = datetime.fromisoformat(found["at"]), timedelta(milliseconds=found["uptime_ms"])
        return _ShopTime(str(found["boot"]), uptime, at.astimezone(UTC) + offset, doubt)
    except (ValueError, TypeError, KeyError, OverflowError):
        return None
