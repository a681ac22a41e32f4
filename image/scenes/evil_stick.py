"""A stick that is a copy of a card, with all its numbers, is in the socket at the start: the till starts from its card.

Whoever stands at the counter can pull the plug and put it in again, and anybody can build a card with these numbers.
"""

from __future__ import annotations

from typing import Final

from image.machine.counter import Counter
from image.machine.disk import run
from image.machine.errors import SceneError
from image.scenes.at_the_till import sign_in_anew

PLACES: Final = ("/", "/data", "/var/lib/till", "/boot/firmware")


def play(counter: Counter) -> None:
    """Start with the copy in a socket, and look where everything came from."""
    sold = len(counter.inside.till_books().sales) if counter.machine.is_on else None
    if counter.machine.is_on:
        counter.cut_power()
    copy, base = counter.folder / "copy.qcow2", counter.machine.card.base
    copy.unlink(missing_ok=True)
    run(["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", base, copy])
    own = tuple(counter.machine.extra)
    drive = f"driver=qcow2,node-name=copy,file.driver=file,file.filename={copy}"
    there = ("-blockdev", drive, "-device", "usb-storage,bus=usb.0,id=copy,drive=copy")
    counter.machine.extra = (*own, *there)
    try:
        counter.switch_on()
    finally:
        counter.machine.extra = own
    look(counter)
    if sold is not None and len(counter.inside.till_books().sales) != sold:
        raise SceneError("The till's books are not its own.")
    sign_in_anew(counter)
    counter.keep("Started beside a copy of the card")


def look(counter: Counter) -> None:
    """Everything is mounted from the card, and the copy is seen, or nobody would know.

    Raises:
        SceneError: something is mounted from the copy.
    """
    shell = counter.machine.shell
    if shell.ask("test -e /sys/block/sda")[0]:
        raise SceneError("The copy is not seen at all.")
    found = {place: shell.run(f"findmnt -rno SOURCE {place}").strip() for place in PLACES}
    names = shell.run("readlink /dev/disk/by-partuuid/*").split()
    counter.album.figure(
        "Beside a copy of the card", ", ".join(f"{each} {source}" for each, source in found.items())
    )
    if wrong := [f"{place} from {source}" for place, source in found.items() if "/sd" in source]:
        raise SceneError(f"The till used the copy: {', '.join(wrong)}.")
    if any("sd" in name for name in names):
        raise SceneError(f"The copy has the card's names: {' '.join(names)}.")
