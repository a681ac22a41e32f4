"""QEMU's control socket: commands and their answers, and the events between them."""

from __future__ import annotations

import json
import select
import socket
import time
from pathlib import Path
from typing import Any, Final

from image.machine.errors import MachineError

ANSWER_SECONDS: Final = 120.0


class Qmp:
    """One connection; for one thread.

    Args:
        path: the socket.
        seconds: how long to wait until QEMU listens.

    Raises:
        MachineError: it did not.
    """

    def __init__(self, path: Path, seconds: float = 10.0) -> None:
        self.events: list[dict[str, Any]] = []
        self._line = _connect(path, seconds)
        self._rest = b""
        self._line.settimeout(ANSWER_SECONDS)
        self._read()  # the greeting
        self.ask("qmp_capabilities")

    def ask(self, command: str, **arguments: Any) -> Any:
        """Send a command (an underscore in an argument's name stands for a dash) and return what it answers.

        Raises:
            MachineError: QEMU refused it or is gone.
        """
        named = {name.replace("_", "-"): value for name, value in arguments.items()}
        request = {"execute": command, "arguments": named}
        try:
            self._line.sendall(json.dumps(request).encode() + b"\n")
            while True:
                answer = self._read()
                if "return" in answer:
                    return answer["return"]
                if "error" in answer:
                    raise MachineError(f"QEMU refused {command}: {answer['error'].get('desc')}")
                self.events.append(answer)
        except OSError as error:
            raise MachineError(f"QEMU did not answer to {command}: {error}") from None

    def monitor(self, line: str) -> str:
        """A command of the human monitor, which alone has savevm and loadvm."""
        return str(self.ask("human-monitor-command", command_line=line)).strip()

    def wait_for(self, event: str, seconds: float) -> dict[str, Any]:
        """The data of the next event of this name, also of one that came before and was not asked for yet.

        Raises:
            MachineError: none came in time, or QEMU ended without one.
        """
        end = time.monotonic() + seconds
        while True:
            for each in self.events:
                if each.get("event") == event:
                    self.events.remove(each)
                    return dict(each.get("data") or {})
            left = end - time.monotonic()
            if left <= 0 or not (self._rest or select.select([self._line], [], [], left)[0]):
                raise MachineError(f"QEMU did not tell of {event} in {seconds:.0f} seconds.")
            self.events.append(self._read())

    def close(self) -> None:
        """Let go."""
        self._line.close()

    def _read(self) -> dict[str, Any]:
        while b"\n" not in self._rest:
            piece = self._line.recv(65536)
            if not piece:
                raise MachineError("QEMU is gone.")
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer


def _connect(path: Path, seconds: float) -> socket.socket:
    end = time.monotonic() + seconds
    while True:
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(str(path))
        except OSError as error:
            line.close()
            if time.monotonic() > end:
                raise MachineError(f"QEMU does not listen on {path.name}: {error}") from None
            time.sleep(0.05)
        else:
            return line
