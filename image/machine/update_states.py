"""What a power cut in an update may leave on a card: built from the log of its writes, and judged without starting it.

What the board would do is done here: the firmware's choice, the initrd's own script, the card's own programs at their
start, and the till's file opened by the system that came up. A system that is tried is cut off once more, so that the
way back is judged too.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from appliance.card.disk import Disk
from appliance.card.places import Places
from appliance.card.slots import Slot, Slots
from appliance.card.trial import AtBoot
from appliance.card.trying import Card as RunningCard
from appliance.card.trying import at_each_boot
from image.machine.disk import SECTOR, Card, Partition, run
from image.machine.errors import MachineError
from image.machine.fat import Fat
from image.machine.firmware import read_boot
from image.machine.power import Write, build_state, read_log, surviving
from image.machine.states import REPAIRED, judge_books

BOOT: Final = 1
DATA: Final = 4
ROOTS: Final = {"a/": 2, "b/": 3}
INITRD: Final = Path(__file__).parents[1] / "overlay/etc/initramfs-tools/scripts/local-premount/gapless-slot"
MOST_BOOTS: Final = 5
_SECTOR_BEGINS: Final = b"os_prefix="
_MIB: Final = 1 << 20


@dataclass(slots=True)
class Recording:
    """One stretch of an update, from power to power.

    Attributes:
        before: each partition that is written, as it was when the log began.
        log: of the writes; ``writes`` are its entries, once it is over.
    """

    card: Card
    folder: Path
    target: int
    log: Path = field(init=False)
    before: dict[int, Path] = field(init=False)
    parts: dict[int, Partition] = field(init=False)
    writes: list[Write] = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log = self.folder / "writes.log"
        self.parts = {each.number: each for each in self.card.partitions()}
        self.before = {
            number: self.card.copy_out(number, self.folder / f"before{number}")
            for number in (BOOT, self.target, DATA)
        }
        self.writes = []

    def end(self, log: Path) -> None:
        """It is over: keep its log."""
        run(["cp", "--sparse=always", log, self.log])
        self.writes = read_log(self.log)

    def first_in(self, number: int) -> int:
        """How many writes there were before the first to a partition."""
        return next(at for at, write in enumerate(self.writes) if self._is_data(write, number))

    def last_in(self, number: int) -> int:
        """How many writes there were with the last to a partition."""
        return max(at + 1 for at, write in enumerate(self.writes) if self._is_data(write, number))

    def sectors(self) -> list[tuple[int, bytes]]:
        """Each write of slot.txt: how many writes were before it, and its text.

        The kernel may write what stands beside it on the card in one go with it.
        """
        found, part = [], self.parts[BOOT]
        with self.log.open("rb") as file:
            for at, write in enumerate(self.writes):
                if write.has_data and write.is_in(part):
                    data = os.pread(file.fileno(), write.size_bytes, write.at)
                    each = (data[begin:][:SECTOR] for begin in range(0, len(data), SECTOR))
                    found += [(at, text.strip(b"\n")) for text in each if text.startswith(_SECTOR_BEGINS)]
        return found

    def build(self, cut: int, chance: random.Random, out: Path) -> dict[int, Path]:
        """The partitions as a cut after so many writes may leave them."""
        out.mkdir(parents=True, exist_ok=True)
        kept = surviving(self.writes, cut, chance)
        state = {number: out / f"part{number}" for number in self.before}
        for number, path in state.items():
            build_state(self.log, kept, self.before[number], self.parts[number], path)
        return state

    def _is_data(self, write: Write, number: int) -> bool:
        return write.has_data and write.is_in(self.parts[number])


@dataclass(frozen=True, slots=True)
class System:
    """One of the two systems: what must be behind its folder for it to start.

    Attributes:
        boot: the files of its folder. root: its root file system; None where nothing was written to it.
        migrations: that its programs know.
    """

    boot: Mapping[str, bytes]
    root: Path | None
    migrations: Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found.

    Attributes:
        boots: the folder of each start, with what it meant to the card.
        receipts: the sales that the system that stays has.
        wrong: the first thing that would keep the till from selling, "" for nothing.
    """

    boots: tuple[str, ...]
    receipts: tuple[str, ...] = ()
    wrong: str = ""


class WrongError(Exception):
    """This state does not start a till that sells."""


