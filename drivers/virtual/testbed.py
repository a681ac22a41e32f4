"""The bench's own process: plugs virtual devices and does what it is told, one JSON line at a time.

    /usr/bin/python3 -m drivers.virtual.testbed [--socket PATH]

It needs Debian's python3-gi and gir1.2-umockdev-1.0, hence the system's Python, and nothing else. The first
line on stdout is {"root": DIRECTORY, "socket": PATH}; every program under test needs
LD_PRELOAD=libumockdev-preload.so.0 and UMOCKDEV_DIR=DIRECTORY. Any number of programs may connect to the
socket; a line is {"do": NAME, ...}, the answer {"ok": true, ...} or {"ok": false, "error": TEXT}. It ends
when stdin ends, so that it never outlives its owner, and no signal to a whole terminal ends it before its owner.

End it last: the preload aborts a program that still holds a device open.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socketserver
import sys
import tempfile
import threading
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

from drivers.virtual.bed import Bed
from drivers.virtual.escpos_printer import VirtualEscposPrinter
from drivers.virtual.keyboard import HONEYWELL, VirtualScanner
from drivers.virtual.line_display import VirtualLineDisplay
from drivers.virtual.serial_display import SerialIdentity, VirtualSerialDisplay
from drivers.virtual.touchpanel import EGALAX, GOODIX, VirtualTouchPanel
from drivers.virtual.usb_descriptors import UsbIdentity
from drivers.virtual.usb_printer import VirtualUsbPrinter

Answer = dict[str, Any]
Plugged = VirtualScanner | VirtualTouchPanel | VirtualUsbPrinter | VirtualSerialDisplay


class Testbed:
    """The commands; each public method is one, its arguments are the line's other keys."""

    __test__ = False  # not a test class, whatever pytest thinks of the name

    def __init__(self, bed: Bed) -> None:
        self._bed = bed
        self._lock = threading.Lock()
        self._devices: dict[str, Plugged] = {}
        self._plugs = 0
        self._ports: dict[str, int] = {}

    def obey(self, line: str) -> Answer:
        """Do one command; any failure becomes an answer, as the bench must outlive a test's mistake."""
        try:
            command = json.loads(line)
            name = command.pop("do")
            if name.startswith("_") or name == "obey":
                raise ValueError(f"no such command: {name}")
            with self._lock:
                return {"ok": True} | (getattr(self, name)(**command) or {})
        except Exception as error:  # noqa: BLE001 - the border of a process: reported to the caller, who raises it
            traceback.print_exc()
            return {"ok": False, "error": f"{type(error).__name__}: {error}"}

    # -- plugging

    def plug_scanner(
        self, device: str, layout: str = "us", ring: int | None = None, **identity: Any
    ) -> Answer:
        """Plug a scanner: ``identity`` replaces name, vendor, product, serial, phys; ``ring`` see event_queue."""
        who = replace(HONEYWELL, **({"phys": self._phys(device)} | identity))
        self._keep(device, VirtualScanner(self._bed, self._next(), who, layout, ring))
        return {"node": self._scanner(device).device.node}

    def plug_touch(self, device: str, width: int = 800, height: int = 480, multi: bool = True) -> Answer:
        """Plug a touch panel."""
        who = replace(GOODIX if multi else EGALAX, phys=self._phys(device))
        self._keep(device, VirtualTouchPanel(self._bed, self._next(), who, width, height, multi))
        return {"node": self._panel(device).device.node}

    def plug_printer(self, device: str, identity: dict[str, Any] | None = None, **core: Any) -> Answer:
        """Plug a printer: ``identity`` has UsbIdentity's fields, ``core`` VirtualEscposPrinter's arguments."""
        self._keep(device, self._usb(device, UsbIdentity(**(identity or {})), VirtualEscposPrinter(**core)))
        return {"node": self._printer(device).device.node}

    def replug_printer(self, device: str) -> Answer:
        """Plug in the printer that was unplugged with ``keep``: another number, the same paper and memory."""
        printer = self._printer(device)
        self._devices[device] = self._usb(device, printer.device.identity, printer.core)
        return {"node": self._printer(device).device.node}

    def unplug(self, device: str, keep: bool = False) -> Answer:
        """Pull a device's cable; ``keep`` remembers a printer for ``replug_printer``."""
        found = self._devices[device] if keep else self._devices.pop(device)
        found.unplug()
        return {}

    def let_go(self) -> Answer:
        """The program that used the devices was killed: as the kernel then does, let it hold none any more."""
        for each in self._devices.values():
            each.device.let_go()
        return {}

    def devices(self) -> Answer:
        """The names of all plugged devices."""
        return {"devices": sorted(self._devices)}

    # -- a scanner

    def type(self, device: str, text: str, gap_seconds: float = 0.001) -> Answer:
        """Type text on a scanner."""
        self._scanner(device).type(text, gap_seconds)
        return {}

    def key(self, device: str, code: int, value: int) -> Answer:
        """Press or release one key."""
        self._scanner(device).key(code, value)
        return {}

    def events(self, device: str, events: list[list[int]]) -> Answer:
        """Send raw [type, code, value] events as one report."""
        self._input(device).emit(*[(kind, code, value) for kind, code, value in events])
        return {}

    def input_state(self, device: str) -> Answer:
        """Who holds an input device."""
        found = self._input(device)
        return {"grabbed": found.is_grabbed, "readers": found.readers}

    # -- a touch panel

    def touch(self, device: str, phase: str, slot: int, x: float, y: float, lost: bool = False) -> Answer:
        """One finger, down, move or up; ``lost`` = the kernel drops the event (SYN_DROPPED)."""
        panel = self._panel(device)
        (panel.lose if lost else panel.touch)(phase, slot, x, y)
        return {}

    # -- a printer

    def printer(self, device: str, since_job: int = 0, **state: Any) -> Answer:
        """Change a printer's state (its core's attributes: paper, cover, rate...) and report it."""
        found = self._printer(device)
        if state:
            found.core.set(**state)
        return found.report(since_job)

    # -- a customer's display

    def plug_display(self, device: str, identity: dict[str, Any] | None = None, **core: Any) -> Answer:
        """Plug a display: ``identity`` has SerialIdentity's fields, ``core`` VirtualLineDisplay's arguments."""
        who, its_core = SerialIdentity(**(identity or {})), VirtualLineDisplay(**core)
        self._keep(device, VirtualSerialDisplay(self._bed, self._next(), self._port(device), who, its_core))
        return {"node": self._display(device).node}

    def display(self, device: str, power: bool | None = None, listening: bool | None = None) -> Answer:
        """Switch a display on or off beside its adapter, stop its wire, and report what stands on it."""
        found = self._display(device)
        if power is not None:
            found.core.power(power)
        if listening is not None:
            found.is_listening = listening
        return found.report()

    def _next(self) -> int:
        """A number that no plug had before, as the kernel's are."""
        self._plugs += 1
        return self._plugs

    def _port(self, name: str) -> int:
        """The USB socket that this device always goes into."""
        return self._ports.setdefault(name, len(self._ports) + 1)

    def _phys(self, name: str) -> str:
        return f"usb-3f980000.usb-2.{self._port(name)}/input0"

    def _usb(self, name: str, identity: UsbIdentity, core: VirtualEscposPrinter) -> VirtualUsbPrinter:
        return VirtualUsbPrinter(self._bed, self._next(), self._port(name), identity, core)

    def _keep(self, name: str, device: Plugged) -> None:
        if name in self._devices:
            device.unplug()
            raise ValueError(f"{name} is plugged already")
        self._devices[name] = device

    def _scanner(self, name: str) -> VirtualScanner:
        device = self._devices[name]
        assert isinstance(device, VirtualScanner), name
        return device

    def _panel(self, name: str) -> VirtualTouchPanel:
        device = self._devices[name]
        assert isinstance(device, VirtualTouchPanel), name
        return device

    def _printer(self, name: str) -> VirtualUsbPrinter:
        device = self._devices[name]
        assert isinstance(device, VirtualUsbPrinter), name
        return device

    def _display(self, name: str) -> VirtualSerialDisplay:
        device = self._devices[name]
        assert isinstance(device, VirtualSerialDisplay), name
        return device

    def _input(self, name: str) -> Any:
        device = self._devices[name]
        assert isinstance(device, VirtualScanner | VirtualTouchPanel), name
        return device.device


def main() -> None:
    """Serve until stdin ends."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--socket", type=Path, help="path of the Unix socket (default: in a new private directory)"
    )
    arguments = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    path = arguments.socket or Path(tempfile.mkdtemp(prefix="gapless-bench-")) / "bench"
    bed = Bed()
    testbed = Testbed(bed)

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            for line in self.rfile:
                self.wfile.write(json.dumps(testbed.obey(line.decode())).encode() + b"\n")

    class Server(socketserver.ThreadingUnixStreamServer):
        daemon_threads = True

    with Server(str(path), Conversation) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdout.write(json.dumps({"root": str(bed.root), "socket": str(path)}) + "\n")
        sys.stdout.flush()
        sys.stdin.read()
    path.unlink(missing_ok=True)
    if arguments.socket is None:
        path.parent.rmdir()
    bed.close()
    os._exit(0)  # umockdev's worker threads wait for programs that may still be there


if __name__ == "__main__":
    main()
