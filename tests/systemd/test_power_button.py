"""The board's power button, as the program hears it: events of the kernel's own shape, through a pipe."""

import os
import struct
import subprocess
from pathlib import Path

from tests.systemd.units import SYSTEMD

KEY, SYN, POWER, VOLUME = 1, 0, 116, 114


def event(kind: int, code: int, value: int) -> bytes:
    """struct input_event of a computer of 64 bits (linux/input.h)."""
    return struct.pack("<qqHHi", 1_795_000_000, 999_999, kind, code, value)


def press(folder: Path, *events: bytes) -> tuple[int, str]:
    """How the program ended after these events, and what it had systemd do."""
    said, pipe = folder / "said", folder / "event3"
    (folder / "systemctl").write_text(f'#!/bin/sh\necho "$@" >>{said}\n')
    (folder / "systemctl").chmod(0o755)
    os.mkfifo(pipe)
    path = f"{folder}:{os.environ['PATH']}"
    program = subprocess.Popen([SYSTEMD / "power-button", pipe], env={"PATH": path})
    # Open both ways, so that it stays open while the program opens it for each event.
    with pipe.open("r+b", buffering=0) as button:
        for each in events:
            button.write(each)
        try:
            code = program.wait(2)
        except subprocess.TimeoutExpired:
            program.kill()
            code = -program.wait()
    return code, said.read_text() if said.exists() else ""


def test_pressed_it_switches_the_till_off(tmp_path: Path) -> None:
    events = (event(KEY, VOLUME, 1), event(SYN, 0, 0), event(KEY, POWER, 1), event(SYN, 0, 0))
    assert press(tmp_path, *events) == (0, "--no-block poweroff\n")


def test_no_other_key_and_no_letting_go_does(tmp_path: Path) -> None:
    events = (event(KEY, VOLUME, 1), event(KEY, POWER, 0), event(SYN, POWER, 1), event(KEY, POWER, 2))
    assert press(tmp_path, *events) == (9, "")
