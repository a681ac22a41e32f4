"""The partition that the Pi's first stage reads, and any PC: firmware, two slots, and the technician's settings."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from image.steps.caching import remove
from image.steps.card import BOOT_MIB, FAT_ID, MIB, SECTOR, layout
from image.steps.commands import Commands
from image.steps.errors import BuildError
from image.steps.initrd import kernel

SLOT_FILE = "slot.txt"
FIRMWARE = "usr/lib/raspi-firmware"
STAGES = ("bootcode.bin", "start.elf", "fixup.dat", "start4.elf", "fixup4.dat")
"""Raspberry Pi 3 and Zero 2 W read the first three, 4, 400 and CM4 the last two; a 5 has its own in its flash."""
BOARDS = ("bcm2710*.dtb", "bcm2711*.dtb", "bcm2837*.dtb")
"""Raspberry Pi 3 and Zero 2 W (2837, or 2710 in the firmware's words), 4, 400 and CM4 (2711)."""
BOARDS_WITH_RP1 = ("bcm2712*.dtb",)
"""Raspberry Pi 5: its USB, network and pins are behind a chip, RP1, that a kernel must know."""


def slot_text(slot: str) -> str:
    """What slot.txt says: which folder the Pi's first stage goes on with.

    One sector, filled with line ends as `appliance/card/slots.py` does: a change of slot is one write of one sector.
    """
    return f"os_prefix={slot}/".ljust(SECTOR, "\n")


def command_line(template: str, slot: str) -> str:
    """The kernel's command line for a slot, out of the template's words; its `#` lines say why."""
    words = [line.strip() for line in template.splitlines() if line.strip() and not line.startswith("#")]
    root = next(part for part in layout() if part.name == f"root-{slot}")
    return " ".join([f"root=PARTUUID={root.partuuid} rauc.slot={slot.upper()}", *words]) + "\n"


def gather_slot(tree: Path, initrd: Path, template: str, slot: str, place: Path) -> None:
    """Put together what a slot's folder holds: kernel, initrd, command line, device trees.

    Raises:
        BuildError: the kernel's package holds no kernel.
    """
    remove(place)
    place.mkdir(parents=True)
    release = kernel(tree)
    image = tree / f"boot/vmlinuz-{release}"
    if not image.exists():
        raise BuildError(f"the tree has no /boot/{image.name}")
    shutil.copyfile(image, place / "vmlinuz")
    shutil.copyfile(initrd, place / "initrd.img")
    (place / "cmdline.txt").write_text(command_line(template, slot), encoding="utf-8")
    for pattern in boards(tree):
        for folder in (f"usr/lib/linux-image-{release}", f"usr/lib/modules/{release}/dtb"):
            for path in sorted((tree / folder / "broadcom").glob(pattern)):
                shutil.copyfile(path, place / path.name)


def boards(tree: Path) -> tuple[str, ...]:
    """The device trees of the boards that the tree's kernel can run.

    Without one for it a Raspberry Pi 5 says on its screen that it is not meant; with one, it would start a till that
    no finger and no scanner reaches.
    """
    modules = tree / "usr/lib/modules" / kernel(tree)
    built_in = modules / "modules.builtin"
    knows_rp1 = any((modules / "kernel").rglob("*rp1*.ko*")) or (
        built_in.exists() and "rp1" in built_in.read_text(encoding="ascii")
    )
    return (*BOARDS, *(BOARDS_WITH_RP1 if knows_rp1 else ()))


def build_boot(commands: Commands, slot: Path, firmware: Path, files: Sequence[Path], place: Path) -> None:
    """Make the FAT partition, with slot A in it and slot B's folder empty.

    Args:
        slot: slot A's folder, gathered.
        firmware: the Pi's first stages; a folder that need not be there (the amd64 twin has none).
        files: what lies at the top: config.txt, till.toml.
    """
    content = place.with_suffix(".content")
    remove(content)
    content.mkdir()
    (content / SLOT_FILE).write_text(slot_text("a"), encoding="ascii")
    shutil.copytree(slot, content / "a")
    (content / "b").mkdir()
    for path in files:
        shutil.copyfile(path, content / path.name)
    for stage in STAGES:
        if firmware.is_dir():
            shutil.copyfile(firmware / stage, content / stage)
    commands.run(["find", content, "-exec", "touch", f"--date=@{commands.epoch}", "{}", "+"])
    remove(place)
    make = [
        "mkfs.vfat",
        "-F",
        "32",
        "-S",
        str(SECTOR),
        "-n",
        "TILLBOOT",
        "-i",
        f"{FAT_ID:08x}",
        "--invariant",
        "-C",
    ]
    commands.run([*make, place, str(BOOT_MIB * MIB // 1024)])
    # slot.txt comes first: its sector is the first of the first free cluster, at every build.
    names = [SLOT_FILE, *sorted(path.name for path in content.iterdir() if path.name != SLOT_FILE)]
    commands.run(["mcopy", "-s", "-m", "-i", place, *(content / name for name in names), "::"])
    remove(content)


def slot_offset(boot: Path) -> int:
    """Where slot.txt's sector lies in the partition, in bytes.

    Raises:
        BuildError: it is not where it ought to be.
    """
    wanted = slot_text("a").encode()
    whole = boot.read_bytes()[: 32 * MIB]
    at = whole.find(wanted)
    if at < 0 or at % SECTOR or whole.find(wanted, at + 1) >= 0:
        raise BuildError("slot.txt does not stand in one sector of the boot partition")
    return at
