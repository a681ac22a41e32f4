"""A flashed card starts for the first time and ends on the sign-in screen.

The technician's settings were on the card before. Nothing but the data partition is written, nothing failed, and what
was secret in the settings is no longer there to be read.
"""

from __future__ import annotations

from image.machine.counter import KIOSK, STEP_SECONDS, Counter
from image.machine.errors import SceneError

ROOTS = (2, 3)
"""The partitions of the two systems."""


def play(counter: Counter) -> None:
    """Switch on, and look at everything."""
    seconds = counter.switch_on()
    computed = counter.machine.cpu_seconds
    counter.album.figure(
        "From switched on to READY", f"{seconds:.0f} s, emulated; {computed:.0f} s of computing"
    )
    counter.wait_for_first_picture()
    counter.sees_who_is_there()
    counter.keep("The first screen: who is there?")
    sheet = counter.printer.wait_for_paper(1, STEP_SECONDS)
    counter.album.picture("The hand-over sheet, printed by itself", sheet)
    counter.inside.wait_until_all_is_started()
    measure(counter)
    if failed := counter.inside.failed_units():
        raise SceneError(f"Units failed: {', '.join(failed)}.")
    for number in ROOTS:
        if counter.inside.sectors_written(number):
            raise SceneError(f"The start wrote to partition {number}, which is to be read only.")
    look_for_secrets(counter)


def measure(counter: Counter) -> None:
    """Figures that the note wants: systemd's times, memory."""
    shell, album = counter.machine.shell, counter.album
    album.figure("systemd", shell.run("systemd-analyze time", STEP_SECONDS).replace("\n", " "))
    chain = shell.run(f"systemd-analyze critical-chain {KIOSK}", STEP_SECONDS)
    (album.folder / "critical-chain.txt").write_text(chain + "\n", encoding="utf-8")
    used, whole = counter.inside.memory_mib()
    album.figure("Memory in use", f"{used} MiB of {whole}")
    size = shell.run(f"systemctl show -P MemoryCurrent {KIOSK}").strip()
    album.figure("of it the kiosk", f"{int(size) // 1024 // 1024} MiB" if size.isdigit() else size)


def look_for_secrets(counter: Counter) -> None:
    """The boot partition can be read on any PC: no secret may be left on it."""
    found = counter.machine.shell.run("cat /boot/firmware/till.toml")
    for secret in (counter.shop.key, counter.shop.secret):
        if secret in found:
            raise SceneError("The shop's key still stands in till.toml on the boot partition.")
