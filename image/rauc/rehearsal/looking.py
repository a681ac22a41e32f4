"""What a cut has left on the card, looked at without starting it: firmware, initrd, file systems, sales."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from appliance.card.records import read_record
from appliance.card.slots import Slot, parse
from appliance.card.trial import AtBoot, Record, at_boot
from appliance.storage.condition import look, quick_check
from image.machine.fat import Fat
from image.machine.firmware import read_boot
from image.rauc.rehearsal.machine import BOOT_OFFSET
from image.rauc.rehearsal.parts import REPOSITORY

MIB: Final = 1024 * 1024
ROOTS: Final = {"a/": 260 * MIB, "b/": 772 * MIB}
DATA: Final = 1284 * MIB
INITRD: Final = REPOSITORY / "image/overlay/etc/initramfs-tools/scripts/local-premount/gapless-slot"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found.

    Attributes:
        starts: the folder that the firmware starts from first, and ``then``, were it cut off and started again.
        meaning: what that boot means to the card's programs.
        problems: whatever would keep the till from selling with all its sales; [] is what is hoped for.
    """

    starts: str
    then: str
    meaning: str
    sales: int
    problems: list[str]


def inspect(card: Path, roots: dict[str, Path], boots: dict[str, dict[str, bytes]], work: Path) -> Found:
    """Look at a card.

    Args:
        card: its image; its boot partition is written as the initrd would.
        roots: the root that must be behind each folder that may be started.
        boots: the files that must be in each.
        work: a folder to work in.
    """
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    fat, problems = Fat(card, BOOT_OFFSET), []
    starts = read_boot(fat).prefix
    problems += _boot_problems(fat, starts, boots) + _root_problems(card, starts, roots)
    sector, line = fat.read("slot.txt"), read_boot(fat).line
    (work / "slot.txt").write_bytes(sector)
    (work / "line").write_text(line, encoding="ascii")
    subprocess.run(["sh", str(INITRD), "in", str(work), str(work / "line")], check=True, capture_output=True)
    fat.write("slot.txt", (work / "slot.txt").read_bytes())
    then = read_boot(fat).prefix
    problems += [] if then == starts else _boot_problems(fat, then, boots) + _root_problems(card, then, roots)
    problems += _fat_problems(card, work)
    meaning, sales, more = _data(card, work, Slot(starts[0].upper()), (work / "slot.txt").read_bytes())
    return Found(starts, then, meaning.name, sales, problems + more)


def _boot_problems(fat: Fat, prefix: str, boots: dict[str, dict[str, bytes]]) -> list[str]:
    return [
        f"{prefix}{name} is not what it was"
        for name, wanted in boots.get(prefix, {"(nothing may start here)": b""}).items()
        if not fat.has(prefix + name) or fat.read(prefix + name) != wanted
    ]


def _root_problems(card: Path, prefix: str, roots: dict[str, Path]) -> list[str]:
    root = roots.get(prefix)
    if root is None:
        return [f"{prefix} starts a root that nobody wrote"]
    size, found, wanted = root.stat().st_size, hashlib.sha256(), hashlib.sha256()
    with card.open("rb") as disk, root.open("rb") as file:
        disk.seek(ROOTS[prefix])
        for begin in range(0, size, MIB):
            length = min(MIB, size - begin)
            found.update(disk.read(length))
            wanted.update(file.read(length))
    return [] if found.digest() == wanted.digest() else [f"the root behind {prefix} is not whole"]


def _fat_problems(card: Path, work: Path) -> list[str]:
    """What fsck would still find after it has repaired what it repairs by itself at each boot."""
    _part(card, BOOT_OFFSET, 256, work / "fat")
    subprocess.run(["fsck.vfat", "-a", str(work / "fat")], check=False, capture_output=True)
    again = subprocess.run(
        ["fsck.vfat", "-n", str(work / "fat")], check=False, capture_output=True, text=True
    )
    return [] if again.returncode == 0 else [f"the boot partition: {again.stdout[-200:]}"]


def _data(card: Path, work: Path, running: Slot, sector: bytes) -> tuple[AtBoot, int, list[str]]:
    part = work / "data"
    _part(card, DATA, None, part)
    repaired = subprocess.run(["e2fsck", "-fy", str(part)], check=False, capture_output=True)
    problems = [] if repaired.returncode <= 1 else [f"the data partition: e2fsck {repaired.returncode}"]
    for name in ("till/till.db", "till/till.db-wal", "system/trial.json", "system/slots.json"):
        target = work / Path(name).name
        subprocess.run(
            ["debugfs", "-R", f"dump /{name} {target}", str(part)], check=False, capture_output=True
        )
        if target.exists() and not target.stat().st_size:
            target.unlink()
    condition = look(work / "till.db")
    if broken := quick_check(work / "till.db"):
        problems.append(f"the till's file: {broken}")
    trial = Record.from_dict(read_record(work / "trial.json")).trial
    return at_boot(trial, running, parse(sector)), condition.sales, problems


def _part(card: Path, offset: int, mib: int | None, to: Path) -> None:
    to.unlink(missing_ok=True)
    command = [
        "dd",
        f"if={card}",
        f"of={to}",
        "bs=4M",
        f"skip={offset // (4 * MIB)}",
        "conv=sparse",
        "status=none",
    ]
    subprocess.run([*command, *([f"count={mib // 4}"] if mib else [])], check=True)
