"""What the panel does to the devices and knows of them. It waits for them, so it runs on the panel's own thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from PIL import Image

from appliance.demo.stage import PRINTER, SCANNER
from appliance.storage.database import Database
from appliance.storage.outbox import Outbox, OutboxCounts
from drivers.virtual.client import BenchError, VirtualBench
from drivers.virtual.paper import receipts

KEPT_SLIPS: Final = 40
"""Receipts that can be paged back to; about 10 MiB."""


class Wire(Protocol):
    """The cable to the shop and how it fails."""

    mode: str


class Miniature(Protocol):
    """What the panel needs of the stage."""

    @property
    def shop_url(self) -> str:
        """Where people buy."""

    @property
    def bench(self) -> VirtualBench:
        """Where the devices are plugged."""

    @property
    def network(self) -> Wire:
        """Between till and shop."""

    @property
    def database_path(self) -> Path:
        """The till's file."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A piece of paper; ``is_cut`` False: it still hangs in the printer."""

    image: Image.Image
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """How everything is at one moment.

    Attributes:
        mode: of the network: "up", "any", or one of its ways to fail.
        kicks: how often the drawer was told to open.
        slips: the paper, oldest first; made: how many came out since the beginning.
        waiting, parked: sales that the shop has not heard of, and those that need a person.
    """

    mode: str
    has_scanner: bool
    has_printer: bool
    has_paper: bool
    kicks: int = 0
    slips: tuple[Slip, ...] = ()
    made: int = 0
    waiting: int = 0
    parked: int = 0


class Devices:
    """The devices, the cable and the till's outbox. Use it from one thread only, its ``close`` too."""

    def __init__(self, miniature: Miniature) -> None:
        self._miniature = miniature
        self._bench = miniature.bench
        self._printer_is_out = False
        self._jobs_seen = self._made = self._kicks = 0
        self._slips: tuple[Slip, ...] = ()
        self._hanging: tuple[bytes, tuple[Slip, ...]] = (b"", ())
        self._has_paper = True
        self._database: Database | None = None
        self._version, self._counts = -1, OutboxCounts(0, 0, 0)

    def read(self) -> Reading:
        """Ask everything."""
        plugged = self._bench.devices()
        if PRINTER in plugged:
            self._read_printer()
        counts = self._count()
        return Reading(
            mode=self._miniature.network.mode,
            has_scanner=SCANNER in plugged,
            has_printer=PRINTER in plugged and not self._printer_is_out,
            has_paper=self._has_paper,
            kicks=self._kicks,
            slips=self._slips + self._hanging[1],
            made=self._made + len(self._hanging[1]),
            waiting=counts.due,
            parked=counts.parked,
        )

    def scan(self, text: str) -> None:
        """Hold a barcode under the scanner.

        Raises:
            BenchError: there is no scanner.
        """
        if SCANNER not in self._bench.devices():
            raise BenchError("The scanner is unplugged.")
        self._bench.scan(text, SCANNER)

    def put_paper(self, is_in: bool) -> None:
        """Take the roll out, or put one in."""
        self._bench.printer(PRINTER, paper=is_in)

    def plug_scanner(self, is_in: bool) -> None:
        """Pull the scanner's cable, or plug it in."""
        if is_in:
            self._bench.plug_scanner(SCANNER)
        else:
            self._bench.unplug(SCANNER)

    def plug_printer(self, is_in: bool) -> None:
        """Pull the printer's cable, or plug it in; what it was printing stays in it."""
        if is_in:
            self._bench.replug_printer(PRINTER)
        else:
            self._bench.unplug(PRINTER, keep=True)
        self._printer_is_out = not is_in

    def set_network(self, mode: str) -> None:
        """Let the network work ("up") or fail."""
        self._miniature.network.mode = mode

    def close(self) -> None:
        """Let go of the till's file; a printer that is out goes back, as the bench cannot take it away otherwise."""
        if self._printer_is_out:
            self.plug_printer(True)
        if self._database is not None:
            self._database.close()

    def _read_printer(self) -> None:
        report = self._bench.printer(PRINTER, since_job=self._jobs_seen)
        if not report["jobs"]:  # another printer stands there now
            self._jobs_seen = 0
            report = self._bench.printer(PRINTER)
        *done, hanging = report["jobs"]
        self._jobs_seen += len(done)
        self._has_paper, self._kicks = bool(report["paper"]), len(report["kicks"])
        new = tuple(slip for job in done for slip in _slips(job))
        if new:
            self._made += len(new)
            self._slips = (self._slips + new)[-KEPT_SLIPS:]
        if hanging != self._hanging[0]:
            self._hanging = (hanging, _slips(hanging))

    def _count(self) -> OutboxCounts:
        if self._database is None:
            if not self._miniature.database_path.exists():
                return self._counts
            self._database = Database.open(self._miniature.database_path, now=_now)
        version = self._database.version()
        if version != self._version:
            self._version, self._counts = version, Outbox(self._database).counts()
        return self._counts


def _slips(job: bytes) -> tuple[Slip, ...]:
    return tuple(Slip(each.image, each.cut is not None) for each in receipts(job) if each.image.height)


def _now() -> datetime:
    return datetime.now(UTC)
