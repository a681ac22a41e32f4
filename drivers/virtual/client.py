"""The bench as tests, the demo and its panel hold it: plug devices, scan, touch, run out of paper.

A program under test sees the devices when it has ``VirtualBench.environment()``: libumockdev-preload loaded
and the bench's directory. Measured: a Kivy window works under the preload with the directory set, off screen
(SDL's offscreen driver, llvmpipe) and on X (Xvfb), with the same pixels and frame time as without, so the
kiosk can run on the bench as it is.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PRELOAD = "libumockdev-preload.so.0"
SYSTEM_PYTHON = "/usr/bin/python3"
_ANSWER_TIMEOUT_SECONDS = 30.0


class BenchError(RuntimeError):
    """The bench refused a command or is not there."""


class VirtualBench:
    """Talks to the bench's process over its socket; may be used from several threads."""

    def __init__(self, socket_path: str, root: str, process: subprocess.Popen[str] | None = None) -> None:
        self.root, self.socket_path = root, socket_path
        self._process = process
        self._lock = threading.Lock()
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._line.settimeout(_ANSWER_TIMEOUT_SECONDS)
        self._line.connect(socket_path)
        self._answers = self._line.makefile("r", encoding="utf-8")

    @classmethod
    def start(cls, socket_path: Path | None = None) -> Self:
        """Start the bench's process; it ends with ``close()`` or when this program dies.

        Raises:
            BenchError: when Debian's umockdev or python3-gi is missing.
        """
        hidden = ("UMOCKDEV_DIR", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
        environment = {name: value for name, value in os.environ.items() if name not in hidden}
        environment["LD_PRELOAD"] = PRELOAD
        command = [SYSTEM_PYTHON, "-m", "drivers.virtual.testbed"]
        process = subprocess.Popen(
            command + (["--socket", str(socket_path)] if socket_path else []),
            cwd=Path(__file__).resolve().parents[2],
            env=environment | {"PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        first = process.stdout.readline()
        if not first:
            process.wait()
            raise BenchError(
                "the virtual bench did not start; it needs Debian's umockdev, gir1.2-umockdev-1.0, python3-gi"
            )
        hello = json.loads(first)
        return cls(hello["socket"], hello["root"], process)

    @classmethod
    def connect(cls, socket_path: str, root: str) -> Self:
        """Join a bench that another program started (the demo's panel does)."""
        return cls(socket_path, root)

    def environment(self) -> dict[str, str]:
        """What a program needs in its environment to see these devices instead of the machine's own."""
        loaded = [name for name in os.environ.get("LD_PRELOAD", "").split(":") if name and name != PRELOAD]
        return {"LD_PRELOAD": ":".join([PRELOAD, *loaded]), "UMOCKDEV_DIR": self.root}

    def do(self, command: str, **arguments: Any) -> dict[str, Any]:
        """Send one command and wait for its answer.

        Raises:
            BenchError: when it was refused.
        """
        with self._lock:
            self._line.sendall(json.dumps({"do": command} | arguments).encode() + b"\n")
            line = self._answers.readline()
        if not line:
            raise BenchError("the virtual bench is gone")
        answer: dict[str, Any] = json.loads(line)
        if not answer.pop("ok"):
            raise BenchError(answer["error"])
        return answer

    def close(self) -> None:
        """Leave; ends the bench when this object started it. Close every driver first: see testbed."""
        self._answers.close()
        self._line.close()
        if self._process is not None:
            assert self._process.stdin is not None and self._process.stdout is not None
            self._process.stdin.close()
            self._process.wait(10)
            self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def devices(self) -> list[str]:
        """Names of the plugged devices."""
        return list(self.do("devices")["devices"])

    def unplug(self, device: str, *, keep: bool = False) -> None:
        """Pull a cable; ``keep`` remembers a printer (its paper, its buffer) for ``replug_printer``."""
        self.do("unplug", device=device, keep=keep)

    def let_go(self) -> None:
        """Call it once the program that used the devices was killed, before the next one starts.

        The kernel takes the devices from a dead program. umockdev goes on to call it connected when it died in the
        middle of a call (read in its source; seen at 1 kill of 35).
        """
        self.do("let_go")

    # -- a scanner

    def plug_scanner(self, device: str = "scanner", **how: Any) -> str:
        """Plug a scanner and return its node; ``how``: layout, ring, name, vendor, product, serial, phys."""
        return str(self.do("plug_scanner", device=device, **how)["node"])

    def scan(self, text: str, device: str = "scanner", *, suffix: str = "\n") -> None:
        """Read a barcode: types it, then Enter."""
        self.type(text + suffix, device)

    def type(self, text: str, device: str = "scanner", gap_seconds: float = 0.001) -> None:
        """Type text as the scanner does."""
        self.do("type", device=device, text=text, gap_seconds=gap_seconds)

    def key(self, code: int, value: int, device: str = "scanner") -> None:
        """Press (1), repeat (2) or release (0) one key."""
        self.do("key", device=device, code=code, value=value)

    def tap(self, *codes: int, device: str = "scanner") -> None:
        """Press and release keys, one after the other."""
        for code in codes:
            self.key(code, 1, device)
            self.key(code, 0, device)

    def events(self, *events: tuple[int, int, int], device: str = "scanner") -> None:
        """Send raw (type, code, value) events as one report."""
        self.do("events", device=device, events=[list(event) for event in events])

    def input_state(self, device: str = "scanner") -> dict[str, Any]:
        """{"grabbed": bool, "readers": how many open files}."""
        return self.do("input_state", device=device)

    # -- a touch panel

    def plug_touch(self, device: str = "touch", **how: Any) -> str:
        """Plug a touch panel and return its node; ``how``: width, height, multi."""
        return str(self.do("plug_touch", device=device, **how)["node"])

    def touch(
        self, phase: str, x: float, y: float, slot: int = 0, *, device: str = "touch", lost: bool = False
    ) -> None:
        """One finger "down", "move" or "up" at x, y in 0..1, y from the top; ``lost`` = SYN_DROPPED."""
        self.do("touch", device=device, phase=phase, slot=slot, x=x, y=y, lost=lost)

    def tap_screen(self, x: float, y: float, slot: int = 0, *, device: str = "touch") -> None:
        """Finger down and up at one place."""
        self.touch("down", x, y, slot, device=device)
        self.touch("up", x, y, slot, device=device)

    # -- a printer

    def plug_printer(
        self, device: str = "printer", identity: dict[str, Any] | None = None, **how: Any
    ) -> str:
        """Plug a printer and return its node.

        ``identity`` are UsbIdentity's fields, ``how`` VirtualEscposPrinter's arguments: rate, buffer_bytes, quirks.
        """
        return str(self.do("plug_printer", device=device, identity=identity, **how)["node"])

    def replug_printer(self, device: str = "printer") -> str:
        """Plug in the printer that was unplugged with ``keep``."""
        return str(self.do("replug_printer", device=device)["node"])

    def printer(self, device: str = "printer", since_job: int = 0, **state: Any) -> dict[str, Any]:
        """Change the printer's state (paper, paper_left, nearend, cover, drawer_open, dead, rate), report it.

        The report's ``jobs`` are the executed bytes cut by cut (the last is what came after the last cut),
        from job ``since_job`` on, as bytes; ``kicks`` one [pin, on ms, off ms] per drawer pulse.
        """
        report = self.do("printer", device=device, since_job=since_job, **state)
        report["jobs"] = [base64.b64decode(job) for job in report["jobs"]]
        return report

    # -- a customer's display

    def plug_display(
        self, device: str = "display", identity: dict[str, Any] | None = None, **how: Any
    ) -> str:
        """Plug a display and return its node.

        ``identity`` are SerialIdentity's fields, ``how`` VirtualLineDisplay's arguments: commands, pages.
        """
        return str(self.do("plug_display", device=device, identity=identity, **how)["node"])

    def display(self, device: str = "display", **state: bool) -> dict[str, Any]:
        """Change ``power`` or ``listening`` (whether its wire takes anything), and report it.

        ``lines`` is what stands on it, ``history`` all that it showed, ``unknown`` the commands that it does not know.
        """
        return self.do("display", device=device, **state)
