"""One computer: starts QEMU on the card as a Pi starts on it, and switches it off in every way there is."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from image.machine.arch import Arch, arch_of
from image.machine.disk import Card
from image.machine.errors import MachineError
from image.machine.fat import Fat
from image.machine.firmware import BOARD, Boot, read_boot
from image.machine.flash import Flash
from image.machine.kernel_line import kernel_line
from image.machine.qmp import Qmp
from image.machine.shell import CREDENTIAL, UNIT, Shell, unit_text
from image.machine.sockets import Sockets

BOOT_PARTITION: Final = 1
MEMORY_MIB: Final = 1024
"""As a Pi 3 has."""
_KEY_NAME: Final = "board.key"
_KEY: Final = f"opt/{_KEY_NAME}"
_KEY_FILE: Final = f"/sys/firmware/qemu_fw_cfg/by_name/{_KEY}/raw"
"""Where the computer reads what QEMU was given under that name."""


@dataclass(slots=True)
class Machine:
    """A computer with this card in it.

    Attributes:
        card: what it boots from.
        folder: for its sockets and its log; a short path, as sockets need.
        size: of its screen, in pixels.
        flash: what a cut does to the card; without one it keeps all that it was given. With one, no snapshots.
        board_key: that was burned into the board, 64 hexadecimal digits; "" for none.
        boot: what the firmware started last.
        starts: how often it was switched on.
    """

    card: Card
    folder: Path
    size: tuple[int, int] = (800, 480)
    flash: Flash | None = None
    board_key: str = ""
    memory_mib: int = MEMORY_MIB
    extra: Sequence[str] = ()
    sockets: Sockets = field(init=False)
    arch: Arch = field(init=False)
    boot: Boot = field(init=False)
    starts: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _qmp: Qmp | None = None
    _shell: Shell | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.sockets = Sockets(self.folder)

    @property
    def console(self) -> Path:
        """The kernel's and systemd's log, of all starts."""
        return self.folder / "console.log"

    @property
    def qmp(self) -> Qmp:
        """QEMU's control socket."""
        if self._qmp is None:
            raise MachineError("The computer is off.")
        return self._qmp

    @property
    def shell(self) -> Shell:
        """The test shell; wait for it first."""
        if self._shell is None:
            self._shell = Shell(self.sockets.shell)
        return self._shell

    @property
    def cpu_seconds(self) -> float:
        """How long it has computed since it was switched on: its own age, whatever else this computer does."""
        if self._process is None:
            raise MachineError("The computer is off.")
        words = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def is_on(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def put_in(self, flash: Flash) -> None:
        """Put another card in, which loses at a cut what a card may lose; the computer must be off."""
        self.card, self.flash = flash.card, flash

    def start(self, snapshot: str = "") -> None:
        """Switch it on: do the firmware's part and let the kernel run, or go on from a snapshot.

        Raises:
            MachineError: it is on already, the card has nothing to boot, or QEMU does not start.
        """
        if self.is_on:
            raise MachineError("The computer is on already.")
        if self.flash is not None:
            self.flash.begin()
        self.load_firmware()
        for path in self.folder.glob("*.sock"):
            path.unlink()
        (self.folder / UNIT).write_text(unit_text())
        (self.folder / _KEY_NAME).write_text(f"{self.board_key}\n")
        command = self.command() + (["-loadvm", snapshot] if snapshot else [])
        log = self.folder / "qemu.log"
        with log.open("ab") as words:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=words, stderr=words)
        self.starts += 1
        try:
            self._qmp = Qmp(self.sockets.control)
        except MachineError as error:
            self.cut()
            raise MachineError(f"{error} {log.read_text(errors='replace')[-500:]}") from None

    def load_firmware(self) -> None:
        """Read the boot partition and lay kernel and initrd out for QEMU."""
        self.lay_out(Fat(self.card.copy_out(BOOT_PARTITION, self.folder / "boot.fat")), BOARD)

    def lay_out(self, fat: Fat, board: Collection[str]) -> None:
        """Lay out what the firmware of a board finds on the boot partition: of which filters, config.txt's."""
        self.boot = read_boot(fat, board)
        kernel = fat.read(self.boot.kernel)
        self.arch = arch_of(kernel)
        (self.folder / "kernel").write_bytes(kernel)
        (self.folder / "initrd").write_bytes(fat.read(self.boot.initrd) if self.boot.initrd else b"")

    def command(self) -> list[str]:
        """QEMU and its arguments; public, as a person may want to start it by hand."""
        if shutil.which(self.arch.program) is None:
            raise MachineError(f"{self.arch.program} is not installed (Debian: {self.arch.package}).")
        line = kernel_line(self.boot.line, self.arch.console, _KEY_FILE if self.board_key else "")
        width, height = self.size
        return [
            *[self.arch.program, *self.arch.machine, "-accel", "tcg,thread=multi", "-smp", "2"],
            *["-m", str(self.memory_mib), "-nodefaults", "-display", "none", "-no-reboot"],
            *[
                "-kernel",
                str(self.folder / "kernel"),
                "-initrd",
                str(self.folder / "initrd"),
                "-append",
                line,
            ],
            *["-fw_cfg", f"name={CREDENTIAL},file={self.folder / UNIT}"],
            *(["-fw_cfg", f"name={_KEY},file={self.folder / _KEY_NAME}"] if self.board_key else []),
            *self._disk(),
            *["-device", f"virtio-gpu-pci,xres={width},yres={height}", "-device", "virtio-rng-pci"],
            *["-device", "qemu-xhci,id=usb", "-device", "usb-kbd,bus=usb.0,id=scanner"],
            *["-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,id=card,romfile="],
            *["-chardev", f"file,id=console,path={self.console},append=on", "-serial", "chardev:console"],
            *["-chardev", f"socket,id=shell,path={self.sockets.shell},server=on,wait=off"],
            *["-device", "virtio-serial-pci", "-device", "virtconsole,chardev=shell"],
            *self._usb(),
            *["-qmp", f"unix:{self.sockets.control},server=on,wait=off", *self.extra],
        ]

    def _disk(self) -> list[str]:
        files = ["-blockdev", f"driver=file,filename={self.card.overlay},node-name=file"]
        files += ["-blockdev", "driver=qcow2,file=file,node-name=card0,discard=unmap"]
        node = "card0"
        if self.flash is not None:
            files += self.flash.logging(node, "logged")
            node = "logged"
        return [*files, "-device", f"virtio-blk-pci,drive={node},id=disk"]

    def _usb(self) -> list[str]:
        arguments = []
        for name in self.sockets.usb:
            path = self.sockets.usb_socket(name)
            arguments += ["-chardev", f"socket,id=usb-{name},path={path},server=on,wait=off"]
            arguments += ["-device", f"usb-redir,bus=usb.0,chardev=usb-{name},id={name}"]
        return arguments

    def wait_for_reboot(self, seconds: float) -> None:
        """Wait until the card asks for a reboot, and start again as the firmware would.

        Raises:
            MachineError: it did not in time, or switched off instead.
        """
        why = self.qmp.wait_for("SHUTDOWN", seconds)
        self.wait_off(30)
        if why.get("reason") != "guest-reset":
            raise MachineError(f"The card did not reboot, it ended: {why.get('reason')}.")
        self.start()

    def wait_off(self, seconds: float) -> None:
        """Wait until it is off.

        Raises:
            MachineError: it is not in time.
        """
        if self._process is not None:
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                raise MachineError(f"The computer is not off after {seconds:.0f} seconds.") from None
        self._let_go()

    def cut(self) -> None:
        """Cut the power: the process is killed, and what the card was not given yet is gone."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(30)
            if self.flash is not None:
                self.flash.lose()
        self._let_go()

    def save(self, snapshot: str) -> float:
        """Keep the whole running computer in the card's overlay; returns the seconds that it took."""
        return self._snapshot("savevm", snapshot)

    def load(self, snapshot: str) -> float:
        """Go back to a snapshot; returns the seconds that it took. Unplug devices of ours before."""
        return self._snapshot("loadvm", snapshot)

    def _snapshot(self, verb: str, name: str) -> float:
        start = time.monotonic()
        words = self.qmp.monitor(f"{verb} {name}")
        if words:
            raise MachineError(f"{verb} failed: {words}")
        return time.monotonic() - start

    def _let_go(self) -> None:
        if self._qmp is not None:
            self._qmp.close()
        if self._shell is not None:
            self._shell.close()
        self._qmp = self._shell = self._process = None
