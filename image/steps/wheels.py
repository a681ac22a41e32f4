"""The Python packages of the till, as the lock has them: wheels for the card's Python, and evdev compiled for it."""

from __future__ import annotations

import re
from pathlib import Path

from image.steps.caching import remove
from image.steps.commands import Commands
from image.steps.compiling import compile_python
from image.steps.errors import BuildError
from image.steps.evdev import SOURCE_PACKAGE, build_evdev

PYTHON = (
    "--python-version",
    "3.13",
    "--implementation",
    "cp",
    "--abi",
    "cp313",
    "--abi",
    "abi3",
    "--abi",
    "none",
)
GLIBC_MINORS = range(41, 16, -1)  # Debian 13 has 2.41: every manylinux up to that runs
MACHINE_NAMES = {"amd64": "x86_64", "arm64": "aarch64"}
UNWANTED = ("bin", "share", "kivy/tools", "kivy/include", "pwiz.py", "peewee-stubs")
"""Commands, examples and headers: for developers."""
UNWANTED_SUFFIXES = {".pyx", ".pxd", ".pxi", ".c", ".h", ".pyi"}
LOCKED = re.compile(r"^([a-z0-9-]+)==(\S+)(?:.*\\\n)*.*\n", re.MULTILINE)


def split_lock(text: str) -> tuple[str, str]:
    """A lock's lines for pip: those that come as wheels, and the one that comes as source."""
    entries = {match[1]: match[0] for match in LOCKED.finditer(text)}
    source = entries.pop(SOURCE_PACKAGE, None)
    if source is None:
        raise BuildError(f"appliance/requirements.lock does not name {SOURCE_PACKAGE}")
    return "".join(entries.values()), source


def platforms(arch: str) -> list[str]:
    """What pip calls the computers that the card is one of."""
    names = [f"manylinux_2_{minor}" for minor in GLIBC_MINORS] + ["manylinux2014"]
    return [f"--platform={name}_{MACHINE_NAMES[arch]}" for name in names]


def build_wheels(
    commands: Commands, repository: Path, arch: str, native: Path, sources: str, place: Path
) -> None:
    """Install all that the lock names into a folder.

    Raises:
        BuildError: a package is not to be had, is not the locked one, or has no wheel for the card.
    """
    wheels, source = split_lock((repository / "appliance/requirements.lock").read_text(encoding="utf-8"))
    work = place.with_suffix(".work")
    remove(work)
    work.mkdir()
    (work / "wheels.lock").write_text(wheels, encoding="utf-8")
    (work / "source.lock").write_text(source, encoding="utf-8")
    commands.run(["python3", "-m", "venv", work / "pip"])
    pip: list[str | Path] = [
        work / "pip/bin/python",
        "-m",
        "pip",
        "--no-input",
        "--disable-pip-version-check",
    ]
    commands.run(
        [*pip, "install", "--require-hashes", "-r", repository / "appliance/requirements-build.lock"]
    )
    locked = ["--no-deps", "--require-hashes", "--progress-bar=off"]
    only = ["--only-binary=:all:", *PYTHON, *platforms(arch)]
    commands.run(
        [*pip, "install", *locked, *only, "--no-compile", "--target", place, "-r", work / "wheels.lock"]
    )
    fetch = [*pip, "download", *locked, "--no-build-isolation", "--no-binary=:all:", "-d", work]
    commands.run([*fetch, "-r", work / "source.lock"])
    build_evdev(commands, arch, sources, work, place)
    tidy(place)
    compile_python(commands, native, place, "/usr/lib/gapless")
    remove(work)


def tidy(place: Path) -> None:
    """Leave out what no till runs, and let every user of the card read the rest (a source's files are its maker's)."""
    for name in UNWANTED:
        remove(place / name)
    for path in sorted(place.rglob("*")):
        if path.is_file() and (
            path.suffix in UNWANTED_SUFFIXES or path.name in {"RECORD", "INSTALLER", "REQUESTED"}
        ):
            path.unlink()
        elif path.is_dir() and path.name == "tests" and path.is_relative_to(place):
            remove(path)
    for path in place.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
