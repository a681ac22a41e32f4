"""A card just flashed is set up at the counter, by touch and by scan: nothing is typed on a PC, and the till sells.

On the way each page is what the same program draws on this computer, touch by touch (``by_touch``).
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from image.machine.anew import another_counter
from image.machine.counter import KIOSK, STEP_SECONDS, Counter
from image.machine.disk import CARD_BYTES, Card
from image.machine.errors import SceneError
from image.machine.usb_keyboard import KeyboardIdentity, UsbKeyboard
from image.machine.visitors import Visitors
from image.scenes import first_sale
from image.scenes.by_touch import KEY_GAP_SECONDS, SHOP_NAME, ZONE, set_up
from image.scenes.first_start import look_for_secrets
from image.scenes.swap import wait_until

SCANNER: Final = KeyboardIdentity(0x0C2E, 0x0B61, name="Barcode scanner")
"""Nobody can say by touch which keyboard is the scanner: it has to be of a maker of scanners."""
_DRAFT: Final = "/var/lib/till/typed.json"
_HANDED: Final = "/run/till-kiosk/typed"


def play(counter: Counter) -> None:
    """Flash, switch on, set up, sell, look for what was left lying about."""
    if counter.machine.is_on:
        counter.cut_power()
    folder = counter.folder / "touch"
    folder.mkdir()
    card = Card(counter.image, folder / "new.qcow2", CARD_BYTES)
    with another_counter(counter, card, folder) as own:
        seconds = own.switch_on()
        own.album.figure("From switched on to READY", f"{seconds:.0f} s, emulated")
        with scanner(own) as scan:
            own.scanner = lambda text: scan.type(text, KEY_GAP_SECONDS)
            set_up(own, scan)
            begin(own)
            first_sale.play(own)
        check(own)


@contextmanager
def scanner(own: Counter) -> Iterator[UsbKeyboard]:
    """Plug a scanner in, as the first page asks for."""
    visitors = Visitors(own.machine.qmp, own.machine.folder)
    scan = UsbKeyboard(visitors.socket("barcode"), SCANNER)
    scan.plug()
    try:
        yield scan
    finally:
        scan.unplug()


def begin(own: Counter) -> None:
    """The settings are taken in, the screen begins anew by itself, and the hand-over sheet is printed."""
    start = time.monotonic()
    wait_until(own, "the settings are taken in", f"test ! -e {_HANDED}")
    own.album.figure("Until the settings were taken in", f"{time.monotonic() - start:.0f} s, emulated")
    own.sees_who_is_there()
    own.album.figure("From Start selling to the sign-in", f"{time.monotonic() - start:.0f} s, emulated")
    own.keep("The till began anew: who is there?")
    own.album.picture("The hand-over sheet", own.printer.wait_for_paper(2, STEP_SECONDS))


def check(own: Counter) -> None:
    """What was typed holds, what is secret lies nowhere, and nothing failed."""
    shell = own.machine.shell
    typed = tomllib.loads(shell.get("/boot/firmware/till.toml").decode("utf-8"))
    said = (typed["receipt"]["name"], typed["till"]["time_zone"], typed["shop"]["url"])
    if said != (SHOP_NAME, ZONE, own.shop.url_inside):
        raise SceneError(f"till.toml on the card says {said}.")
    look_for_secrets(own)
    if typed["staff"]["manager_pin"]:
        raise SceneError("The manager's PIN stands in till.toml on the boot partition.")
    boot = shell.run("findmnt -rno SOURCE /boot/firmware").strip()
    words = f"-e {own.shop.url_inside} -e {own.shop.key} -e {own.shop.secret}"
    for place, command in {"the boot partition": f"cat {boot}", "the log": "journalctl -o cat"}.items():
        found = shell.run(f"{command} | grep -aoF {words} | sort -u", STEP_SECONDS).split()
        if found != [
            own.shop.url_inside
        ]:  # this one is no secret: where it is not found, nothing was looked at
            raise SceneError(f"Of address, key and secret {len(found)} stand on {place}: {found}.")
    if not shell.ask(f"ls {_DRAFT} {_HANDED} 2>/dev/null | grep .")[0]:
        raise SceneError("What was typed lies about still.")
    own.album.figure(
        "The screen's program was started again by systemd", f"{own.inside.condition_of(KIOSK)[1]} times"
    )
    if failed := own.inside.failed_units():
        raise SceneError(f"Units failed: {', '.join(failed)}.")
