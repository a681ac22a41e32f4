"""Where what is outside of the computer takes hold of it: QEMU's own socket, the shell's, those of its USB."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sockets:
    """Where the computer's other ends are, in its folder."""

    folder: Path
    usb: tuple[str, ...] = ("printer", "panel")

    @property
    def control(self) -> Path:
        """QEMU's own."""
        return self.folder / "qmp.sock"

    @property
    def shell(self) -> Path:
        """The test shell's console."""
        return self.folder / "shell.sock"

    def usb_socket(self, name: str) -> Path:
        """One of the USB sockets that a device of ours is plugged into."""
        return self.folder / f"usb-{name}.sock"
