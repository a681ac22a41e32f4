"""The two computers that the card is verified on: the arm64 board's stand-in, and the amd64 twin for daily use."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import Final

from image.machine.errors import MachineError


@dataclass(frozen=True, slots=True)
class Arch:
    """A computer that QEMU plays.

    Attributes:
        name: as Debian calls it.
        program: of QEMU. package: Debian's, that brings it.
        machine: arguments that choose machine and processor.
        console: where the kernel writes its log.
        boot_seconds: how long a boot to READY may take; a crowded computer takes ten times what an idle one does.
    """

    name: str
    program: str
    package: str
    machine: tuple[str, ...]
    console: str
    boot_seconds: float


# No AVX: QEMU 7.2 computes it wrong where Mesa draws with it, and buttons get stripes.
AMD64: Final = Arch(
    "amd64",
    "qemu-system-x86_64",
    "qemu-system-x86",
    ("-M", "q35,usb=off", "-cpu", "max,-avx,-avx2,-f16c,-fma"),
    "ttyS0,115200",
    3000.0,
)
ARM64: Final = Arch(
    "arm64",
    "qemu-system-aarch64",
    "qemu-system-arm",
    ("-M", "virt,gic-version=2,highmem=off", "-cpu", "cortex-a72"),
    "ttyAMA0,115200",
    5400.0,
)


def arch_of(kernel: bytes) -> Arch:
    """Which computer a kernel is for, by the marks in its head.

    Raises:
        MachineError: for another one.
    """
    head = gzip.decompress(kernel)[:4096] if kernel[:2] == b"\x1f\x8b" else kernel[:4096]
    if head[0x38:0x3C] == b"ARM\x64":
        return ARM64
    if head[0x202:0x206] == b"HdrS":
        return AMD64
    raise MachineError("The card's kernel is for neither arm64 nor amd64.")
