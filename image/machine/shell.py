"""A root shell in the computer for measuring, on a console of its own; the card knows nothing of it.

systemd takes units from credentials, and QEMU hands credentials over (fw_cfg): the shell is such a unit. A real board
has no fw_cfg, so this opens nothing there. QEMU limits names to 55 characters, hence the unit's short one.
"""

from __future__ import annotations

import base64
import itertools
import re
import select
import socket
import time
from pathlib import Path
from typing import Final

from image.machine.errors import MachineError

UNIT: Final = "t.service"
CREDENTIAL: Final = f"opt/io.systemd.credentials/systemd.extra-unit.{UNIT}"
HELLO: Final = "the-shell-listens"
_UNIT_TEXT: Final = f"""[Unit]
Description=Shell of the test bench
DefaultDependencies=no
After=sysinit.target
[Service]
Environment=TERM=dumb PS1= PS2= HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
ExecStart=/bin/bash -c 'echo {HELLO}; exec env PS1= PS2= /bin/bash --norc --noprofile --noediting -i'
StandardInput=tty-force
StandardOutput=tty
StandardError=tty
TTYPath=TERMINAL
Restart=always
"""
_PROBE_SECONDS: Final = 60.0
"""What is typed before the shell listens waits in the terminal, which holds 4096 characters and cuts the rest off in
the middle of a command: so it is typed seldom."""
_LONGEST_LINE = 1000
"""A terminal's line holds 4096 characters; what is longer is cut off without a word."""


def unit_text(terminal: str = "/dev/hvc0") -> str:
    """The unit of a shell on a terminal of the computer."""
    return _UNIT_TEXT.replace("TERMINAL", terminal)


class NoAnswerError(MachineError):
    """Nothing came back in time."""


class Shell:
    """One connection to the shell; for one thread.

    Args:
        path: the socket that QEMU put the console's other end on.
        probe_seconds: how long what is typed to find out whether it listens may take.

    Raises:
        MachineError: the computer is off.
    """

    def __init__(self, path: Path, probe_seconds: float = _PROBE_SECONDS) -> None:
        self._probe_seconds = probe_seconds
        self._line = socket.socket(socket.AF_UNIX)
        try:
            self._line.connect(str(path))
        except OSError as error:
            raise MachineError(f"The computer has no shell, it is off: {error}") from None
        self._numbers = itertools.count(1)

    def wait(self, seconds: float) -> None:
        """Wait until it answers, which is long after the computer was switched on.

        Raises:
            MachineError: it did not in time.
        """
        end = time.monotonic() + seconds
        while not self._answers(min(self._probe_seconds, end - time.monotonic())):
            if time.monotonic() > end:
                raise MachineError(f"The computer's shell did not answer in {seconds:.0f} seconds.")
        while True:
            try:
                self.run("stty -echo -F /dev/stdout", self._probe_seconds)
                return
            except NoAnswerError:
                if time.monotonic() > end:
                    raise
                # Half of what was typed is thrown away when the terminal is made ready: a quote or a brace may be open.
                self._send("\x03\n")

    def _answers(self, seconds: float) -> bool:
        """Whether it says hello, as at each start, or answers, as after a snapshot."""
        try:
            self._until(rf"{self._type('true')}|{HELLO}\r?\n", seconds, "The greeting")
        except NoAnswerError:
            return False
        return True

    def run(self, command: str, seconds: float = 240.0) -> str:
        """Run a command and return what it wrote, errors included.

        Raises:
            MachineError: it failed or did not end in time; with its last words.
        """
        code, words = self.ask(command, seconds)
        if code:
            raise MachineError(f"{command.splitlines()[0][:120]} failed ({code}): {words[-800:]}")
        return words

    def ask(self, command: str, seconds: float = 240.0) -> tuple[int, str]:
        """As ``run``, and a failure is an answer too: its exit code comes first."""
        return self._until(self._type(command), seconds, command.splitlines()[0][:120])

    def _type(self, command: str) -> str:
        """Type a command; returns the pattern of its end, with the exit code as its group."""
        mark = f"Z{next(self._numbers)}{time.monotonic_ns()}Z"
        # the mark is put together by printf, so that an echo of this line cannot be taken for the answer
        self._send(f"{{ {command}\n}} </dev/null 2>&1; printf '%s:%d\\n' {mark[:1]}'{mark[1:]}' $?\n")
        return rf"{mark}:(\d+)\r?\n"

    def put(self, path: str, content: bytes) -> None:
        """Write a file in the computer."""
        text = base64.b64encode(content).decode()
        self.run(f": >{path}.b64")
        for at in range(0, len(text), _LONGEST_LINE):
            self.run(f"printf %s {text[at : at + _LONGEST_LINE]} >>{path}.b64")
        self.run(f"base64 -d <{path}.b64 >{path} && rm {path}.b64")

    def get(self, path: str) -> bytes:
        """Read a file in the computer."""
        return base64.b64decode(self.run(f"base64 {path}", 120))

    def close(self) -> None:
        """Let go; the shell goes on."""
        self._line.close()

    def _send(self, text: str) -> None:
        try:
            self._line.sendall(text.encode())
        except OSError as error:
            raise MachineError(f"The computer's shell is gone: {error}") from None

    def _until(self, pattern: str, seconds: float, what: str) -> tuple[int, str]:
        mark, end, said = re.compile(pattern.encode()), time.monotonic() + seconds, b""
        while (left := end - time.monotonic()) > 0:
            if not select.select([self._line], [], [], left)[0]:
                break
            piece = self._line.recv(65536)
            if not piece:
                raise MachineError("The computer's shell is gone.")
            said += piece
            if found := mark.search(said):
                text = said[: found.start()].decode(errors="replace").replace("\r", "")
                return int(found[1] or 0), text.strip("\n")
        words = said[-300:].decode(errors="replace")
        raise NoAnswerError(f"{what} did not end in {seconds:.0f} seconds: {words}")
