"""A dead till is swapped: a spare card, the dead till's stick, the plug, six touches; the shop has every sale once.

The spare card was flashed with the shop's settings before, as the guide says to keep one. What is counted here is what
is done at the counter: three things by hand, then touches on the screen.
"""

from __future__ import annotations

import time
from typing import Final

from PIL import Image, ImageColor

from appliance.ui.marks import Area
from appliance.ui.screens.columns import foot, two_columns
from appliance.ui.theme import choose_look
from image.machine.counter import KIOSK, STEP_SECONDS, Counter, cents, good
from image.machine.disk import CARD_BYTES, Card
from image.machine.errors import SceneError
from image.machine.shop import Shop
from image.machine.stick import Stick
from image.machine.technician import MANAGER, settings_text, write_settings
from image.machine.twin import SIZE
from image.scenes.network_cut import agree_with_shop

FOLDER: Final = "/media/till"
ON_STICK: Final = f'[second]\nfolder = "{FOLDER}"\n'
BY_HAND: Final = 3
"""The spare card, the stick, the plug in the wall."""
_BEGIN_SECONDS: Final = 420.0
_LOOK_SECONDS: Final = 3.0
_LEVEL: Final = (
    "python3 -c \"import sqlite3; print(sqlite3.connect('file:/var/lib/till/till.db?mode=ro', uri=True)"
    ".execute('SELECT max(seq) FROM journal').fetchone()[0])\"; cat /media/till/gapless-*/journal.jsonl | wc -l"
)


def play(counter: Counter) -> None:
    """Sell with a stick, let the till die, swap it, sell on."""
    stick = Stick(counter.folder / "stick.img")
    sell_with_stick(counter, stick)
    before = counter.inside.till_books()
    counter.keep("The last moment of the old till")
    counter.cut_power()
    counter.machine.card = spare_card(counter)
    start = time.monotonic()
    counter.machine.start()
    stick.plug(counter.machine.qmp)
    counter.plug_devices()
    counter.wait_until_ready(start)
    counter.album.figure("From switched on to the question", f"{time.monotonic() - start:.0f} s, emulated")
    touches = begin(counter, len(before.sales))
    counter.sell(good("347"))
    seconds = time.monotonic() - start
    counter.keep("The new till sells")
    check(counter, before.receipts)
    counter.album.figure("From switched on to the first sale", f"{seconds:.0f} s, emulated")
    counter.album.figure("Done at the counter", f"{BY_HAND} things by hand, {touches} touches until it sells")


def sell_with_stick(counter: Counter, stick: Stick) -> None:
    """Plug a stick in, name it in the settings, sell; what the shop has not heard of is on it too."""
    readme = counter.folder / "readme.txt"
    readme.write_text("The stick of till 1\n")
    stick.make([readme]).plug(counter.machine.qmp)
    shell = counter.machine.shell
    for name in ("till.toml", "sync.toml"):  # as till-setup writes it where the technician typed it
        shell.put("/run/second", ON_STICK.encode())
        shell.run(f"cat /run/second >>/run/till/{name}")
    wait_until(counter, "the stick is mounted", f"mountpoint -q {FOLDER}")
    shell.run(f"systemctl --no-block restart {KIOSK} till-sync.service")
    time.sleep(_LOOK_SECONDS)
    counter.wait_until_ready(time.monotonic())
    counter.sign_in()
    for sku in ("902", "1044"):
        counter.sell(good(sku))
    agree_with_shop(counter)
    counter.cut_network()
    counter.sell(good("810"))
    wait_until(counter, "the stick has it all", f"set -- $({_LEVEL}); test $1 = $2")


def spare_card(counter: Counter) -> Card:
    """A card with the shop's settings, as the technician keeps one; it has never been in a till."""
    shop: Shop = counter.shop
    card = Card(counter.image, counter.folder / "spare.qcow2", CARD_BYTES)
    write_settings(card, settings_text(shop.url_inside, shop.key, shop.secret) + ON_STICK, counter.folder)
    return card


def begin(counter: Counter, sales: int) -> int:
    """Answer the question, sign in, answer the next; returns how many touches that were."""
    if counter.inside.failed_units():
        raise SceneError(f"Units failed: {counter.inside.failed_units()}.")
    if counter.machine.shell.ask("grep -q begin /run/till/setup.json")[0]:
        raise SceneError(f"Nothing was asked: {counter.inside.words_of('till-setup.service')}")
    counter.wait_for_first_picture()
    counter.keep("A new card, and the stick of another till: go on as that till?")
    answered = time.monotonic()
    tap_lit(counter)
    wait_until(counter, "the books are here", "test -e /data/till/till.db")
    counter.wait_for_sales(sales, _BEGIN_SECONDS)
    wait_until(counter, "the screen begins anew", "test ! -e /run/till-kiosk/begun.json")
    counter.wait_until_ready(time.monotonic())
    counter.sees_who_is_there()
    counter.album.figure("From the answer to the sign-in", f"{time.monotonic() - answered:.0f} s, emulated")
    for digit in MANAGER.pin:
        counter.tap("pin", digit)
    counter.screen.wait(is_lit, "what becomes of its receipts", STEP_SECONDS)
    counter.keep("Its receipts go on in a series of their own")
    tap_lit(counter)
    counter.sees("selling")
    return len(MANAGER.pin) + 2


def check(counter: Counter, before: list[str]) -> None:
    """Every sale of both tills is in the shop once, to the cent, and no number came twice."""
    books, _ = agree_with_shop(counter)
    receipts = books.receipts
    if receipts[: len(before)] != before or len(set(receipts)) != len(receipts):
        raise SceneError(f"The receipts are {receipts}, before they were {before}.")
    if not receipts[-1].startswith("T1B-"):
        raise SceneError(f"The new till's receipt is {receipts[-1]}.")
    if sum(counter.taken) != sum(total for _, _, total in books.sales):
        raise SceneError(f"The cashier took {sum(counter.taken)} cents, the books say otherwise.")
    if failed := counter.inside.failed_units():
        raise SceneError(f"Units failed: {', '.join(failed)}.")
    counter.album.figure(
        "The new till's first receipt", f"{receipts[-1]}, {cents(good('347')) / 100:.2f} EUR"
    )


def lit_key() -> tuple[Area, str]:
    """The key that a page which asks wants to be touched, and its colour."""
    look = choose_look(*SIZE, "dark", lambda *_: 0)
    return foot(two_columns(look.sizes, wide_first=True)[1], look.sizes), look.colours["brass"]


def is_lit(picture: Image.Image) -> bool:
    """Whether that key is lit, below its words."""
    key, colour = lit_key()
    return picture.getpixel((round(key.x + key.w / 2), round(key.y + key.h - 4))) == ImageColor.getrgb(colour)


def tap_lit(counter: Counter) -> None:
    """Touch it, once it is lit and takes fingers."""
    counter.screen.wait(is_lit, "a lit key", STEP_SECONDS)
    key, _ = lit_key()
    time.sleep(1)
    counter.panel.tap(key.x + key.w / 2, key.y + key.h / 2)


def wait_until(counter: Counter, what: str, test: str) -> None:
    """Until a command in the computer succeeds.

    Raises:
        SceneError: it did not in time.
    """
    end = time.monotonic() + STEP_SECONDS
    while counter.machine.shell.ask(test)[0]:
        if time.monotonic() > end:
            raise SceneError(f"In {STEP_SECONDS:.0f} seconds it did not come about that {what}.")
        time.sleep(_LOOK_SECONDS)
