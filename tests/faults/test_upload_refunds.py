"""The real telling of refunds against every schedule of two faults; and tellings that must be found out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import pytest

from appliance.storage.refund_rows import RefundEntry
from appliance.sync.refund_telling import RefundTelling
from tests.faults.explore_refunds import explore
from tests.faults.model_faults import Does, Kind, kinds_for
from tests.faults.model_refund_till import RefundParts


def test_no_schedule_of_two_faults_refunds_twice_or_never_without_a_person_knowing() -> None:
    found = explore(faults=2)
    assert found.schedules > 6_000
    assert not found.wrong, found


def test_a_refund_is_made_exactly_once_where_nothing_on_the_way_doubles_it() -> None:
    @cache
    def kinds(sort: str) -> tuple[Kind, ...]:
        return tuple(kind for kind in kinds_for(sort) if kind.does is not Does.TWICE)

    found = explore(2, RefundParts(kinds=kinds))
    assert not found.wrong, found
    assert set(found.known) == {"known: the shop died over it"}


@dataclass(frozen=True, slots=True)
class PostsAgain(RefundTelling):
    """Posts until it is answered."""

    def tell(self, entry: RefundEntry) -> bool:
        made = self.shop.refund(entry.order_id or 0, self.read(entry.refund_id))
        self.outbox.mark_sent(entry.refund_id, made.refund_id, self.now())
        return True


@dataclass(frozen=True, slots=True)
class DoesNotWait(RefundTelling):
    """Looks after a doubt, and posts at once what it does not find."""

    def tell(self, entry: RefundEntry) -> bool:
        found = self.shop.refunds(entry.order_id or 0)
        made = found[0] if found else self.shop.refund(entry.order_id or 0, self.read(entry.refund_id))
        self.outbox.mark_sent(entry.refund_id, made.refund_id, self.now())
        return True


@dataclass(frozen=True, slots=True)
class NeverLooksLate(RefundTelling):
    """Is content with the answer."""

    def look_late(self, limit: int = 20) -> int:
        for entry in self.outbox.unchecked(self.now(), self.now()):
            self.outbox.mark_checked(entry.refund_id, self.now())
        return 0


@pytest.mark.parametrize(
    ("parts", "faults"),
    [
        pytest.param(RefundParts(telling=PostsAgain), 1, id="posts until it is answered"),
        pytest.param(RefundParts(telling=DoesNotWait), 1, id="looks, and does not wait"),
        pytest.param(RefundParts(telling=NeverLooksLate), 1, id="never looks late"),
        pytest.param(RefundParts(late=timedelta(seconds=30)), 1, id="waits too short"),
    ],
)
def test_a_telling_that_is_almost_right_is_found_out(parts: RefundParts, faults: int) -> None:
    found = explore(faults, parts)
    assert (
        found.wrong
        or found.known.keys() > explore(faults).known.keys()
        or (found.known["known: refunded 2 times"] > explore(faults).known["known: refunded 2 times"])
    )
