"""The customer's display on the counter: the drivers' own virtual one, behind a USB serial adapter of QEMU's.

QEMU's adapter is FTDI's, with the kernel's own driver on it. A computer with one cannot be kept as a snapshot, so it is
plugged in when it is wanted, and pulled before the scene ends.
"""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from drivers.virtual.line_display import VirtualLineDisplay
from image.machine.errors import MachineError, SceneError
from image.machine.qmp import Qmp

_NAME: Final = "display"
_LOOK_SECONDS: Final = 0.1


class LineDisplay:
    """A display that can be plugged in and pulled out.

    Args:
        qmp: asked for at each plug, as it is another one after each start.
        path: of the socket between QEMU and us.
        commands: what it understands.
    """

    def __init__(self, qmp: Callable[[], Qmp], path: Path, commands: str = "escpos") -> None:
        self.core = VirtualLineDisplay(commands)
        self._qmp, self._path = qmp, path
        self._line: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def plug(self) -> None:
        """Plug its cable in.

        Raises:
            MachineError: QEMU refuses it.
        """
        self._path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(self._path))
            listener.listen()
            listener.settimeout(10)
            address = {"type": "unix", "data": {"path": str(self._path)}}
            backend = {"type": "socket", "data": {"addr": address, "server": False}}
            self._qmp().ask("chardev-add", id=_NAME, backend=backend)
            try:
                self._line, _ = listener.accept()
            except OSError as error:
                raise MachineError(f"QEMU did not come for the display: {error}") from None
        self._thread = threading.Thread(target=self._listen, args=(self._line,), daemon=True)
        self._thread.start()
        self._qmp().ask("device_add", driver="usb-serial", bus="usb.0", chardev=_NAME, id=_NAME)

    def unplug(self) -> None:
        """Pull its cable; it goes dark."""
        if self._line is None:
            return
        qmp = self._qmp()
        qmp.ask("device_del", id=_NAME)
        qmp.wait_for("DEVICE_DELETED", 30)
        qmp.ask("chardev-remove", id=_NAME)
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        if self._thread is not None:
            self._thread.join(10)
        self._line.close()
        self._line = self._thread = None
        self.core.power(False)
        self.core.power(True)

    def wait_for(self, upper: str, lower: str, seconds: float) -> float:
        """Wait until it shows these lines, blanks at the ends aside; returns the seconds that it took.

        Raises:
            SceneError: it does not.
        """
        start = time.monotonic()
        while (shown := tuple(line.strip() for line in self.core.lines)) != (upper, lower):
            if time.monotonic() - start > seconds:
                raise SceneError(f"The customer's display shows {shown}, not {(upper, lower)}.")
            time.sleep(_LOOK_SECONDS)
        return time.monotonic() - start

    def _listen(self, line: socket.socket) -> None:
        while True:
            try:
                select.select([line], [], [])
                data = line.recv(4096)
            except OSError:
                return
            if not data:
                return
            self.core.feed(data)
