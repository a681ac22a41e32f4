"""The card's root file system: Debian's tree, our programs, units and settings; nothing changes in it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from image.steps.caching import remove
from image.steps.commands import Commands
from image.steps.errors import BuildError
from image.steps.installing import Entry, install, read_table
from image.steps.version import shipped_files

TABLES = ("systemd/INSTALL", "image/rauc/INSTALL")
OVERLAY = "image/overlay"
MASKED = "systemd/masked.txt"
EMPTIED = ("var", "boot", "tmp", "run", "root", "home", "media", "mnt", "srv", "dev", "proc", "sys")
"""Folders that the running card fills, from memory or from its data partition."""
MADE = ("boot/firmware", "data", "media/till", "var/lib", "var/log", "var/tmp")
LINKS = {
    "etc/localtime": "../run/till/localtime",
    "etc/resolv.conf": "../run/systemd/resolve/stub-resolv.conf",
    "etc/mtab": "../proc/self/mounts",
    "etc/systemd/system/default.target": "/usr/lib/systemd/system/multi-user.target",
}
REMOVED = (
    "etc/apt",
    "etc/dpkg",
    "etc/hostname",
    "etc/.pwd.lock",
    "etc/.resolv.conf*",
    "usr/lib/apt",
    "usr/lib/linux-image-*",
    "usr/lib/modules/*/config",
    "usr/lib/modules/*/dtb",
    "usr/lib/raspi-firmware",
    "usr/lib/udev/hwdb.d",
    "usr/share/initramfs-tools",
    "vmlinuz*",
    "initrd.img*",
)
"""What only an installation needs, and what is on the boot partition; hardware's names are used in compiled form."""
SECONDS_OF_A_DAY = 86_400


def entries(repository: Path) -> list[Entry]:
    """What the tables of the units and of the updates install."""
    tables = [repository / name for name in TABLES]
    return [entry for table in tables if table.exists() for entry in read_table(table)]


def lay_over(repository: Path, tree: Path, version: str, compatible: str) -> list[Entry]:
    """Put our files into a tree: the overlay as it lies there, then what the tables say.

    @VERSION@ and @COMPATIBLE@ in the settings of the updates are filled in.
    """
    overlay = repository / OVERLAY
    for path in shipped_files(repository, OVERLAY):
        place = tree / path.relative_to(overlay)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        shutil.copyfile(path, place, follow_symlinks=False)
        if not path.is_symlink():
            place.chmod(0o755 if os.access(path, os.X_OK) else 0o644)
    listed = entries(repository)
    install(listed, tree)
    updates = tree / "etc/rauc/system.conf"
    if updates.exists():
        text = updates.read_text(encoding="utf-8")
        updates.write_text(
            text.replace("@VERSION@", version).replace("@COMPATIBLE@", compatible), encoding="utf-8"
        )
    return listed


def finish(commands: Commands, tree: Path, masked: Iterable[str]) -> tuple[int, int]:
    """Make users, start units, and take out what is of this build alone.

    Returns:
        The numbers of the till's user and group.
    """
    commands.chroot(tree, "systemd-sysusers")
    commands.chroot(
        tree, "systemctl", "preset-all", "--quiet"
    )  # systemd/80-till.preset: the one list of what starts
    for unit in masked:
        _link(tree / "etc/systemd/system" / unit, "/dev/null")
    for folder in EMPTIED:
        empty(tree / folder)
    for pattern in REMOVED:
        for path in tree.glob(pattern):
            remove(path)
    for folder in MADE:
        (tree / folder).mkdir(parents=True, exist_ok=True)
    for name, target in LINKS.items():
        _link(tree / name, target)
    (tree / "etc/hostname").write_text("till\n", encoding="utf-8")
    # Its time, the commit's, is the earliest that a card without a clock believes.
    (tree / "usr/lib/clock-epoch").touch()
    # Empty, but there: the initrd puts the card's own over it.
    (tree / "etc/machine-id").write_bytes(b"")
    for path in (tree / "etc").glob("*-"):
        path.unlink()
    shadow = tree / "etc/shadow"
    day = commands.epoch // SECONDS_OF_A_DAY
    shadow.write_text(same_day(shadow.read_text(encoding="utf-8"), day), encoding="utf-8")
    return owner((tree / "etc/passwd").read_text(encoding="utf-8"))


def owner(passwd: str) -> tuple[int, int]:
    """The numbers of user and group `till`.

    Raises:
        BuildError: there is no such user.
    """
    found = re.search(r"(?m)^till:[^:]*:(\d+):(\d+):", passwd)
    if found is None:
        raise BuildError("the card has no user `till`: is systemd/sysusers.d/till.conf in systemd/INSTALL?")
    return int(found[1]), int(found[2])


def read_masked(text: str) -> list[str]:
    """The units that never start, from their list."""
    return [line.split("#")[0].strip() for line in text.splitlines() if line.split("#")[0].strip()]


def same_day(shadow: str, day: int) -> str:
    """The shadow file as if all passwords had last been changed on one day; nobody has one."""
    return re.sub(r"(?m)^([^:]*):[^:]*:\d*:", rf"\1:!*:{day}:", shadow)


def empty(folder: Path) -> None:
    """Remove what is in a folder, and leave it."""
    for path in list(folder.iterdir()):
        remove(path)


def _link(place: Path, target: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    remove(place)
    place.symlink_to(target)
