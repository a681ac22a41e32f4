"""What all late looks share: an answer that cannot be used, a problem that a person reads, a claim that is dropped."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar

from appliance.shops.contract import OddAnswerError, RefusedError, Shop, ShopFailedError

CLAIM_KEPT: Final = timedelta(days=1)
"""How long the shop keeps a claim after the late look found all right.

It could go at once: whoever wins a claim looks for a committed order before it commits its own (``steps``), and the
explorer finds nothing wrong with a till that wakes between its reservation and its claim after this one was dropped.
Without that look no time would be long enough. The day is for lists that lag, and for people who look into the shop.
"""

MOST_LOOKS: Final = 5
"""After so many answers that cannot be used a person is told."""

log = logging.getLogger(__name__)


class LookedAt(Protocol):
    """What is looked at: a sale, a stock move or a refund that the shop has."""

    @property
    def key(self) -> str: ...
    @property
    def receipt_number(self) -> str: ...
    @property
    def attempts(self) -> int: ...
    @property
    def claim_id(self) -> int | None: ...


Entry_co = TypeVar("Entry_co", bound=LookedAt, covariant=True)


class Looks(Protocol[Entry_co]):
    """What a late look needs of an outbox."""

    def mark_checked(self, key: str, at: datetime, problem: str = "", /) -> None:
        """The late look is done."""

    def claimed(self, checked_before: datetime) -> Sequence[Entry_co]:
        """Those whose claim may be dropped."""

    def note_claim_dropped(self, key: str, /) -> None:
        """The shop keeps no claim of it any more."""


def look(
    outbox: Looks[LookedAt], entry: LookedAt, now: Callable[[], datetime], find: Callable[[], str | None]
) -> bool:
    """Look at one, and write down what is wrong with it; False where it must be looked at again.

    Args:
        find: says what is wrong, "" for nothing, None for "not known yet".

    Raises:
        ShopError: the shop did not answer.
    """
    try:
        problem = find()
    except (OddAnswerError, ShopFailedError, RefusedError) as error:
        problem = f"It could not be looked at in the shop: {error}" if entry.attempts >= MOST_LOOKS else None
    if problem is None:
        return False
    outbox.mark_checked(entry.key, now(), problem)
    if problem:
        log.warning("%s: %s", entry.receipt_number, problem)
    return True


def drop_claims(shop: Shop, outbox: Looks[LookedAt], now: datetime) -> int:
    """Take away the claims of what was told and looked at; return how many.

    Raises:
        ShopError: the shop did not answer; dropping is tried again, and done twice it is nothing.
    """
    entries = outbox.claimed(now - CLAIM_KEPT)
    for entry in entries:
        try:
            shop.drop_claim(entry.claim_id or 0)
        except (OddAnswerError, RefusedError) as error:
            log.warning("The claim of %s stays in the shop: %s", entry.receipt_number, error)
        outbox.note_claim_dropped(entry.key)
    return len(entries)
