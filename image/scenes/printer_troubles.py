"""The paper ends and the printer's cable is pulled: sales go on, and every receipt comes out afterwards."""

from __future__ import annotations

from image.machine.counter import Counter, good
from image.machine.errors import SceneError

PRINTED_SECONDS = 300.0


def play(counter: Counter) -> None:
    """Take the paper away for one sale, and the cable for another."""
    printer, before = counter.printer, len(counter.printer.papers)
    printer.paper(False)
    counter.sell(good("23"))
    counter.keep("Sold without paper")
    if len(printer.papers) != before:
        raise SceneError("A receipt came out of a printer that has no paper.")
    printer.paper(True)
    paper = printer.wait_for_paper(before + 1, PRINTED_SECONDS)
    counter.album.picture("The receipt that waited for paper", paper)

    printer.unplug()
    counter.sell(good("612"))
    counter.keep("Sold without a printer")
    printer.plug()
    paper = printer.wait_for_paper(before + 2, PRINTED_SECONDS)
    counter.album.picture("The receipt that waited for the printer", paper)
