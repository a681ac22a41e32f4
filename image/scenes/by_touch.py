"""The pages by which a new till is set up, gone through with a finger and the scanner; each must be what its shadow is.

Where a page tells of the counter's own devices, that part is left out of the comparison, and seen by what it does.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import zxingcpp
from PIL import Image

from appliance.domain.shop_address import SCHEME
from appliance.receipts.trial_slip import TEXT
from appliance.ui.widgets.pad import BACKSPACE
from image.machine.counter import STEP_SECONDS, Counter
from image.machine.errors import SceneError
from image.machine.screen import Region, difference
from image.machine.shadow import GUARD_SECONDS, WHOLE, Shadow, Shadowed, shadow_of
from image.machine.technician import MANAGER
from image.machine.usb_keyboard import UsbKeyboard

SHOP_NAME: Final = "Holm & Ash"
COUNTRY: Final = "irel"
ZONE: Final = "Europe/Dublin"
KEY_GAP_SECONDS: Final = 0.06
HEADER: Final[Region] = (0, 0, 800, 50)
WITHOUT_SCANNER: Final = ((0, 0, 352, 480), (352, 0, 800, 344), (352, 400, 800, 480))
"""The key's page but for the line that says whether there is a scanner: the shadow has none."""
BELOW_HEADER: Final[Region] = (0, 50, 800, 480)
SAID: Final[Region] = (454, 50, 800, 400)
"""Where the printer's page says what became of the slip."""
_ROW: Final = 20
"""Half of a row, and a little less."""
_A_LINE: Final = 0.001
_DARK: Final = 96
"""Of 255."""


@dataclass(frozen=True, slots=True)
class Hands:
    """Both hands at the new till: a finger, and the scanner."""

    counter: Counter
    touch: Shadowed
    scan: UsbKeyboard

    @property
    def shadow(self) -> Shadow:
        """What is drawn here."""
        return self.touch.shadow

    def scans(self, text: str, what: str) -> None:
        """Hold a code under the scanner; the shadow shows already what comes of it."""
        self.scan.type(text, KEY_GAP_SECONDS)
        self.touch.sees(what)
        time.sleep(GUARD_SECONDS)


def set_up(own: Counter, scan: UsbKeyboard) -> None:
    """Every page of it, from "This till is new" to "Start selling"."""
    report = own.machine.shell.run("cat /run/till/setup.json")
    with shadow_of(report, own.folder) as shadow:
        hands = Hands(own, Shadowed(own, shadow), scan)
        shadow.wait_for("set-up")
        hands.touch.sees("that the till is new")
        own.keep("This till is new")
        start = time.monotonic()
        the_shop(hands)
        the_names(hands)
        the_place(hands)
        the_printer(hands)
        the_manager(hands)
        the_summary(hands)
        own.album.figure(
            "From the first page to Start selling",
            f"{time.monotonic() - start:.0f} s, emulated; {hands.touch.touches} touches, 3 scans",
        )


def the_shop(hands: Hands) -> None:
    """Its address and its key, both by scan; the shadow has no scanner, so there they are typed."""
    own, touch, shadow = hands.counter, hands.touch, hands.shadow
    touch.tap_to("Set up", "set-up-address")
    own.keep("The online shop's address is asked")
    for _ in SCHEME:
        shadow.tap(BACKSPACE)
    shadow.type(own.shop.url_inside)
    shadow.tap("abc")
    hands.scans(f"{own.shop.url_inside}/wp-admin/admin.php?page=wc-settings", "the address that was scanned")
    own.keep("The address was scanned")
    touch.tap_to("Next", "set-up-key", WITHOUT_SCANNER)
    own.keep("The shop's key is asked")
    shadow.tap_to("Type the key", "set-up-typed-key")
    shadow.type(own.shop.key)
    shadow.tap("Next")
    shadow.type(own.shop.secret)
    shadow.tap_to("Next", "set-up-key")
    hands.scans(f"{own.shop.key}|{own.shop.secret}", "that the key is there")
    own.keep("The key was scanned")
    touch.tap_to("Next", "set-up-name")


