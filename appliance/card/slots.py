"""Which of the card's two systems the firmware starts: ``slot.txt`` on the boot partition, one sector.

The firmware includes it into config.txt: ``os_prefix=a/`` takes kernel, initrd and command line from the folder a/,
and that command line names root partition and slot (``rauc.slot=A``). A new system is tried once: the sector names
it and, in a comment, where to go back to; its initrd writes the sector back before it mounts its root
(``scripts/local-premount/gapless-slot``), so that any reset from then on starts the old one. What is on trial and how
it ends is ``trial``'s affair.

The sector is rewritten in place and never moves: its write is the one moment that decides, and a disk writes a sector
whole. Everything else that an update writes belongs to a slot that nothing starts.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from appliance.card.disk import Disk, keep
from appliance.card.places import Places
from appliance.card.records import keep_record, read_record

SECTOR_BYTES: Final = 512
_PREFIX: Final = re.compile(rb"^os_prefix=([ab])/$", re.MULTILINE)
_TRIAL: Final = re.compile(rb"^# trial, back to ([ab])/$", re.MULTILINE)
_TRIED: Final = re.compile(rb"^# tried ([ab])/$", re.MULTILINE)
COMMAND_LINE: Final = Path("/proc/cmdline")
_BOOTED: Final = re.compile(r"(?:^|\s)rauc\.slot=([AB])(?:\s|$)")


class SlotError(Exception):
    """The slots are not as they should be, and nothing was changed. The text says what is wrong."""


class Slot(Enum):
    """One of the two systems, by the name that RAUC knows it by."""

    A = "A"
    B = "B"

    @property
    def other(self) -> Slot:
        """The system that an update is written to while this one runs."""
        return Slot.B if self is Slot.A else Slot.A

    @property
    def folder(self) -> str:
        """Its folder on the boot partition."""
        return self.value.lower()


@dataclass(frozen=True, slots=True)
class Choice:
    """What the sector says.

    Attributes:
        starts: the system that the firmware starts next.
        is_trial: it starts it once; its initrd goes back to the other.
        tried: the system that an initrd has gone back from; None once that is settled.
    """

    starts: Slot
    is_trial: bool = False
    tried: Slot | None = None

    @property
    def stays(self) -> Slot:
        """The system that will be there whatever happens: the one to go back to during a trial."""
        return self.starts.other if self.is_trial else self.starts

    def to_sector(self) -> bytes:
        """The sector's bytes. It is filled with line ends, which the firmware passes over."""
        lines = [f"os_prefix={self.starts.folder}/"]
        if self.is_trial:
            lines.append(f"# trial, back to {self.stays.folder}/")
        elif self.tried is not None:
            lines.append(f"# tried {self.tried.folder}/")
        return "".join(f"{line}\n" for line in lines).encode("ascii").ljust(SECTOR_BYTES, b"\n")


def parse(sector: bytes) -> Choice:
    """Read the sector.

    Raises:
        SlotError: it names no system; the firmware then takes what config.txt says before it, a/.
    """
    prefixes = _PREFIX.findall(sector)
    if len(sector) != SECTOR_BYTES or len(prefixes) != 1:
        raise SlotError(f"slot.txt is damaged: {sector[:40]!r}, {len(sector)} bytes.")
    starts = _slot(prefixes[0])
    back, tried = _TRIAL.search(sector), _TRIED.search(sector)
    if back is not None:
        if _slot(back[1]) is starts:
            raise SlotError("slot.txt tries a system and goes back to the same.")
        return Choice(starts, is_trial=True)
    return Choice(starts, tried=None if tried is None else _slot(tried[1]))


def booted(command_line: str) -> Slot:
    """The system that runs, by the kernel's command line.

    Raises:
        SlotError: it was started by something else than the card's firmware.
    """
    found = _BOOTED.search(command_line)
    if found is None:
        raise SlotError("The kernel's command line names no slot (rauc.slot=A or B).")
    return Slot(found[1])


