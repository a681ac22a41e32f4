"""A Raspberry Pi 3 Model B as QEMU plays it: its processor, device tree, card reader and USB, each with its own driver.

What QEMU has none of: the screen (so the till is not seen here), the network chip, the radios. Kernel and initrd are
laid out by us in place of the firmware, as everywhere here.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection
from typing import Final

from image.machine.arch import ARM64
from image.machine.errors import MachineError
from image.machine.fat import Fat
from image.machine.kernel_line import kernel_line
from image.machine.machine import Machine
from image.machine.shell import unit_text

DEVICE_TREE: Final = "bcm2837-rpi-3-b.dtb"
_FILTERS: Final = frozenset({"all", "pi3", "board-type=0x8"})
_LOG: Final = "tty0 earlycon=pl011,0x3f201000 keep_bootcon"
"""The big serial line is the Bluetooth chip's in the device tree: so early that no driver has taken it yet."""
_SHELL: Final = "/dev/ttyS1"
"""The small serial line."""
_DEVICE_TREE_FILE: Final = "board.dtb"


class RaspberryPi(Machine):
    """Such a board with this card in it, a keyboard, and a network adapter of a kind that a till does not know."""

    def lay_out(self, fat: Fat, board: Collection[str]) -> None:
        """What this board's firmware finds, with the device tree of it."""
        super().lay_out(fat, _FILTERS)
        if self.arch is not ARM64:
            raise MachineError(f"A Raspberry Pi starts no card for {self.arch.name}.")
        (self.folder / _DEVICE_TREE_FILE).write_bytes(fat.read(self.boot.prefix + DEVICE_TREE))

    def command(self) -> list[str]:
        """QEMU and its arguments; the shell comes by the kernel line, as nothing else can hand it over to a board."""
        if shutil.which(self.arch.program) is None:
            raise MachineError(f"{self.arch.program} is not installed (Debian: {self.arch.package}).")
        parts = {"-kernel": "kernel", "-initrd": "initrd", "-dtb": _DEVICE_TREE_FILE}
        return [
            *[self.arch.program, "-M", "raspi3b", "-accel", "tcg,thread=multi", "-m", "1024", "-smp", "4"],
            *["-nodefaults", "-display", "none", "-no-reboot"],
            *[word for name, file in parts.items() for word in (name, str(self.folder / file))],
            *["-append", kernel_line(self.boot.line, _LOG, unit=unit_text(_SHELL))],
            *["-drive", f"if=sd,file={self.card.overlay},format=qcow2"],
            *["-device", "usb-hub,bus=usb-bus.0", "-device", "usb-kbd"],
            *["-netdev", "user,id=net", "-device", "usb-net,netdev=net"],
            *["-chardev", f"file,id=console,path={self.console},append=on", "-serial", "chardev:console"],
            *["-chardev", f"socket,id=shell,path={self.sockets.shell},server=on,wait=off"],
            *["-serial", "chardev:shell"],
            *["-qmp", f"unix:{self.sockets.control},server=on,wait=off"],
        ]
