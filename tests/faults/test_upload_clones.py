"""Two copies of one card tell the same sale, in every order of turns and faults; and what must be found out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from appliance.domain.tender import CompletedSale
from appliance.shops.contract import Claim
from appliance.storage.outbox import OutboxEntry
from appliance.sync.steps import Action, Progress, Step
from appliance.sync.sweep import Sweep
from appliance.sync.upload import Telling
from tests.faults.explore_clones import Parts, explore
from tests.faults.model_shop import ModelShop


def test_no_schedule_of_one_fault_or_turn_loses_or_doubles_an_inherited_sale() -> None:
    found = explore(faults=1)
    assert found.schedules > 50
    assert not found.wrong, found


def test_a_sample_of_two_and_three_loses_or_doubles_no_inherited_sale() -> None:
    for faults, sample in ((2, 300), (3, 300)):
        found = explore(faults, sample)
        assert found.schedules == sample
        assert not found.wrong, found


class KeepsItsOwn(Telling):
    """Asks who holds the claim, and completes its own order all the same."""

    def _ask(self, step: Step, progress: Progress, sale: CompletedSale, entry: OutboxEntry) -> Step | None:
        told = super()._ask(step, progress, sale, entry)
        if step.action is Action.CLAIM and told is not None:
            return Step(told.action, progress.order_id, claim_id=told.claim_id)
        return told


class CommitsUnchecked(Telling):
    """Completes what it has won without a look at what was completed meanwhile."""

    def _ask(self, step: Step, progress: Progress, sale: CompletedSale, entry: OutboxEntry) -> Step | None:
        if step.action is Action.CHECK:
            looked = Step(Action.LOOK, progress.order_id)
            told = super()._ask(looked, progress, sale, entry)
            return Step(Action.NOTE_COMMITTING) if told is None or told.action is Action.DOUBT else told
        return super()._ask(step, progress, sale, entry)


class DropsEarly(Telling):
    """Gives the claim back as soon as it has it: it has won, after all."""

    def _ask(self, step: Step, progress: Progress, sale: CompletedSale, entry: OutboxEntry) -> Step | None:
        if step.action is Action.CHECK and progress.claim_id is not None:
            self.shop.drop_claim(progress.claim_id)
        return super()._ask(step, progress, sale, entry)


class CommitsFirst(Telling):
    """Claims only what it has committed already."""

    def _ask(self, step: Step, progress: Progress, sale: CompletedSale, entry: OutboxEntry) -> Step | None:
        if step.action is Action.CLAIM and progress.order_id is not None:
            self.shop.commit(progress.order_id)
        return super()._ask(step, progress, sale, entry)


@dataclass(slots=True)
class LooksThenTakes(ModelShop):
    """A shop whose lock is none: it looks whether a claim is there, and makes one in another step."""

    def claim(self, sale_id: str, order_id: int) -> Claim:
        found = self._call(("claim", None), lambda _times: self.claims.get(sale_id))
        return found or self._call(("claim", None), lambda _times: self.take(sale_id, order_id))

    def take(self, sale_id: str, order_id: int) -> Claim:
        self.claims.pop(sale_id, None)
        return self.lock(sale_id, order_id)


@dataclass(frozen=True, slots=True)
class NeverDrops(Sweep):
    """Leaves the claims in the shop for ever."""

    def drop_claims(self) -> int:
        return 0


@dataclass(frozen=True, slots=True)
class Impatient(Sweep):
    """Cancels all orders but its own at once, before it knows what the claim says."""

    def run(self, limit: int = 20) -> int:
        for entry in self.outbox.unchecked(self.now() + timedelta(days=1)):
            for order in self.shop.find(entry.sale_id, self.now() - timedelta(days=9)):
                if order.order_id != entry.order_id:
                    self.shop.cancel(order.order_id)
        return 0


@pytest.mark.parametrize(
    ("parts", "faults"),
    [
        pytest.param(Parts(claims=(False, False)), 1, id="neither copy claims"),
        pytest.param(Parts(claims=(False, True)), 1, id="only the copy claims"),
        pytest.param(Parts(telling=KeepsItsOwn), 2, id="the loser keeps its own order"),
        pytest.param(Parts(telling=CommitsUnchecked), 1, id="the winner does not look"),
        pytest.param(Parts(telling=DropsEarly), 2, id="the claim is dropped before the commit"),
        pytest.param(Parts(telling=CommitsFirst), 1, id="commit before claim"),
        pytest.param(Parts(shop=LooksThenTakes), 2, id="the lock is a look and then a write"),
        pytest.param(Parts(sweep=NeverDrops), 0, id="claims are never dropped"),
        pytest.param(Parts(sweep=Impatient), 1, id="twins are cancelled at once"),
    ],
)
def test_a_protocol_that_is_almost_right_is_found_out(parts: Parts, faults: int) -> None:
    assert explore(faults, parts=parts, until_wrong=True).wrong
