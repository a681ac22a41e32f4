"""The base tree: Debian's packages, installed in a folder, before anything of ours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from image.steps.commands import Commands
from image.steps.compiling import compile_python
from image.steps.errors import BuildError

SUITE = "trixie"
OPTIONS = (
    "--mode=root",
    "--format=directory",
    "--variant=essential",  # apt itself stays outside: a card takes no packages
    "--components=main,non-free-firmware",
    '--aptopt=APT::Install-Recommends "false"',
    '--aptopt=Acquire::Languages "none"',
    '--aptopt=Acquire::Retries "5"',
    "--dpkgopt=path-exclude=/usr/share/man/*",
    "--dpkgopt=path-exclude=/usr/share/info/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
    "--dpkgopt=path-exclude=/usr/share/lintian/*",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-include=/usr/share/doc/*/copyright",
)
FIRST = ("openssl", "python3.13-minimal", "zstd", "xz-utils", "cpio")
"""What the accelerator can put a native twin in the place of, so it comes before the rest."""
ACCELERATE = Path(__file__).with_name("accelerate")


def build_base(
    commands: Commands, arch: str, packages: Sequence[str], sources: str, native: Path | None, place: Path
) -> None:
    """Make the tree of an architecture at a place that is free.

    Args:
        sources: apt's lines, or nothing for Debian's own mirrors.
        native: this computer's own tree, when the card's is another's: its tools do most of the work.

    Raises:
        BuildError: a package is not to be had, or its installation failed.
    """
    mmdebstrap = ["mmdebstrap", f"--architectures={arch}", *OPTIONS]
    if native is None:
        mmdebstrap += [f"--include={','.join(packages)}"]
    else:
        mmdebstrap += [
            f"--include={','.join(FIRST)}",
            f'--essential-hook={ACCELERATE} on "$1" {native}',
            f'--customize-hook={ACCELERATE} install "$1" {native} {" ".join(packages)}',
            f'--customize-hook={ACCELERATE} off "$1"',
        ]
    mmdebstrap += [SUITE, str(place), *(["-"] if sources else [])]
    # INITRD=No: the kernel's package makes no initrd; ours is made later, with our scripts in it.
    commands.run(mmdebstrap, stdin=sources, env={"INITRD": "No", "TMPDIR": str(place.parent)})
    for needed in ("usr/bin/python3.13", "usr/lib/systemd/systemd", "usr/lib/modules"):
        if not (place / needed).exists():
            raise BuildError(f"the base tree has no /{needed}: is a package missing in image/packages.txt?")
    # Every file of the card gets one time, and a .pyc that trusts its source's time would be compiled at every start.
    for folder in ("usr/lib/python3.13", "usr/lib/python3"):
        compile_python(commands, native or place, place / folder, f"/{folder}")
