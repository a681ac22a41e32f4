"""This computer: what it needs to build a card, installed once, and where it takes Debian's packages from."""

from __future__ import annotations

import platform
import shutil
import subprocess
from pathlib import Path

from image.steps.commands import Commands
from image.steps.errors import BuildError

NEEDED = (
    "mmdebstrap",  # makes the root file system
    "debian-archive-keyring",  # knows who signed it
    "arch-test",  # asked by mmdebstrap
    "fdisk",  # the table of partitions
    "bmap-tools",  # says which blocks need writing
    "zstd",
    "python3-venv",  # fetches the locked wheels
)
EMULATOR = "qemu-user-static"
"""Where the card's programs are another architecture's."""
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
QEMU_NAMES = {"amd64": "x86_64", "arm64": "aarch64"}
BINFMT = Path("/proc/sys/fs/binfmt_misc")


def architecture() -> str:
    """This computer's, in Debian's words.

    Raises:
        BuildError: no card can be built on it.
    """
    machine = platform.machine()
    if machine not in MACHINES:
        raise BuildError(f"a card is built on amd64 or arm64; this computer is {machine}")
    return MACHINES[machine]


def prepare(commands: Commands, arch: str) -> None:
    """Install what is missing here, and let this kernel run the card's programs.

    Raises:
        BuildError: a package cannot be had, or programs of the other architecture cannot run.
    """
    crossing = arch != architecture()
    missing = _missing([*NEEDED, *([EMULATOR] if crossing else [])])
    if missing:
        if shutil.which("apt-get") is None:
            raise BuildError(f"needs Debian 12 or 13, with these packages: {' '.join(missing)}")
        apt = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=600"]
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        try:
            commands.run([*apt, "update"], env=quiet)
            commands.run([*apt, "install", "--no-install-recommends", *missing], env=quiet)
        except BuildError as error:
            raise BuildError(f"these packages are missing here: {' '.join(missing)}\n{error}") from error
    if crossing:
        _run_foreign_programs(commands, arch)


def _missing(packages: list[str]) -> list[str]:
    if shutil.which("dpkg-query") is None:
        raise BuildError(f"needs Debian 12 or 13, with these packages: {' '.join(packages)}")
    asked = ["dpkg-query", "--show", "--showformat=${db:Status-Status}:${Package} ", *packages]
    shown = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split()
    return [package for package in packages if f"installed:{package}" not in shown]


def _run_foreign_programs(commands: Commands, arch: str) -> None:
    """Where no service of the host's has told the kernel about qemu-user, we do."""
    if not (BINFMT / "register").exists():
        commands.run(["mount", "-t", "binfmt_misc", "binfmt_misc", BINFMT])
    name = f"qemu-{QEMU_NAMES[arch]}"
    if not (BINFMT / name).exists():
        rule = Path(f"/usr/lib/binfmt.d/{name}.conf")
        if not rule.exists():
            raise BuildError(f"{rule} is not there: reinstall the package {EMULATOR}")
        try:
            (BINFMT / "register").write_text(rule.read_text(encoding="utf-8"), encoding="utf-8")
        except OSError as error:
            raise BuildError(f"this kernel does not run {arch} programs (binfmt_misc): {error}") from error


def sources(commands: Commands, suite: str) -> str:
    """Lines of sources for the card's suite, from the mirrors that this computer is set to use.

    Empty where it names none (no Debian): mmdebstrap then takes Debian's own.
    """
    asked = ["apt-get", "indextargets", "--format", "$(LABEL)|$(REPO_URI)", "Created-By: Packages"]
    if shutil.which("apt-get") is None:
        return ""
    mirrors = dict(reversed([line.split("|", 1) for line in commands.ask(asked).splitlines() if "|" in line]))
    lines = []
    if main := mirrors.get("Debian"):
        lines += [
            f"deb {main} {suite} main non-free-firmware",
            f"deb {main} {suite}-updates main non-free-firmware",
        ]
    if security := mirrors.get("Debian-Security"):
        lines += [f"deb {security} {suite}-security main non-free-firmware"]
    return "".join(line + "\n" for line in lines) if main else ""
