"""What somebody brings to the counter: devices that are plugged into the running computer's USB sockets, and pulled.

All of them sit behind a hub, as in life: the board has four sockets, and three are taken. QEMU puts the hub into the
fourth by itself with the first device that comes there, a stick of another scene maybe, and leaves it.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Final

from image.machine.errors import MachineError
from image.machine.qmp import Qmp

_PULL_SECONDS: Final = 10.0


class Visitors:
    """Plugs devices in, and pulls what it plugged in.

    Args:
        qmp: of the running computer.
        folder: for sockets; a short path.
    """

    def __init__(self, qmp: Qmp, folder: Path) -> None:
        self._qmp, self._folder = qmp, folder
        self._there: list[str] = []

    def plug(self, driver: str, name: str, **options: Any) -> None:
        """Plug in one of QEMU's devices.

        Args:
            driver: QEMU's name for it, such as "usb-net".
            name: of this one.
            options: of the driver.
        """
        self._qmp.ask("device_add", driver=driver, id=name, bus="usb.0", **options)
        self._there.append(name)

    def socket(self, name: str) -> Path:
        """A free USB socket for a device of ours: its path."""
        path = self._folder / f"v-{name}.sock"
        path.unlink(missing_ok=True)
        address = {"type": "unix", "data": {"path": str(path)}}
        backend = {"type": "socket", "data": {"addr": address, "server": True, "wait": False}}
        self._qmp.ask("chardev-add", id=f"c-{name}", backend=backend)
        self.plug("usb-redir", name, chardev=f"c-{name}")
        return path

    def stick(self, name: str, file: Path, **options: Any) -> None:
        """A USB stick with this raw content."""
        self._qmp.ask("blockdev-add", driver="file", filename=str(file), node_name=f"f-{name}")
        self.plug("usb-storage", name, drive=f"f-{name}", **options)

    def pull(self, name: str) -> None:
        """Pull it out.

        Raises:
            MachineError: it stays.
        """
        self._qmp.ask("device_del", id=name)
        end = time.monotonic() + _PULL_SECONDS
        while self._qmp.wait_for("DEVICE_DELETED", _PULL_SECONDS).get("device") != name:
            if time.monotonic() > end:
                raise MachineError(f"{name} cannot be pulled out.")
        self._there.remove(name)
        self._clean(name)

    def pull_all(self) -> None:
        """Pull what is still there, the last first."""
        for name in self._there[::-1]:
            self.pull(name)

    def _clean(self, name: str) -> None:
        listed = self._qmp.ask("query-chardev")
        if any(each["label"] == f"c-{name}" for each in listed):
            self._qmp.ask("chardev-remove", id=f"c-{name}")
        if any(each.get("node-name") == f"f-{name}" for each in self._qmp.ask("query-named-block-nodes")):
            self._qmp.ask("blockdev-del", node_name=f"f-{name}")
