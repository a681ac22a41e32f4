"""The first file system: finds the card's slot, tries it once, and hands over."""

from __future__ import annotations

import shutil
from pathlib import Path

from image.steps.commands import Commands
from image.steps.errors import BuildError

FOLDERS = ("etc/initramfs-tools", "usr/share/initramfs-tools")
ACCELERATE = Path(__file__).with_name("accelerate")


def ingredients(tree: Path) -> list[str | Path]:
    """The files that decide what is in it, beside the packages'.

    A hook may copy other files only from packages: where ours change, it is these that are looked at.
    """
    files = [path for folder in FOLDERS for path in (tree / folder).rglob("*") if path.is_file()]
    return [part for path in sorted(files) for part in (str(path.relative_to(tree)), path)]


def kernel(tree: Path) -> str:
    """The release of the tree's kernel.

    Raises:
        BuildError: there is none, or more than one.
    """
    names = [path.name for path in (tree / "usr/lib/modules").iterdir()]
    if len(names) != 1:
        raise BuildError(f"the tree has not one kernel but {len(names)}: {' '.join(names)}")
    return names[0]


def build_initrd(commands: Commands, tree: Path, native: Path | None, place: Path) -> None:
    """Make the initrd of a tree.

    Args:
        native: this computer's own tree, when the card's is another's.
    """
    release = kernel(tree)
    made = tree / "boot/initrd.img"
    commands.run(["mount", "--bind", "/proc", tree / "proc"])
    try:
        if native is not None:
            commands.run([ACCELERATE, "on", tree, native])
        # Its files get one time, which is no commit's: so a change of our programs leaves it as it is.
        commands.chroot(
            tree, "mkinitramfs", "-o", "/boot/initrd.img", release, env={"SOURCE_DATE_EPOCH": "1"}
        )
    finally:
        if native is not None:
            commands.run([ACCELERATE, "off", tree])
        commands.run(["umount", tree / "proc"])
    shutil.move(made, place)