class Judge:
    """Starts a state as far as it can be started without a computer.

    Args:
        systems: by the folder that the firmware starts.
        folder: to work in.
    """

    def __init__(self, systems: Mapping[str, System], folder: Path) -> None:
        self._systems, self._folder = systems, folder
        self._roots: dict[Path, str] = {}

    def judge(self, state: Mapping[int, Path]) -> Outcome:
        """Start it, as often as it takes until a system stays."""
        shutil.rmtree(self._folder, ignore_errors=True)
        places = Places(self._folder)
        places.boot.mkdir(parents=True)
        places.run.mkdir(parents=True)
        boots: list[str] = []
        receipts: tuple[str, ...] = ()
        try:
            self._repair(state, places)
            for _ in range(MOST_BOOTS):
                prefix, meaning, starts_anew = self._boot(state, places)
                boots.append(f"{prefix} {meaning.name}")
                if starts_anew:
                    continue
                found = judge_books(places.till_data / "till.db", self._systems[prefix].migrations)
                if found.wrong:
                    raise WrongError(found.wrong)
                receipts = found.receipts
                if meaning is not AtBoot.TRYING:  # a system that is tried loses its power once more
                    return Outcome(tuple(boots), receipts)
            raise WrongError("it starts again and again")
        except (WrongError, MachineError) as error:
            return Outcome(tuple(boots), receipts, str(error))

    def _repair(self, state: Mapping[int, Path], places: Places) -> None:
        """What the checks of the file systems do at a start; the boot partition is not checked before it is read."""
        words = _run_check("e2fsck", "-p", state[DATA])
        if words:
            raise WrongError(f"the data partition: {words}")
        for name, to in (("till", places.till_data), ("system", places.system)):
            to.parent.mkdir(parents=True, exist_ok=True)
            run(["debugfs", "-R", f"rdump /{name} {to.parent}", state[DATA]])

    def _boot(self, state: Mapping[int, Path], places: Places) -> tuple[str, AtBoot, bool]:
        """The firmware, the initrd, and the card's programs; the last says whether these want a restart."""
        fat, slot_file = Fat(state[BOOT]), places.boot / "slot.txt"
        boot = read_boot(fat)
        self._check_system(boot.prefix, fat, state)
        slot_file.write_bytes(fat.read("slot.txt"))
        line = places.root / "cmdline"
        line.write_text(boot.line + "\n", encoding="ascii")
        subprocess.run(["sh", INITRD, "in", places.boot, line], check=True, capture_output=True)
        if words := _run_check("fsck.vfat", "-a", state[BOOT]):
            raise WrongError(f"the boot partition: {words}")
        asked: list[bool] = []
        card = RunningCard(
            places=places,
            disk=Disk(),
            slots=Slots(places, change=lambda _mode: None),
            reboot=lambda: asked.append(True),
            now=lambda: datetime.now(UTC),
            command_line=line,
            folder=self._systems[boot.prefix].migrations,
        )
        if card.running is not Slot(boot.prefix[0].upper()):
            raise WrongError(f"{boot.prefix} starts slot {card.running.value}")
        meaning = at_each_boot(card)
        fat.write("slot.txt", slot_file.read_bytes())
        return boot.prefix, meaning, bool(asked)

    def _check_system(self, prefix: str, fat: Fat, state: Mapping[int, Path]) -> None:
        system = self._systems.get(prefix)
        if system is None:
            raise WrongError(f"the firmware finds nothing behind {prefix!r}")
        for name, content in system.boot.items():
            if fat.read(prefix + name) != content:
                raise WrongError(f"{prefix}{name} is not what it must be")
        if system.root is not None:
            size = system.root.stat().st_size
            wanted = self._roots.setdefault(system.root, _hash(system.root, size))
            if _hash(state[ROOTS[prefix]], size) != wanted:
                raise WrongError(f"the root of {prefix} is started and not whole")


def card_of(state: Mapping[int, Path], base: Path, overlay: Path) -> Card:
    """A card to start: a state's partitions on a card that has all the others."""
    overlay.unlink(missing_ok=True)
    card = Card(base, overlay)
    for number, path in state.items():
        card.copy_in(number, path)
    return card


def line_for(line: bytes, prefix: str) -> bytes:
    """The kernel line that a bundle's hook writes for a system."""
    slot, part = prefix[0].upper(), ROOTS[prefix]
    words = line.decode("ascii").strip().replace("-02 ", f"-0{part} ").replace("slot=A", f"slot={slot}")
    return f"{words}\n".encode("ascii")


def _run_check(program: str, how: str, path: Path) -> str:
    """Repair a file system as a start does; "" if it goes on from there."""
    done = subprocess.run([program, how, path], capture_output=True, text=True, timeout=300, check=False)
    return "" if done.returncode in REPAIRED else f"{program} says {done.returncode}: {done.stdout[-200:]}"


def _hash(path: Path, size: int) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while size > 0 and (block := file.read(min(size, _MIB))):
            found.update(block)
            size -= len(block)
    return found.hexdigest()
