"""The network is cut: the till sells on; when it is back, the shop has every sale once."""

from __future__ import annotations

import time

from image.machine.counter import Counter, good
from image.machine.errors import SceneError
from image.machine.inside import TillBooks

OFFLINE_SALES = ("340", "347", "810")
AGREED_SECONDS = 600.0


def play(counter: Counter) -> None:
    """Sell three things without a network, then compare the books."""
    counter.cut_network()
    before = len(counter.shop.books().sale_ids)
    for sku in OFFLINE_SALES:
        counter.sell(good(sku))
    counter.keep("Sold without a network")
    if len(counter.shop.books().sale_ids) != before:
        raise SceneError("A sale reached the shop although the network was cut.")
    counter.join_network()
    start = time.monotonic()
    agree(counter)
    counter.album.figure("From plugged in to agreed", f"{time.monotonic() - start:.0f} s, emulated")
    counter.keep("The network is back")


def agree(counter: Counter) -> None:
    """Wait until the shop has what the till has, and compare both with the cashier's own book."""
    till, shop_minor = agree_with_shop(counter)
    taken = sum(counter.taken)
    if shop_minor != taken or len(till.sales) != len(counter.taken):
        raise SceneError(
            f"The cashier took {taken} cents in {len(counter.taken)} sales, the shop has {shop_minor}."
        )
    counter.album.figure("Sales that agree on all sides", f"{len(till.sales)}, {taken / 100:.2f} EUR")


def agree_with_shop(counter: Counter) -> tuple[TillBooks, int]:
    """Wait until the shop has what the till has, each sale once, to the cent; returns both sides."""
    till = counter.inside.till_books()
    shop = counter.shop.wait_for_sales(len(till.sales), AGREED_SECONDS)
    if shop.sale_ids != {sale for sale, _, _ in till.sales}:
        raise SceneError("The shop and the till do not have the same sales.")
    journal = sum(total for _, _, total in till.sales)
    if shop.taken_minor != journal:
        raise SceneError(f"The till took {journal} cents, the shop has {shop.taken_minor}.")
    if till.sound != "ok":
        raise SceneError(f"The till's file is not sound: {till.sound}")
    return till, shop.taken_minor
