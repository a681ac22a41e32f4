"""What the screens act with: the activities of the till, and how this shop writes money and time.

Built once, in the program, and handed to every screen through its constructor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from appliance.domain.approval import Approval
from appliance.domain.errors import DomainError
from appliance.domain.money import Currency
from appliance.till.approving import Approving
from appliance.till.booking import Booking
from appliance.till.cashing_up import CashingUp
from appliance.till.clock import Local, Now, clock_time
from appliance.till.counting import Counting
from appliance.till.errors import TillError
from appliance.till.facing import Facing
from appliance.till.finding import Finding
from appliance.till.helping import Helping
from appliance.till.holding import Holding
from appliance.till.identifying import Identifying, Moved
from appliance.till.price_listing import PriceListing
from appliance.till.pricing import Pricing
from appliance.till.printing import Printing
from appliance.till.recognising import Recognising
from appliance.till.refunding import Refunding
from appliance.till.reporting import Reporting
from appliance.till.reprinting import Reprinting
from appliance.till.running_out import RunningOut
from appliance.till.selling import Selling
from appliance.till.settling import Settling
from appliance.till.signing_in import SigningIn
from appliance.till.tendering import Tendering
from appliance.till.timekeeping import NOT_SET, Timekeeping
from appliance.till.waiting import HeaderKind, HeaderState, Waiting


@dataclass(frozen=True, slots=True)
class Counter:
    """One till's activities.

    Attributes:
        shop_name, till_name: as people call them ("Holm & Ash", "Till 1").
        now: the time in UTC; local: an instant in the shop's time zone.
        identifying: whether this is the till that its receipts belong to; None where nobody asks.
        timekeeping: what is wrong with the clock; None where nobody asks.
        products_at_first: how many products came over, as long as nothing was ever sold here; else None.
        counting: counting the shelf; None where nobody does.
        booking, price_listing: sales from paper, and the list to sell from; None where nobody does.
        facing: what the customer's display shows; None where there is none.
        helping: help from outside; None where nobody would hear.
        refusals: the errors whose text is a sentence for the cashier. The program adds those of the file, which
            the screens cannot name.
        open_drawer: opens the drawer without a sale, with a manager's word; None sinks its key.
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
    approving: Approving
    cashing_up: CashingUp
    holding: Holding
    pricing: Pricing
    reprinting: Reprinting
    running_out: RunningOut
    refunding: Refunding
    recognising: Recognising
    settling: Settling
    now: Now
    local: Local
    refusals: tuple[type[Exception], ...] = (DomainError, TillError)
    open_drawer: Callable[[Approval | None], object] | None = None
    identifying: Identifying | None = None
    products_at_first: Callable[[], int | None] = lambda: None
    timekeeping: Timekeeping | None = None
    counting: Counting | None = None
    booking: Booking | None = None
    price_listing: PriceListing | None = None
    facing: Facing | None = None
    helping: Helping | None = None

    def clock(self) -> str:
        """The shop's time now: "14:32"."""
        return clock_time(self.now(), self.local)

    def clock_words(self) -> str | None:
        """What is wrong with the clock, in few words for the header; may be asked at each look."""
        return None if self.timekeeping is None else self.timekeeping.words()

    def header(self, *, scanner_present: bool = True) -> HeaderState:
        """The one thing that the header says. A clock that is not set comes before being offline, what stops first."""
        state, words = self.waiting.header(scanner_present=scanner_present), self.clock_words()
        is_worse = state.kind is HeaderKind.ONLINE or (state.kind is HeaderKind.OFFLINE and words == NOT_SET)
        return HeaderState(HeaderKind.CLOCK, words) if words and is_worse else state

    def has_moved(self) -> bool:
        """Whether a person must confirm that this is another till now; a file that fails has its own page."""
        try:
            return self.identifying is not None and isinstance(self.identifying.state(), Moved)
        except self.refusals:
            return False

    def today(self) -> datetime:
        """Now, in the shop's time zone."""
        return self.local(self.now())