def the_names(hands: Hands) -> None:
    """The shop's name, letter by letter; what else stands on receipts may stay empty."""
    own, touch = hands.counter, hands.touch
    own.keep("The names are asked")
    touch.type(SHOP_NAME)
    own.keep("The shop's name was typed")
    touch.tap_to("Next", "set-up-receipt")
    own.keep("What else stands on the receipt")
    touch.tap_to("Next", "set-up-place")


def the_place(hands: Hands) -> None:
    """An address of figures speaks of no country, so it is chosen."""
    own, touch = hands.counter, hands.touch
    own.keep("The country is asked")
    touch.tap_to("Country", "set-up-choosing")
    own.keep("A list of countries")
    touch.type(COUNTRY)
    own.keep("Four letters leave one")
    touch.tap_to("Take", "set-up-place")
    own.keep("Time zone and currency followed")


def the_printer(hands: Hands) -> None:
    """A cable needs nothing, so its page is passed over; the printer prints a slip, and the scanner reads it."""
    own, touch, shadow = hands.counter, hands.touch, hands.shadow
    touch.finger("Next")
    shadow.tap_to("Next", "set-up-network")  # here is no cable
    shadow.tap_to("Next", "set-up-printer")
    touch.sees("the printer's page", regions=(HEADER, row_of(shadow, "80 mm paper")))
    time.sleep(GUARD_SECONDS)
    own.screen.wait_settled(STEP_SECONDS, WHOLE)
    before = own.keep("The printer was found")
    own.panel.tap(
        (shadow.place("80 mm paper")[0] + shadow.place("58 mm paper")[0]) / 2, shadow.place("Next")[1]
    )
    slip = own.printer.wait_for_paper(1, STEP_SECONDS)
    own.album.picture("The test slip", slip)
    if TEXT not in [code.text for code in zxingcpp.read_barcodes(slip.convert("L"))]:
        raise SceneError("The test slip's code cannot be read.")
    own.screen.wait(lambda shown: is_other(shown, before, SAID), "that the slip came out", STEP_SECONDS)
    before = own.screen.wait_settled(STEP_SECONDS, WHOLE)
    own.keep("The test slip came out")
    hands.scan.type(TEXT, KEY_GAP_SECONDS)
    own.screen.wait(
        lambda shown: is_other(shown, before, SAID), "that the scanner reads the slip", STEP_SECONDS
    )
    own.keep("The scanner reads the slip")
    touch.tap_to("Next", "set-up-manager")


def the_manager(hands: Hands) -> None:
    """A name with an accent, and the PIN."""
    own, touch = hands.counter, hands.touch
    own.keep("The manager is asked")
    touch.type(MANAGER.name)
    own.keep("The manager's name was typed")
    touch.tap("Next")
    touch.type(MANAGER.pin)
    own.keep("The PIN was typed")
    touch.tap_to("Next", "set-up-summary")


def the_summary(hands: Hands) -> None:
    """All on one page; once to the network and back, and then the last touch."""
    own, touch, shadow = hands.counter, hands.touch, hands.shadow
    own.keep("The summary")
    touch.finger("Network")
    shadow.tap_to("Network", "set-up-network")
    touch.sees("the network's page", regions=(HEADER, row_of(shadow, "A fixed address")))
    time.sleep(GUARD_SECONDS)
    own.keep("The network: the cable is plugged in")
    touch.tap_to("Next", "set-up-summary")
    x, y = map(round, shadow.place("Start selling"))
    below = (x - _ROW, y + _ROW, x + _ROW, y + _ROW + 4)
    touch.finger("Start selling")
    own.screen.wait(lambda shown: is_dark(shown, below), "that the till is being made", STEP_SECONDS)
    own.keep("Start selling was touched")


def row_of(shadow: Shadow, label: str) -> Region:
    """The left half of the row that a key is in: what both computers show alike."""
    middle = round(shadow.place(label)[1])
    return 0, middle - _ROW, 440, middle + _ROW


def is_other(shown: Image.Image, before: Image.Image, region: Region = BELOW_HEADER) -> bool:
    """Whether a line of words changed, or more."""
    return difference(shown, before, (region,)) > _A_LINE


def is_dark(shown: Image.Image, region: Region) -> bool:
    """Whether a key is not lit, there where it has no words."""
    return not any(shown.convert("L").crop(region).histogram()[_DARK:])
