"""Python compiled ahead: bytecode that is trusted as it is, and the same at every build."""

from __future__ import annotations

import shutil
from pathlib import Path

from image.steps.commands import Commands

WORKBENCH = "mnt"
"""The folder of the native tree at which other folders are shown to its programs."""


def compile_python(commands: Commands, native: Path, folder: Path, name: str) -> None:
    """Compile a folder with the card's Python, as this computer runs it.

    Args:
        name: where the folder will be on the card; tracebacks show it.
    """
    for stale in folder.rglob("__pycache__"):
        shutil.rmtree(stale)
    compileall = ["python3.13", "-I", "-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash"]
    on_workbench(commands, native, folder, *compileall, "-s", f"/{WORKBENCH}", "-p", name, f"/{WORKBENCH}")


def on_workbench(commands: Commands, native: Path, folder: Path, *command: str) -> None:
    """Run a program of the native tree, which sees the folder at /mnt."""
    bench = native / WORKBENCH
    bench.mkdir(exist_ok=True)
    commands.run(["mount", "--bind", folder, bench])
    try:
        # The order of a set's members is part of the bytecode.
        commands.chroot(native, *command, env={"PYTHONHASHSEED": "0"})
    finally:
        commands.run(["umount", bench])
