"""What the screens act with: the activities of the till, and how this shop writes money and time.

Built once, in the program, and handed to every screen through its constructor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from appliance.domain.errors import DomainError
from appliance.domain.money import Currency
from appliance.till.clock import Local, Now, clock_time
from appliance.till.errors import TillError
from appliance.till.finding import Finding
from appliance.till.printing import Printing
from appliance.till.reporting import Reporting
from appliance.till.selling import Selling
from appliance.till.signing_in import SigningIn
from appliance.till.tendering import Tendering
from appliance.till.waiting import Waiting


@dataclass(frozen=True, slots=True)
class Counter:
    """One till's activities.

    Attributes:
        shop_name, till_name: as people call them ("Holm & Ash", "Till 1").
        now: the time in UTC; local: an instant in the shop's time zone.
        products_at_first: how many products came over, as long as nothing was ever sold here; else None.
        refusals: the errors whose text is a sentence for the cashier. The program adds those of the file, which
            the screens cannot name.
        open_drawer: opens the drawer without a sale, and notes who did; None sinks its key.
    """

    shop_name: str
    till_name: str
    currency: Currency
    selling: Selling
    finding: Finding
    tendering: Tendering
    printing: Printing
    waiting: Waiting
    signing_in: SigningIn
    reporting: Reporting
    now: Now
    local: Local
    refusals: tuple[type[Exception], ...] = (DomainError, TillError)
    open_drawer: Callable[[], None] | None = None
    products_at_first: Callable[[], int | None] = lambda: None

    def clock(self) -> str:
        """The shop's time now: "14:32"."""
        return clock_time(self.now(), self.local)

    def today(self) -> datetime:
        """Now, in the shop's time zone."""
        return self.local(self.now())
