"""The one module of the kernel that is ours (image/otp), compiled with the headers and compiler of Debian's kernel.

The kernel takes a module only if it was made for it, release and symbols. Debian signs its own, and loads others too,
but where a PC's firmware checks who signed the kernel; a Raspberry Pi's does not.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from image.steps.caching import remove
from image.steps.commands import Commands
from image.steps.compiling import WORKBENCH, on_workbench
from image.steps.evdev import TRIPLETS
from image.steps.unpacking import unpack

STEP = "the board's key"
NAME = "gapless_key"
SOURCE = "image/otp"
LICENCE = "GPL-2.0-only"
"""As of all that uses the kernel's own functions."""
ARCH = "arm64"
"""No PC has what it asks."""
TOOLS = ("base-files", "coreutils", "dash", "findutils", "grep", "make", "mawk", "sed")


def source_files(repository: Path) -> list[Path]:
    """What it is made of."""
    return [repository / SOURCE / name for name in ("Kbuild", f"{NAME}.c")]


def build_module(
    commands: Commands, here: str, release: str, sources: str, files: list[Path], place: Path
) -> None:
    """Compile it for a release of the kernel, into a file at a place that is free.

    Args:
        here: this computer's architecture.
        sources: apt's lines, those that the kernel came from among them.

    Raises:
        BuildError: the kernel's headers are not to be had any more, or it cannot be compiled.
    """
    tree, bench = place.with_suffix(".tools"), place.with_suffix(".source")
    for folder in (tree, bench):
        remove(folder)
    bench.mkdir()
    for path in files:
        shutil.copyfile(path, bench / path.name)
    # The compiler comes with the headers, as the one that Debian made the kernel with. It is the card's own, emulated
    # where this computer is another: for one file that is soon enough.
    headers = f"linux-headers-{release}:{ARCH}"
    unpack(commands, list(dict.fromkeys([here, ARCH])), [*TOOLS, headers], sources, tree)
    (tree / "usr/bin/awk").symlink_to("mawk")
    make = ["make", "-s", "-C", f"/usr/src/linux-headers-{release}", f"M=/{WORKBENCH}", f"ARCH={ARCH}"]
    on_workbench(commands, tree, bench, *make, f"CROSS_COMPILE={TRIPLETS[ARCH]}-", "modules")
    strip = [f"{TRIPLETS[ARCH]}-strip", "--strip-debug", f"/{WORKBENCH}/{NAME}.ko"]
    on_workbench(commands, tree, bench, *strip)
    shutil.copyfile(bench / f"{NAME}.ko", place)
    remove(tree)
    remove(bench)


def install_module(commands: Commands, native: Path, module: Path, release: str, tree: Path) -> None:
    """Put it beside the kernel's own, where modprobe finds it."""
    folder = tree / "usr/lib/modules" / release / "updates"
    folder.mkdir(exist_ok=True)
    shutil.copyfile(module, folder / f"{NAME}.ko")
    on_workbench(commands, native, tree, "depmod", "--basedir", f"/{WORKBENCH}", release)
