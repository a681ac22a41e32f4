"""The parts of a round beside the sales, each when it is due: what is wrong with one is noted and stops no other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from appliance.shops.contract import (
    BusyError,
    NotOurShopError,
    OddAnswerError,
    RefusedError,
    ShopError,
    ShopFailedError,
    UnknownOutcomeError,
)
from appliance.storage.errors import StorageError
from appliance.storage.facts import ShopFacts
from appliance.sync.download import DownloadError
from appliance.sync.due import Due, Part

AGAIN: Final = timedelta(minutes=5)
"""When a part whose answer could not be used is tried again: after this, or a quarter of its usual time."""

UNUSABLE: Final = (RefusedError, ShopFailedError, OddAnswerError)
"""The shop is there, and this one question cannot be answered."""

LONG: Final = (
    Part.HEAD,
    Part.STOCK,
    Part.ORDERS,
    Part.COUPONS,
    Part.CUSTOMERS,
    Part.NUMBERS,
    Part.ORDERS_AGAIN,
    Part.PEOPLE,
)
"""More, perhaps, than a slow shop gives in time, though it has just answered the short ones."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Parts:
    """All parts of one till.

    Attributes:
        facts: where a person reads what is wrong.
        now: the clock.
        due: when each is due.
        troubles: what is wrong with a part, in words for a person.
    """

    facts: ShopFacts
    now: Callable[[], datetime]
    due: Due = field(default_factory=Due)
    troubles: dict[Part, str] = field(default_factory=dict)

    def take(
        self,
        part: Part,
        every: timedelta,
        do: Callable[[], object],
        *,
        is_wanted: bool = False,
        is_needed: bool = False,
    ) -> None:
        """Do a part if it is due, or wanted now. What is wrong with it alone is noted, and tried again later.

        Raises:
            ShopError: the shop is lost; or the part is needed and cannot be had.
        """
        if not is_wanted and not self.due.is_due(part, self.now()):
            return
        trouble, fault = "", None
        try:
            do()
        except (*UNUSABLE, DownloadError) as error:
            if is_needed and isinstance(error, ShopError):
                raise
            trouble = str(error)
        except (ShopError, StorageError) as error:
            is_slow = isinstance(error, UnknownOutcomeError) and part in LONG
            if not is_slow or isinstance(error, (BusyError, NotOurShopError)):
                raise
            trouble = str(error)
        except Exception as error:  # noqa: BLE001 - logged below, once
            trouble, fault = f"The till cannot use the shop's {part} ({error!r}).", error
        self.due.put_off(part, self.now(), min(every, max(AGAIN, every / 4)) if trouble else every)
        self._note(part, trouble, fault)

    def _note(self, part: Part, words: str, fault: Exception | None) -> None:
        if words and self.troubles.get(part) != words:
            log.warning("%s", words, exc_info=fault)
        self.troubles[part] = words
        self.facts.set("needs_a_look", " ".join(filter(None, self.troubles.values())) or None)
