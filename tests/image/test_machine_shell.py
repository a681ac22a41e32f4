"""The test shell's line: what is typed before anybody listens is little, as a terminal forgets what is too much."""

import os
import pty
import re
import shlex
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from image.machine.errors import MachineError
from image.machine.shell import HELLO, Shell, unit_text

PROMPT = re.compile(rb"(Z)'(\w+)' \$\?\n")


class Computer:
    """The other end: answers each command once it listens; with an open quote not before Ctrl and C close it."""

    def __init__(
        self, path: Path, after_seconds: float, *, says_hello: bool = True, has_open_quote: bool = False
    ) -> None:
        self.commands: list[bytes] = []
        self._has_open_quote = has_open_quote
        self._after, self._says_hello = after_seconds, says_hello
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        line, _ = self._listener.accept()
        time.sleep(self._after)
        if self._says_hello:
            line.sendall(f"{HELLO}\r\n".encode())
        said = b""
        while piece := line.recv(4096):
            said += piece
            if self._has_open_quote and b"\x03" in said:
                said, self._has_open_quote = said.rpartition(b"\x03")[2], False
            while not self._has_open_quote and (found := PROMPT.search(said)):
                self.commands.append(said[: found.start()])
                line.sendall(b"fine\r\n" + found[1] + found[2] + b":0\r\n")
                said = said[found.end() :]


def seconds_of(action: Callable[[], None]) -> float:
    begin = time.monotonic()
    action()
    return time.monotonic() - begin


def test_a_shell_in_which_half_a_line_left_a_quote_open_is_taken_out_of_it(tmp_path: Path) -> None:
    computer = Computer(tmp_path / "shell", 0, has_open_quote=True)
    shell = Shell(tmp_path / "shell", probe_seconds=0.5)
    shell.wait(30)
    assert [b"stty" in each for each in computer.commands] == [True]
    assert shell.ask("whatever")[0] == 0


def test_a_computer_that_is_off_is_named(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="it is off"):
        Shell(tmp_path / "shell")


def test_a_shell_that_comes_late_was_typed_on_once(tmp_path: Path) -> None:
    computer = Computer(tmp_path / "shell", 1.5)
    shell = Shell(tmp_path / "shell")
    assert 1 < seconds_of(lambda: shell.wait(30)) < 10
    assert [b"true" in each for each in computer.commands] == [True, False]
    assert shell.ask("whatever")[0] == 0


def test_after_a_snapshot_the_shell_answers_without_a_greeting(tmp_path: Path) -> None:
    computer = Computer(tmp_path / "shell", 0, says_hello=False)
    Shell(tmp_path / "shell").wait(30)
    assert len(computer.commands) == 2


def test_a_shell_that_does_not_come_is_missed_in_time(tmp_path: Path) -> None:
    Computer(tmp_path / "shell", 60)
    shell = Shell(tmp_path / "shell")
    with pytest.raises(MachineError, match="did not answer in 1 seconds"):
        shell.wait(1)


def test_a_computer_that_is_gone_is_not_waited_for(tmp_path: Path) -> None:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "shell"))
    listener.listen()
    shell = Shell(tmp_path / "shell")
    listener.accept()[0].close()
    with pytest.raises(MachineError, match="gone"):
        shell.wait(60)


def until(terminal: int, end: bytes) -> bytes:
    said = b""
    while end not in said:
        said += os.read(terminal, 4096)
    return said


def test_the_unit_greets_and_writes_nothing_but_what_commands_write() -> None:
    """A shell that is started by another one has a prompt again."""
    found = re.search(r"^ExecStart=(.*)$", unit_text(), re.MULTILINE)
    assert found
    ours, its = pty.openpty()
    environment = {"PS1": "", "PS2": "", "PATH": os.environ["PATH"]}
    shell = subprocess.Popen(
        shlex.split(found[1]), stdin=its, stdout=its, stderr=its, env=environment, start_new_session=True
    )
    try:
        until(ours, HELLO.encode())
        os.write(ours, b"stty -echo; echo qui''et\n")
        until(ours, b"quiet\r\n")
        os.write(ours, b"{ echo one\n} </dev/null; echo end\n")
        said = until(ours, b"end\r\n")
    finally:
        shell.kill()
        shell.wait(10)
    assert said.split() == [b"one", b"end"]
