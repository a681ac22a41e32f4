"""What is known about a moment beside the wall clock, and how the till vouches for what it writes.

A Raspberry Pi has no clock that runs without power: after a cut its wall clock may be hours or years off. So each
journal entry also says in which start of the machine it was written, how long that start had lasted, and how far
the wall clock could be trusted.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass


class ClockTrust(enum.StrEnum):
    """How far the wall clock can be trusted."""

    SYNCED = "synced"
    """Set by the network in this start of the machine."""
    RESTORED = "restored"
    """Went on from the last known time: right or behind."""
    UNSET = "unset"
    """Behind what was already written: wrong."""


@dataclass(frozen=True, slots=True)
class Witness:
    """What no wrong wall clock can change.

    Attributes:
        boot_id: 32 hexadecimal digits, new at each start of the machine.
        uptime_ms: milliseconds since that start, sleep included.
        trust: of the wall clock, as the machine sees it.
    """

    boot_id: str
    uptime_ms: int
    trust: ClockTrust


@dataclass(frozen=True, slots=True)
class Seal:
    """What the journal needs to write an entry that can be checked later.

    Attributes:
        witness: what is known about this moment.
        sign: signs an entry's hash (32 bytes) with the till's Ed25519 key; 64 bytes come back.
        public_key: 32 bytes, to check it with.
    """

    witness: Callable[[], Witness]
    sign: Callable[[bytes], bytes]
    public_key: bytes
