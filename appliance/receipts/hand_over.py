"""The hand-over sheet: what the technician leaves at the counter, and what an auditor compares with the journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from appliance.receipts.sale import masthead
from appliance.receipts.wording import Local, ReceiptHeader, day_and_time
from drivers.document import Document, Element, Pair, Rule, Space, Style, Text

HAND_OVER: Final = "hand-over"
"""Kind of the print job."""
TITLE: Final = "Hand-over sheet"
WHEN: Final[tuple[tuple[str, str], ...]] = (
    ("The shop cannot be reached", "Sell on. Sales go up by themselves when it is back. Nothing is lost."),
    ("No paper", "Put in a new roll, the print side out. The receipt comes by itself."),
    ("A scan is unknown", "Type the product number, or sell it at an open price. The owner sees it."),
    ("The power went off", "Switch on again and wait for the screen. What was scanned is still there."),
    ("The screen shows a red line", "Read it out to the technician. It says what is safe and what to do."),
    ("The settings must be changed", "Switch off, put the card into a PC, open till.toml. Switch on again."),
)
_GAP: Final = 8


@dataclass(frozen=True, slots=True)
class HandOver:
    """What stands on it.

    Attributes:
        till, series, till_id: the till's name, what its receipt numbers begin with, and its id.
        shop: address of the online shop.
        version: of the program.
        public_key: what the journal's signatures are checked with, in hexadecimal digits.
        entries: how many entries the journal has, at the end of which `anchor` stands.
        anchor: the newest entry's hash, in hexadecimal digits: a journal that does not hold it is another one.
        manager: who signs in first, "" for nobody.
    """

    till: str
    series: str
    till_id: str
    shop: str
    version: str
    public_key: str
    entries: int
    anchor: str
    manager: str = ""

    def body(self, at: str) -> dict[str, Any]:
        """The print job's body.

        Args:
            at: the instant, as the journal writes it.
        """
        return {"kind": HAND_OVER, "at": at, "sheet": asdict(self)}

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> HandOver:
        """From a print job's body."""
        return cls(**body["sheet"])


def compose(sheet: HandOver, header: ReceiptHeader, *, local: Local, at: datetime) -> Document:
    """Compose the sheet.

    Args:
        sheet: what stands on it.
        header: the owner's words; only the shop's name is on it.
        local: the shop's time zone.
        at: when it was so.
    """
    return Document(tuple(_elements(sheet, header, day_and_time(at, local))))


def in_groups(text: str, size: int = 8) -> str:
    """A long number as people compare it: "7f3a91c2 5d0e4b11 ..."."""
    return " ".join(text[at : at + size] for at in range(0, len(text), size))


def _elements(sheet: HandOver, header: ReceiptHeader, when: str) -> Iterator[Element]:
    yield from masthead(ReceiptHeader(header.name, mark=header.mark))
    yield Pair(TITLE, when, Style.SMALL)
    yield Rule(2)
    yield Pair(sheet.till, f"receipts {sheet.series}-000001 ...", Style.SMALL)
    yield Pair("Online shop", sheet.shop or "none", Style.SMALL)
    if sheet.manager:
        yield Pair("Signs in first", sheet.manager, Style.SMALL)
    yield Pair("Version", sheet.version, Style.SMALL)
    yield Rule(1)
    yield Text("What to do when", Style.STRONG)
    for what, then in WHEN:
        yield Space(_GAP)
        yield Text(what, Style.SMALL_STRONG)
        yield Text(then, Style.SMALL)
    yield Rule(1)
    yield Text("To check the journal with", Style.STRONG)
    for name, text in (
        ("Till", sheet.till_id),
        ("Its key", sheet.public_key),
        (f"Entry {sheet.entries}", sheet.anchor),
    ):
        yield Space(_GAP)
        yield Text(name, Style.SMALL_STRONG)
        yield Text(in_groups(text), Style.SMALL)
    yield Rule(2)
    yield Text("Keep this sheet with the papers of the shop. There is no secret on it.", Style.SMALL)