def remount(folder: Path) -> Callable[[str], None]:
    """How the boot partition is made writable ("rw") and read-only again ("ro") where it is mounted."""

    def change(mode: str) -> None:
        try:
            subprocess.run(
                ["mount", "-o", f"remount,{mode}", str(folder)],
                check=True,
                capture_output=True,
                timeout=60,
                text=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            said = getattr(error, "stderr", "") or error
            raise SlotError(
                f"The boot partition cannot be made {'writable' if mode == 'rw' else mode}: {said}"
            ) from error

    return change


class Slots:
    """The two systems of this card. Every change is on the disk when the call returns."""

    def __init__(
        self, places: Places, disk: Disk | None = None, change: Callable[[str], None] | None = None
    ) -> None:
        """Say where they are.

        Args:
            places: of the card.
            disk: what writes; a test may stop it at any step.
            change: makes the boot partition writable ("rw") and read-only again ("ro"); ``mount`` does so by itself.
        """
        self._file = places.boot / "slot.txt"
        self._states = places.system / "slots.json"
        self._disk = disk or Disk()
        self._change = change or remount(places.boot)

    def read(self) -> Choice:
        """What the firmware will start.

        Raises:
            SlotError: it cannot be read.
        """
        try:
            return parse(self._file.read_bytes())
        except OSError as error:
            raise SlotError(f"{self._file} cannot be read: {error.strerror}.") from error

    def settle(self, slot: Slot) -> None:
        """From now on this system is started, always.

        Raises:
            SlotError: the sector could not be written.
        """
        self._write(Choice(slot))

    def put_back(self, slot: Slot) -> None:
        """Do what the initrd of a system that is tried could not: the next start is the other again.

        Raises:
            SlotError: the sector could not be written.
        """
        self._write(Choice(slot.other, tried=slot))

    def try_once(self, slot: Slot) -> None:
        """Start this system the next time, once.

        Raises:
            SlotError: it is not whole, or the other is already on trial: there would be no way back.
        """
        now = self.read()
        if now.stays is slot:
            raise SlotError(f"System {slot.value} is the one that this card goes back to.")
        if not self.is_good(slot):
            raise SlotError(f"System {slot.value} is not whole and is not started.")
        self._write(Choice(slot, is_trial=True))

    def is_good(self, slot: Slot) -> bool:
        """Whether the system is whole. Nothing known is good: it came with the card."""
        return bool(read_record(self._states).get(slot.value, True))

    def mark(self, slot: Slot, *, good: bool) -> None:
        """Say that a system is whole, or that it is about to be written over.

        Raises:
            SlotError: it is the one that the card goes back to; nothing may touch that.
        """
        if not good and slot is self.read().stays:
            raise SlotError(f"System {slot.value} is the one that this card goes back to.")
        record = read_record(self._states)
        if record.get(slot.value) is not good:
            keep_record(self._disk, self._states, record | {slot.value: good})

    def repair(self, slot: Slot) -> None:
        """Make the file anew where it cannot be read: it then starts the system that runs.

        Raises:
            SlotError: it could not be written.
        """
        with _writable(self._change):
            keep(self._disk, self._file, Choice(slot).to_sector(), 0o700)

    def _write(self, choice: Choice) -> None:
        """In its place: it is made neither longer nor shorter, so the file system's tables are left alone."""
        sector = choice.to_sector()
        try:
            found = self._file.read_bytes()
            if found == sector:
                return
            if len(found) != SECTOR_BYTES:
                raise SlotError(f"{self._file} is not one sector of {SECTOR_BYTES} bytes.")
            with _writable(self._change):
                self._disk.overwrite(self._file, 0, sector)
        except OSError as error:
            raise SlotError(f"{self._file} cannot be written: {error.strerror}.") from error


@contextmanager
def _writable(change: Callable[[str], None]) -> Iterator[None]:
    change("rw")
    try:
        yield
    finally:
        change("ro")


def _slot(letter: bytes) -> Slot:
    return Slot(letter.decode("ascii").upper())
