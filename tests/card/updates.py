"""A card in a folder, for the tests of updates: its partitions, the kernel's command line, and the initrd."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from appliance.card.disk import Disk
from appliance.card.health import AREAS, Health
from appliance.card.places import Places
from appliance.card.slots import Choice, Slot, Slots
from appliance.card.trying import Card
from appliance.domain.staff import Person, Role
from appliance.storage.condition import look
from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.migrating import MIGRATIONS, migrations
from tests.storage.samples import NOON, fresh_till, paid, sale, seal, ticking

INITRD = Path(__file__).parents[2] / "image/overlay/etc/initramfs-tools/scripts/local-premount/gapless-slot"
NEWEST = max(migrations(MIGRATIONS))
DEVICES = ("04b8:0e28", "0c2e:0b61")


class PowerCutError(BaseException):
    """The power went. Nobody catches that."""


class CutDisk(Disk):
    """A disk whose power goes before a step; counts them."""

    def __init__(self, steps: int = -1) -> None:
        self.left, self.done = steps, 0

    def _step(self) -> None:
        if self.done == self.left:
            raise PowerCutError
        self.done += 1

    def write(self, path: Path, content: bytes, mode: int) -> None:
        self._step()
        super().write(path, content, mode)

    def rename(self, old: Path, new: Path) -> None:
        self._step()
        super().rename(old, new)

    def overwrite(self, path: Path, offset: int, content: bytes) -> None:
        self._step()
        super().overwrite(path, offset, content)


@dataclass
class Toy:
    """The card: what is on it lasts, and :meth:`boot` starts it as firmware and initrd do."""

    root: Path
    next_version: Path
    disk: CutDisk = field(default_factory=CutDisk)
    reboots: int = 0
    """Restarts that were asked for."""

    def __post_init__(self) -> None:
        self.places = Places(self.root)
        for folder in (self.places.boot, self.places.system, self.places.till_data, self.places.run):
            folder.mkdir(parents=True, exist_ok=True)
        self.slot_file.write_bytes(Choice(Slot.A).to_sector())
        self.power_on()

    @property
    def slot_file(self) -> Path:
        return self.places.boot / "slot.txt"

    @property
    def command_line(self) -> Path:
        return self.root / "cmdline"

    @property
    def journal(self) -> Path:
        return self.places.till_data / "till.db"

    def power_on(self) -> Slot:
        """Firmware and initrd: which system runs now."""
        first = self.slot_file.read_bytes().splitlines()[0]
        slot = Slot(first.removeprefix(b"os_prefix=").rstrip(b"/").decode().upper())
        self.command_line.write_text(f"root=PARTUUID=6a1e55ed-02 rauc.slot={slot.value} quiet\n")
        subprocess.run(
            ["sh", str(INITRD), "in", str(self.places.boot), str(self.command_line)],
            check=True,
            capture_output=True,
        )
        self.disk = CutDisk()
        return slot

    def slots(self) -> Slots:
        return Slots(self.places, self.disk, lambda _mode: None)

    def card(self, slot: Slot | None = None) -> Card:
        """As the programs of the running system see it; B knows one migration more."""
        card = Card(
            self.places,
            self.disk,
            self.slots(),
            self.reboot,
            ticking(),
            self.command_line,
        )
        if (slot or card.running) is Slot.B:
            card.folder = self.next_version
        return card

    def reboot(self) -> None:
        self.reboots += 1

    def open_till(self) -> None:
        """The kiosk of the running system opens the file; B's brings it up to date."""
        Database.open(self.journal, now=ticking(), folder=self.card().folder).close()

    def new_till(self, sales: int = 3) -> None:
        db, _, _ = fresh_till(self.journal)
        db.close()
        for number in range(sales):
            self.sell(number)

    def sell(self, number: int) -> None:
        """The running system completes a sale."""
        with Database.open(self.journal, now=ticking(), folder=self.card().folder) as db:
            ((person_id, name),) = db.rows("SELECT person_id, name FROM person")
            made = sale(number)
            journal = Journal(db, Identity(db).get(), seal=seal())
            journal.record(made, paid(made), Person(person_id, name, Role.CASHIER), NOON)

    def can_sell(self) -> bool:
        """Whether the running system can open the file."""
        return look(self.journal, self.card().folder).version <= max(migrations(self.card().folder))

    @property
    def sold(self) -> int:
        return look(self.journal, self.next_version).sales

    def health(self, *problems: str, restarts: int = 0, devices: tuple[str, ...] = DEVICES) -> Health:
        condition = look(self.journal, self.card().folder) if self.journal.exists() else None
        return Health(
            at=datetime(2026, 11, 21, 23, tzinfo=UTC),
            problems=problems,
            restarts=restarts,
            condition=condition,
            devices=devices,
            free_bytes=10**9,
            clock_is_set=True,
        )


def next_migrations(folder: Path) -> Path:
    """The migrations of the version after this one."""
    folder.mkdir()
    for file in migrations(MIGRATIONS).values():
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / f"{NEWEST + 1:04d}_nicknames.sql").write_text(
        "ALTER TABLE person ADD COLUMN nickname TEXT NOT NULL DEFAULT '';"
    )
    return folder


def passing(step: float = 5.0) -> tuple[Callable[[], float], Callable[[float], None]]:
    """A clock, and a sleep that moves it on."""
    at = [0.0]

    def sleep(seconds: float) -> None:
        at[0] += max(seconds, step)

    return lambda: at[0], sleep


ALL_WELL = tuple(AREAS)
