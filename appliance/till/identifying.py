"""Whether this is the till that its receipt series belongs to, and going on as another till where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from appliance.domain.staff import Person
from appliance.storage.binding import MUST_CONFIRM, Bindings, Why
from appliance.storage.facts import ShopFacts
from appliance.storage.identity import Identity, TillIdentity
from appliance.storage.journal import Journal
from appliance.storage.outbox import Outbox
from appliance.till.clock import NewId, Now

_WHAT: Final = {
    Why.OTHER_COMPUTER: "This card comes from another till. It now runs in a different computer.",
    Why.OTHER_CARD: "This card is a copy. The till's journal was last kept on a different card.",
    Why.OTHER_BOTH: "This till's journal comes from another till: a different computer and a different card.",
    Why.SHOP_KNOWS_MORE: "The online shop has receipts of this till that are not on this card. "
    "The card is an older copy.",
    Why.RESTORED: "This till's journal was restored from its stick.",
}


@dataclass(frozen=True, slots=True)
class Bound:
    """All is well: this is the till that the series belongs to."""

    identity: TillIdentity


@dataclass(frozen=True, slots=True)
class Moved:
    """Nothing is sold or uploaded until a person has confirmed.

    Attributes:
        why: what gave it away.
        series, next_series: of its receipts until now, and once it is confirmed.
        waiting: sales that the shop does not have yet; they came with the card.
    """

    why: Why
    series: str
    next_series: str
    waiting: int

    @property
    def title(self) -> str:
        """The head of the screen."""
        return "Is this a new till?"

    @property
    def what_happened(self) -> str:
        """What gave it away, in a sentence or two."""
        return _WHAT[self.why]

    @property
    def what_will_happen(self) -> str:
        """What the key does."""
        receipts = f"Receipts go on as {self.next_series}-000001, so that no number is ever used twice."
        match self.waiting:
            case 0:
                return receipts
            case 1:
                return (
                    f"{receipts} 1 sale came with the card; the online shop gets it once, whoever sends it."
                )
            case many:
                return f"{receipts} {many} sales came with the card; the online shop gets each once, whoever sends it."

    @property
    def key(self) -> str:
        """The words on the key that confirms."""
        return f"Sell on as {self.next_series}"


class Identifying:
    """Asks at the start, and whenever the other program wrote."""

    def __init__(
        self,
        identity: Identity,
        bindings: Bindings,
        facts: ShopFacts,
        journal: Journal,
        outbox: Outbox,
        hardware_id: str,
        now: Now,
        new_id: NewId,
    ) -> None:
        self._identity, self._bindings, self._facts = identity, bindings, facts
        self._journal, self._outbox = journal, outbox
        self._hardware_id, self._now, self._new_id = hardware_id, now, new_id

    def state(self) -> Bound | Moved:
        """Whether this is the till that it was; notes for the sync service if it is not."""
        why = self._bindings.moved(self._hardware_id)
        self._facts.set(MUST_CONFIRM, why and str(why))
        till = self._identity.get()
        if why is None:
            return Bound(till)
        counts = self._outbox.counts()
        return Moved(why, till.series, self._bindings.next_series(), counts.due + counts.parked)

    def confirm(self, person: Person) -> TillIdentity:
        """Go on as another till: a new id and the next series; what is unsent is told by the claiming protocol.

        Call it once, when :meth:`state` says :class:`Moved`; otherwise it changes nothing.

        Raises:
            StorageError: the disk refused; nothing has changed.
        """
        if isinstance(self.state(), Bound):
            return self._identity.get()
        who = (person.person_id, person.name)
        return self._bindings.rebind(self._journal, self._hardware_id, self._now(), who, self._new_id())
