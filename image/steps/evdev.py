"""evdev, the one package without wheels: three C files, compiled here for the card.

Its own setup.py cannot compile for another architecture (it runs what it has just compiled), and a compiler that runs
under qemu-user takes minutes. So this computer's compiler is given the card's headers (what it is
linked against may be older than the card's: that runs).
"""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

from image.steps.caching import remove
from image.steps.commands import Commands
from image.steps.compiling import on_workbench
from image.steps.errors import BuildError

SOURCE_PACKAGE = "evdev"
SUITE = "trixie"
HEADERS = ("libpython3.13-dev", "libc6-dev", "linux-libc-dev")
TRIPLETS = {"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}
MODULES = ("input", "uinput", "ecodes")
NAMES_OF_EVENTS = ("input.h", "input-event-codes.h", "uinput.h")


def build_evdev(commands: Commands, arch: str, native: Path, sources: str, work: Path, place: Path) -> None:
    """Compile and install it beside the wheels.

    Args:
        work: a folder that holds the source's archive.
    """
    archives = list(work.glob("evdev-*.tar.gz"))
    if len(archives) != 1:
        raise BuildError("evdev's source was not fetched")
    with tarfile.open(archives[0]) as archive:
        archive.extractall(work, filter="data")
    source = work / archives[0].name.removesuffix(".tar.gz")
    headers = work / "headers"
    here = next(name for name in TRIPLETS if (native / "usr/lib" / TRIPLETS[name]).is_dir())
    both = sorted({arch, here})
    # Unpacked, not installed: nothing of the card's runs.
    fetch = ["mmdebstrap", "--mode=root", "--variant=extract", "--format=directory"]
    fetch += [f"--architectures={','.join(both)}"]
    fetch += [f"--include={','.join(f'{name}:{one}' for one in both for name in HEADERS)}"]
    commands.run([*fetch, SUITE, headers, *(["-"] if sources else [])], stdin=sources)
    _generate_names(commands, source, headers)
    _install(source, place)
    _compile(commands, arch, source, headers, place / "evdev")
    _write_names(commands, here, native, source, headers, place)


def _generate_names(commands: Commands, source: Path, headers: Path) -> None:
    files = [headers / "usr/include/linux" / name for name in NAMES_OF_EVENTS]
    made = commands.ask(
        ["python3", source / "src/evdev/genecodes_c.py", "--reproducible", "--ecodes", *files]
    )
    (source / "src/evdev/ecodes.c").write_text(made, encoding="utf-8")


def _compile(commands: Commands, arch: str, source: Path, headers: Path, place: Path) -> None:
    triplet = TRIPLETS[arch]
    compiler = f"{triplet}-gcc"
    own = commands.ask([compiler, "-print-file-name=include"]).strip()
    # Debian's cross compilers have headers of their own, of this computer's release, which --sysroot does not hide.
    include = [own, f"{headers}/usr/include/{triplet}", f"{headers}/usr/include"]
    flags = ["-nostdinc", *(word for folder in include for word in ("-isystem", folder))]
    flags += [f"-I{headers}/usr/include/python3.13", "-std=gnu99", "-O2", "-g0", "-fPIC", "-shared"]
    flags += ["-Wl,-z,relro,-z,now", "-DNDEBUG", f"-ffile-prefix-map={source.parent}=."]
    for module in MODULES:
        out = place / f"_{module}.cpython-313-{triplet}.so"
        commands.run([compiler, *flags, "-o", out, source / f"src/evdev/{module}.c"])


def _install(source: Path, place: Path) -> None:
    shutil.copytree(source / "src/evdev", place / "evdev", ignore=shutil.ignore_patterns("*.c", "genecodes*"))
    version = source.name.removeprefix("evdev-")
    described = place / f"evdev-{version}.dist-info"
    (described / "licenses").mkdir(parents=True)
    shutil.copyfile(source / "PKG-INFO", described / "METADATA")
    shutil.copyfile(source / "LICENSE", described / "licenses/LICENSE")


def _write_names(
    commands: Commands, here: str, native: Path, source: Path, headers: Path, place: Path
) -> None:
    """Write ecodes.py: the names are read out of the compiled module, so it has to run on this computer."""
    bench = source / "bench"
    remove(bench)
    shutil.copytree(source / "src/evdev", bench / "evdev")
    shutil.copyfile(source / "src/evdev/genecodes_py.py", bench / "genecodes_py.py")
    _compile(commands, here, source, headers, bench / "evdev")
    script = "PYTHONPATH=/mnt python3.13 -B /mnt/genecodes_py.py >/mnt/ecodes.py"
    on_workbench(commands, native, bench, "sh", "-c", script)
    shutil.copyfile(bench / "ecodes.py", place / "evdev/ecodes.py")
