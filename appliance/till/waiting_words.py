"""The sentences about what waits: say what is so, then what to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from appliance.receipts.wording import short_day
from appliance.storage.facts import FirstLoad
from appliance.till.clock import Local, clock_time
from appliance.till.price_listing import PRICE_LIST
from appliance.till.print_worker import CANNOT_BE_MADE, COVER_OPEN, NO_PAPER, NO_PRINTER, OFF_LINE

ALL_KNOWN: Final = "The online shop knows every sale."
GO_ON_OFFLINE: Final = (
    "They are safe on this till and go to the shop by themselves, oldest first. Go on selling."
)
GO_ON_ONLINE: Final = "They go to the shop by themselves, oldest first. Go on selling."
MAY_BE_OUT: Final = "It may have come out: look for the paper. Print now makes a copy."
PRINTER_WORDS: Final = {
    NO_PRINTER: ("The printer is unplugged or switched off.", "See to its cable and switch"),
    COVER_OPEN: ("The printer's cover is open.", "Close it"),
    NO_PAPER: ("The printer is out of paper.", "Put in a roll"),
    OFF_LINE: ("The printer is off line.", "Switch it on"),
}
"""What is so and what to do, for each thing that keeps a printer from printing."""
ONLINE: Final = "Online"
NO_SCANNER: Final = "No scanner"
VANISHED: Final = "Much of the online shop is gone"
SET_BACK: Final = "The online shop was set back"
CHANGE_CARD: Final = "Change the card"
OTHER_JOURNAL: Final = "Stick had another journal"


def sales(count: int) -> str:
    """Such as "1 sale", "12 sales"."""
    return f"{count} {'sale' if count == 1 else 'sales'}"


def headline(count: int, reachable: bool) -> str:
    """The words behind the large number, which they begin with."""
    if count == 0:
        return "0 sales wait"
    verb = "waits" if count == 1 else "wait"
    return f"{sales(count)} {verb} for the network" if not reachable else f"{sales(count)} {verb}"


def explanation(count: int, reachable: bool, refused: int = 0) -> str:
    """What the cashier is to do about it; ``refused`` sales the shop does not have and will not get by themselves."""
    if count == 0:
        return (
            f"The online shop knows all sales but {'one' if refused == 1 else refused}."
            if refused
            else ALL_KNOWN
        )
    words = GO_ON_ONLINE if reachable else GO_ON_OFFLINE
    return words if count > 1 else _of_one(words)


def _of_one(words: str) -> str:
    return (
        words.replace("They are", "It is")
        .replace("They go", "It goes")
        .replace("and go", "and goes")
        .replace("by themselves, oldest first", "by itself")
    )


def loading(load: FirstLoad) -> str:
    """The header's words while the catalogue comes for the first time; what is there can be sold."""
    return f"Products · {load.done:,} of {load.total:,}"


def offline(count: int) -> str:
    """The header's words while the shop is out of reach."""
    return f"Offline · {sales(count)} waiting" if count else "Offline"


def needs_you(parked: int, oversold: int, others: int = 0) -> str:
    """The header's words when a person must decide: about sales, units sold twice, or other things."""
    count = parked + oversold + others
    if count == oversold:
        return "1 unit sold twice" if count == 1 else f"{count} units sold twice"
    what = sales(count) if count == parked else "1 thing" if count == 1 else f"{count} things"
    return f"{what} {'needs' if count == 1 else 'need'} you"


def vanished(count: int, of: int, *, is_other_shop: bool) -> str:
    """That so much of the catalogue is gone at once."""
    gone = f"{count:,} of {of:,} products are gone there. The till keeps selling all of them."
    return f"It looks like another shop: {gone[0].lower()}{gone[1:]}" if is_other_shop else gone


def lost(count: int) -> str:
    """What a shop has lost that was set back to an old copy."""
    what = (
        "1 sale or stock change that it had is"
        if count == 1
        else f"{count:,} sales and stock changes that it had are"
    )
    return f"{what} not there any more. They are safe on this till."


def not_printed(count: int) -> str:
    """The header's words when receipts did not come out."""
    return "1 receipt not printed" if count == 1 else f"{count} receipts not printed"


def unprinted(reason: str, problem: str, *, maybe: bool, by_itself: bool) -> str:
    """Why paper did not come out, and what to do.

    Args:
        reason: how the job ended, "" if it was not tried yet.
        problem: what keeps the printer from printing now, "" for nothing known.
        maybe: a part of it may be on paper.
        by_itself: the till prints it as soon as the printer can.
    """
    if maybe:
        return MAY_BE_OUT
    if problem not in PRINTER_WORDS or reason == CANNOT_BE_MADE:
        return reason or problem or "It waits for the printer."
    so, to_do = PRINTER_WORDS[problem]
    return f"{so} {to_do}, {'and this prints by itself' if by_itself else 'then tap Print now'}."


def report_title(body: Mapping[str, Any]) -> str:
    """What a paper without a sale is called: "Refund T1-000124", "Z report 12", "X report"."""
    if "refund" in body:
        return f"Refund {body['refund']['receipt']}"
    if body.get("kind") == PRICE_LIST:
        return f"Price list {body['number']} of {body['of']}"
    number = body.get("report", {}).get("number")
    return "X report" if number is None else f"Z report {number}"


def next_try(at: datetime | None, now: datetime) -> str:
    """When the till tries again: "in 2 minutes"."""
    if at is None or at <= now + timedelta(seconds=1):
        return "now"
    seconds = round((at - now).total_seconds())
    if seconds < 60:
        return f"in {seconds} seconds"
    minutes = round(seconds / 60)
    return "in 1 minute" if minutes == 1 else f"in {minutes} minutes"


def row_note(at: datetime, lines: int, now: datetime, local: Local) -> str:
    """Such as "13:41 · 2 lines", with the day when it is not today's."""
    return f"{moment(at, now, local)} · {lines} {'line' if lines == 1 else 'lines'}"


def moment(at: datetime, now: datetime, local: Local) -> str:
    """A clock time, with its day when it is not today's: "13:41", "19 Nov 13:41"."""
    here = local(at)
    clock = clock_time(at, local)
    return clock if here.date() == local(now).date() else f"{short_day(here)} {clock}"


def more(count: int, amount: str) -> str:
    """Such as "and 8 more, 355.25"."""
    return f"and {count} more, {amount}"


def too_many(units: int) -> str:
    """Such as "1 too many sold"."""
    return f"{units} too many sold"
