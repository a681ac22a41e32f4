"""Trees of tools: Debian's packages unpacked into a folder. None is installed, so no script of a package runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from image.steps.base import SUITE
from image.steps.commands import Commands


def unpack(
    commands: Commands, architectures: Sequence[str], packages: Sequence[str], sources: str, place: Path
) -> None:
    """Unpack packages, and those that they need, at a place that is free.

    Args:
        sources: apt's lines, or nothing for Debian's own mirrors.

    Raises:
        BuildError: a package is not to be had.
    """
    mmdebstrap = ["mmdebstrap", "--mode=root", "--variant=extract", "--format=directory"]
    mmdebstrap += ["--components=main,non-free-firmware", '--aptopt=APT::Install-Recommends "false"']
    mmdebstrap += [f"--architectures={','.join(architectures)}", f"--include={','.join(packages)}"]
    commands.run([*mmdebstrap, SUITE, place, *(["-"] if sources else [])], stdin=sources)
