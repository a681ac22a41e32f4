"""The counter with the card's till on it: what a cashier does there and sees, and what a person could look up."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from PIL import Image

from appliance.demo.goods import GOODS, Good
from appliance.ui.widgets.part import GUARD_SECONDS
from image.machine import keyboard
from image.machine.errors import MachineError, SceneError
from image.machine.inside import Inside, TillBooks
from image.machine.machine import Machine
from image.machine.panel import Panel
from image.machine.printer import Printer
from image.machine.report import Album
from image.machine.screen import Screen, is_blank
from image.machine.shop import Shop, set_network
from image.machine.technician import MANAGER, Person
from image.machine.twin import SIZE, Twin

KIOSK: Final = "till-kiosk.service"
STEP_SECONDS: Final = 240.0
"""How long a step at the screen may take on an emulated computer; on a Pi it takes a moment."""
MOST_RESTARTS: Final = 2
DARK_SECONDS: Final = 180.0
"""So long a kiosk may be off after all was started: it is on its way anew."""
_LOOK_SECONDS: Final = 2.0
"""Between two questions to the computer: each starts a program in it, and an emulated one has little time for that."""


@dataclass(slots=True)
class Counter:
    """Everything on one counter.

    Attributes:
        machine: the computer, with the card in it.
        shop: the online shop. twin: what the screens should look like.
        album: of the report, for pictures and figures.
        folder: for files on the way.
        image: what image/build made, as a raw file; never written.
        taken: the cents of each sale whose change was on the screen: the cashier's own book.
        keys: the folder of the keys that updates are signed with; None where nobody named one.
        bundles: the folder where updates that were made are kept; None for none.
        scanner: reads a barcode's text; None for QEMU's keyboard, which the settings name as the scanner.
    """

    machine: Machine
    shop: Shop
    twin: Twin
    album: Album
    folder: Path
    image: Path
    taken: list[int] = field(default_factory=list)
    keys: Path | None = None
    bundles: Path | None = None
    scanner: Callable[[str], None] | None = None
    screen: Screen = field(init=False)
    inside: Inside = field(init=False)
    panel: Panel = field(init=False)
    printer: Printer = field(init=False)

    def __post_init__(self) -> None:
        sockets = self.machine.sockets
        self.inside = Inside(lambda: self.machine.shell)
        self.screen = Screen(lambda: self.machine.qmp, self.folder)
        self.panel = Panel(sockets.usb_socket("panel"), SIZE)
        self.printer = Printer(sockets.usb_socket("printer"))

    # -- the plug in the wall

    def switch_on(self) -> float:
        """Switch on with everything plugged in, and wait until the till says READY; returns the seconds."""
        start = time.monotonic()
        self.machine.start()
        self.plug_devices()
        self.wait_until_ready(start)
        return time.monotonic() - start

    def be_on(self) -> None:
        """Switch on, if a scene that had a computer of its own left this one off."""
        if not self.machine.is_on:
            self.switch_on()

    def wait_until_ready(self, start: float) -> None:
        """Wait for the kiosk's READY, which it says after its first frame.

        Raises:
            SceneError: the kiosk failed, or was not ready in time; with its last words.
        """
        limit = self.machine.arch.boot_seconds
        self.machine.shell.wait(limit)
        while (condition := self.inside.condition_of(KIOSK))[0] != "active":
            state, restarts = condition
            seconds = time.monotonic() - start
            is_hopeless = state == "failed" or restarts > MOST_RESTARTS or seconds > limit
            if is_hopeless or (
                state == "inactive" and seconds > DARK_SECONDS and not self.inside.is_starting()
            ):
                failed = " ".join(self.inside.failed_units())
                raise SceneError(
                    f"The kiosk is {state}, failed: {failed or 'none'}. {self.inside.words_of(KIOSK)}"
                )
            if not self.machine.is_on:
                raise SceneError("The computer went off while it started.")
            time.sleep(_LOOK_SECONDS)

    def cut_power(self) -> None:
        """Pull the plug."""
        self.machine.cut()
        self.pull_devices()

    def plug_devices(self) -> None:
        """Plug panel and printer in."""
        self.panel.plug()
        self.printer.plug()

    def pull_devices(self) -> None:
        """Pull panel and printer."""
        self.panel.unplug()
        self.printer.unplug()

    # -- hands and eyes

    def tap(self, screen: str, word: str) -> None:
        """Tap a key by its word; ``screen`` is the one it is on."""
        self.panel.tap(*self.twin.key(screen, word))

    def scan(self, good: Good) -> None:
        """Scan a product's barcode."""
        if self.scanner is None:
            keyboard.scan(self.machine.qmp, good.gtin)
        else:
            self.scanner(good.gtin)

    def sees(self, *screens: str, seconds: float = STEP_SECONDS) -> str:
        """Wait until one of these screens is shown as its twin shows it, and takes fingers; returns which."""
        found = self.screen.wait_for(*(self.twin.screens[each] for each in screens), seconds=seconds)
        time.sleep(2 * GUARD_SECONDS)
        return found.name

    def keep(self, words: str) -> Image.Image:
        """Put the screen as it is into the report, under these words."""
        picture = self.screen.picture()
        self.album.picture(words, picture)
        return picture

    def wait_for_first_picture(self) -> Image.Image:
        """Wait until the screen shows anything."""
        return self.screen.wait(lambda picture: not is_blank(picture), "anything", STEP_SECONDS)

    def sees_who_is_there(self) -> str:
        """Wait for the screen to sign in on; "pin" if it knows who comes."""
        return self.sees("sign-in", "pin")

    def sign_in(self, person: Person = MANAGER) -> None:
        """The first name on the screen, and the PIN; ends where things are sold."""
        if self.sees_who_is_there() == "sign-in":  # a single person's name needs no tap
            self.tap("sign-in", "Aoife")
            self.sees("pin")
        for digit in person.pin:
            self.tap("pin", digit)
        self.sees("selling")

    def sell(self, good: Good) -> None:
        """Scan one thing and take its price in cash; what was begun before is in the same sale."""
        self.add(good)
        self.pay()
        self.taken.append(cents(good))

    def pay(self) -> None:
        """Take the exact cash for the sale that was begun, and wait until the till has it in its books."""
        before = len(self.inside.till_books().sales)
        self.tap("sell-one", "Pay")
        self.sees("paying")
        self.tap("pay", "Exact cash")
        self.wait_for_sales(before + 1)

    def add(self, good: Good) -> None:
        """Scan one thing, and wait until the till has kept it in the sale that was begun.

        Raises:
            SceneError: it does not.
        """
        draft = self.inside.till_books().draft
        self.scan(good)
        end = time.monotonic() + STEP_SECONDS
        while self.inside.till_books().draft == draft:
            if time.monotonic() > end:
                raise SceneError(f"{STEP_SECONDS:.0f} seconds after its scan {good.name} is in no sale.")
            time.sleep(_LOOK_SECONDS)

    def wait_for_sales(self, count: int, seconds: float = STEP_SECONDS) -> TillBooks:
        """The till's books, once so many sales are in them.

        Raises:
            SceneError: they are not in time.
        """
        end = time.monotonic() + seconds
        while len((books := self.inside.till_books()).sales) < count:
            if time.monotonic() > end:
                raise SceneError(
                    f"The till has {len(books.sales)} of {count} sales after {seconds:.0f} seconds."
                )
            time.sleep(_LOOK_SECONDS)
        return books

    # -- the network

    def cut_network(self) -> None:
        """Pull the network's cable."""
        set_network(self.machine.qmp, connected=False)

    def join_network(self) -> None:
        """Plug the network's cable in again."""
        set_network(self.machine.qmp, connected=True)


def good(sku: str) -> Good:
    """A product of the demo's shop.

    Raises:
        MachineError: there is none of this number.
    """
    for each in GOODS:
        if each.sku == sku:
            return each
    raise MachineError(f"The shop has no product {sku}.")


def cents(each: Good) -> int:
    """Its price in cents."""
    return int(each.price.replace(".", ""))
