"""The real uploader on a real file, against every schedule of two faults; and uploaders that must be found out."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.storage.outbox import OutboxEntry
from appliance.sync.sweep import Sweep
from appliance.sync.upload import Telling
from tests.faults.explore_upload import Parts, explore


def test_no_schedule_of_two_faults_loses_or_doubles_a_sale() -> None:
    found = explore(faults=2)
    assert found.schedules > 1_000
    assert not found.wrong, found


def test_a_sample_of_three_faults_loses_or_doubles_no_sale() -> None:
    found = explore(faults=3, sample=1_500)
    assert found.schedules == 1_500
    assert not found.wrong, found


class RetriesBlindly(Telling):
    """Makes a new order at each try and completes it: what most connectors do."""

    def tell(self, entry: OutboxEntry) -> bool:
        order = self.shop.commit(self.shop.reserve(self.journal.sale(entry.sale_id)).order_id)
        self.outbox.remember(entry.sale_id, order.order_id)
        self.outbox.mark_sent(entry.sale_id, self.now())
        return True


class LooksFirst(Telling):
    """Looks whether the order is there before it makes one: a late answer comes too late for that."""

    def tell(self, entry: OutboxEntry) -> bool:
        sale = self.journal.sale(entry.sale_id)
        orders = self.shop.find(entry.sale_id, sale.completed_at)
        order = orders[0] if orders else self.shop.commit(self.shop.reserve(sale).order_id)
        self.outbox.remember(entry.sale_id, order.order_id)
        self.outbox.mark_sent(entry.sale_id, self.now())
        return True


@dataclass(frozen=True, slots=True)
class NeverSweeps(Sweep):
    """Leaves the twins where they are."""

    def run(self, limit: int = 20) -> int:
        return 0


def test_an_uploader_that_retries_blindly_is_found_out() -> None:
    assert explore(faults=1, parts=Parts(telling=RetriesBlindly)).wrong["2 completed orders"]


def test_an_uploader_that_only_looks_first_is_found_out() -> None:
    assert explore(faults=2, parts=Parts(telling=LooksFirst)).wrong


def test_a_sweep_that_never_runs_is_found_out() -> None:
    assert explore(faults=1, parts=Parts(sweep=NeverSweeps)).wrong["left on hold"]
