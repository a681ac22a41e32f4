"""One machine: the card in it, started as the firmware would, and the states that a cut would leave."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from image.machine.fat import Fat
from image.machine.firmware import read_boot

BOOT_OFFSET: Final = 4 * 1024 * 1024
MARK: Final = "REHEARSAL "
START_SECONDS: Final = 1500.0
WORDS: Final = "console=ttyS0,115200 init=/usr/lib/gapless/rehearsal/init loglevel=4"

Said = dict[str, Any]
Heard = Callable[[Said], object]


def never(_said: Said) -> None:
    """Nobody listens."""


@dataclass
class Machine:
    """A card in a machine.

    Attributes:
        card: the disk image; written to.
        sticks: disks with bundles on them: vdb, vdc ...
        log: what it writes on its console.
        said: what it said of itself there.
    """

    card: Path
    sticks: list[Path]
    log: Path
    said: list[Said] = field(default_factory=list)

    def start(self, words: str = "", heard: Heard = never) -> str:
        """Switch it on; ends when it switches itself off or asks for a restart.

        Args:
            words: more for the kernel's command line.
            heard: is shown each thing that it says.

        Returns:
            "off", "again", or "dead" if it said neither.
        """
        work = self.log.with_suffix(f".boot{time.monotonic_ns()}")
        work.mkdir()
        fat = Fat(self.card, BOOT_OFFSET)
        boot = read_boot(fat)  # as the Pi's first stage: config.txt, slot.txt
        (work / "kernel").write_bytes(fat.read(boot.kernel))
        (work / "initrd").write_bytes(fat.read(boot.initrd))
        line = boot.line.replace("quiet", "").replace("loglevel=3", "")
        kernel = ["-kernel", str(work / "kernel"), "-initrd", str(work / "initrd")]
        return self._run([*kernel, "-append", f"{line} {WORDS} {words}"], heard)

    def keep_state(self, to: Path) -> None:
        """Copy the card as it is at this moment, while the machine stands still: as a cut would leave it.

        What the machine has not sent to its disk yet is not in it; what it was told is safe, is.
        """
        _tell(self._monitor, "stop")
        try:
            copy_disk(self.card, to)
        finally:
            _tell(self._monitor, "cont")

    @property
    def _monitor(self) -> Path:
        return self.log.with_suffix(".monitor")

    def last(self, what: str) -> Said:
        """The last thing of a kind that it said, {} if it said none."""
        return next((each for each in reversed(self.said) if each["what"] == what), {})

    def _run(self, more: list[str], heard: Heard) -> str:
        process = subprocess.Popen(
            [*self._hardware(), *more],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        killer = threading.Timer(START_SECONDS, process.kill)
        killer.start()
        try:
            return self._listen(process, heard)
        finally:
            killer.cancel()
            process.kill()
            process.wait()

    def _listen(self, process: subprocess.Popen[str], heard: Heard) -> str:
        came_to = "dead"
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"\n=== on, {time.strftime('%H:%M:%S')}\n")
            for line in process.stdout or ():
                log.write(line)
                log.flush()
                said = _said_in(line)
                if said is not None:
                    self.said.append(said)
                    came_to = {"done": "off", "starts anew": "again"}.get(said["what"], came_to)
                    heard(said)
        return came_to

    def _hardware(self) -> list[str]:
        command = ["qemu-system-x86_64", "-M", "q35,usb=off", "-accel", "tcg,thread=multi", "-cpu", "Nehalem"]
        command += ["-smp", "1", "-m", "640", "-nodefaults", "-display", "none", "-no-reboot"]
        command += ["-serial", "stdio", "-device", "virtio-rng-pci"]
        command += ["-monitor", f"unix:{self._monitor},server=on,wait=off"]
        for number, (disk, is_read_only) in enumerate(
            ((self.card, "off"), *((each, "on") for each in self.sticks))
        ):
            drive = f"if=none,id=d{number},file={disk},format=raw,cache=writeback,read-only={is_read_only}"
            command += ["-drive", drive, "-device", f"virtio-blk-pci,drive=d{number},addr={number + 4}"]
        return command


def copy_disk(disk: Path, to: Path) -> None:
    """Copy a disk image, its holes as holes."""
    to.unlink(missing_ok=True)
    subprocess.run(["cp", "--sparse=always", "--reflink=auto", str(disk), str(to)], check=True)


def _said_in(line: str) -> Said | None:
    """What a line of the console says; None for the kernel's own, and for words that were cut in the middle."""
    try:
        found = json.loads(line.partition(MARK)[2]) if MARK in line else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _tell(monitor: Path, *commands: str) -> str:
    """Tell QEMU's monitor something, and return what it answers at once."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(monitor))
        for command in commands:
            line.sendall(f"{command}\n".encode())
        line.settimeout(0.3)
        said = b""
        try:
            while chunk := line.recv(65536):
                said += chunk
        except TimeoutError:
            pass
    return said.decode("utf-8", "replace")
