"""evdev, the one package without wheels: three C files, compiled for the card.

Its own setup.py compiles for the computer that it runs on. Here the compiler is Debian's for the card, unpacked beside
the card's Python and emulated where this computer is another: a minute, and the same bytes on every computer.
"""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

from image.steps.commands import Commands
from image.steps.compiling import WORKBENCH, on_workbench
from image.steps.errors import BuildError
from image.steps.unpacking import unpack

SOURCE_PACKAGE = "evdev"
TOOLS = ("base-files", "dash", "gcc", "libc6-dev", "libpython3.13-dev", "linux-libc-dev", "python3.13")
TRIPLETS = {"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}
MODULES = ("input", "uinput", "ecodes")
NAMES_OF_EVENTS = ("input.h", "input-event-codes.h", "uinput.h")
FLAGS = "-I/usr/include/python3.13 -std=gnu99 -O2 -g0 -fPIC -shared -Wl,-z,relro,-z,now -DNDEBUG"


def build_evdev(commands: Commands, arch: str, sources: str, work: Path, place: Path) -> None:
    """Compile and install it beside the wheels.

    Args:
        work: a folder that holds the source's archive.
    """
    archives = list(work.glob("evdev-*.tar.gz"))
    if len(archives) != 1:
        raise BuildError("evdev's source was not fetched")
    with tarfile.open(archives[0]) as archive:
        archive.extractall(work, filter="data")
    source, tools = work / archives[0].name.removesuffix(".tar.gz"), work / "tools"
    unpack(commands, [arch], TOOLS, sources, tools)
    _compile(commands, arch, source / "src", tools)
    _install(source, place)


def _compile(commands: Commands, arch: str, source: Path, tools: Path) -> None:
    """Write the table of the kernel's names, compile, and have Python's table written by what was compiled."""
    shutil.copyfile(source / "evdev/genecodes_py.py", source / "genecodes_py.py")
    headers = " ".join(f"/usr/include/linux/{name}" for name in NAMES_OF_EVENTS)
    python, here = "python3.13 -B", f"/{WORKBENCH}/evdev"
    lines = [f"{python} {here}/genecodes_c.py --reproducible --ecodes {headers} >{here}/ecodes.c"]
    for module in MODULES:
        library = f"{here}/_{module}.cpython-313-{TRIPLETS[arch]}.so"
        lines.append(f"gcc {FLAGS} -o {library} {here}/{module}.c")
    lines.append(f"{python} /{WORKBENCH}/genecodes_py.py >/{WORKBENCH}/ecodes.py")
    on_workbench(commands, tools, source, "sh", "-ec", "\n".join(lines))
    (source / "ecodes.py").rename(source / "evdev/ecodes.py")


def _install(source: Path, place: Path) -> None:
    shutil.copytree(source / "src/evdev", place / "evdev", ignore=shutil.ignore_patterns("*.c", "genecodes*"))
    version = source.name.removeprefix("evdev-")
    described = place / f"evdev-{version}.dist-info"
    (described / "licenses").mkdir(parents=True)
    shutil.copyfile(source / "PKG-INFO", described / "METADATA")
    shutil.copyfile(source / "LICENSE", described / "licenses/LICENSE")
