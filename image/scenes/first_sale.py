"""The manager signs in, scans a mug, takes cash; the receipt comes out and the online shop has the sale."""

from __future__ import annotations

import zxingcpp

from image.machine.counter import STEP_SECONDS, Counter, cents, good
from image.machine.errors import SceneError
from image.machine.twin import FIRST_SKU

FIRST_GOODS_SECONDS = 600.0
"""Until the shop's goods are on the till: its first download, emulated."""


def play(counter: Counter) -> None:
    """Sign in, and sell."""
    counter.sign_in()
    sell_first(counter)


def sell_first(counter: Counter) -> None:
    """Sell one thing, looking at each screen on the way."""
    mug, papers = good(FIRST_SKU), len(counter.printer.papers)
    counter.sees("sell", seconds=FIRST_GOODS_SECONDS)
    counter.keep("Signed in; the goods came from the online shop")
    counter.scan(mug)
    counter.sees("sell-one")
    counter.keep("The scan became a line")
    counter.tap("sell-one", "Pay")
    counter.sees("pay")
    counter.keep("How is it paid?")
    counter.tap("pay", "Exact cash")
    counter.sees("change")
    counter.taken.append(cents(mug))
    counter.keep("Paid; the change")
    read_receipt(counter, papers + 1)
    books = counter.shop.wait_for_sales(1, STEP_SECONDS)
    if books.taken_minor != sum(counter.taken):
        raise SceneError(f"The shop has {books.taken_minor} cents, the cashier took {sum(counter.taken)}.")


def read_receipt(counter: Counter, number_of_papers: int) -> None:
    """The paper is whole and its code names the sale."""
    paper = counter.printer.wait_for_paper(number_of_papers, STEP_SECONDS)
    counter.album.picture("The receipt, decoded from what went over USB", paper)
    if counter.printer.unknown:
        raise SceneError(f"The printer was sent what no printer knows: {counter.printer.unknown[:3]}.")
    number = counter.inside.till_books().sales[-1][1]
    said = [code.text for code in zxingcpp.read_barcodes(paper.convert("L"))]
    if not any(text.startswith(number) for text in said):
        raise SceneError(f"The receipt's code says {said}, the sale is {number}.")
    counter.album.figure("The receipt's code", said[0])
    if not counter.printer.core.kicks:
        raise SceneError("The drawer was not opened.")
