"""Two copies of one card tell the same sale, in every order of turns and faults; and what must be found out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from appliance.shops.contract import Claim
from appliance.storage.outbox_rows import OutboxEntry
from appliance.sync.steps import Action, Progress, Step
from appliance.sync.sweep import Sweep
from appliance.sync.upload import Tellable, Telling
from tests.faults import explore_refund_clones
from tests.faults.explore_clones import Parts, World, explore
from tests.faults.explore_refund_clones import REFUND, OneRefund
from tests.faults.model_faults import Does, Kind, few_kinds_for
from tests.faults.model_shop import ModelShop


def test_no_schedule_of_two_faults_and_turns_loses_or_doubles_an_inherited_sale() -> None:
    found = explore(faults=2)
    assert found.schedules > 4_000
    assert not found.wrong, found


def test_a_sample_of_three_loses_or_doubles_no_inherited_sale() -> None:
    found = explore(faults=3, sample=1_500)
    assert found.schedules == 1_500
    assert not found.wrong, found


class KeepsItsOwn(Telling):
    """Asks who holds the claim, and completes its own order all the same."""

    def _ask(self, step: Step, progress: Progress, told: Tellable, entry: OutboxEntry) -> Step | None:
        then = super()._ask(step, progress, told, entry)
        if step.action is Action.CLAIM and then is not None:
            return Step(then.action, progress.order_id, claim_id=then.claim_id)
        return then


class CommitsUnchecked(Telling):
    """Completes what it has won without a look at what was completed meanwhile."""

    def _ask(self, step: Step, progress: Progress, told: Tellable, entry: OutboxEntry) -> Step | None:
        if step.action is Action.CHECK:
            looked = Step(Action.LOOK, progress.order_id)
            then = super()._ask(looked, progress, told, entry)
            return Step(Action.NOTE_COMMITTING) if then is None or then.action is Action.DOUBT else then
        return super()._ask(step, progress, told, entry)


class DropsEarly(Telling):
    """Gives the claim back as soon as it has it: it has won, after all."""

    def _ask(self, step: Step, progress: Progress, told: Tellable, entry: OutboxEntry) -> Step | None:
        if step.action is Action.CHECK and progress.claim_id is not None:
            self.shop.drop_claim(progress.claim_id)
        return super()._ask(step, progress, told, entry)


class CommitsFirst(Telling):
    """Claims only what it has committed already."""

    def _ask(self, step: Step, progress: Progress, told: Tellable, entry: OutboxEntry) -> Step | None:
        if step.action is Action.CLAIM and progress.order_id is not None:
            self.shop.commit(progress.order_id)
        return super()._ask(step, progress, told, entry)


class LooksThenTakes(ModelShop):
    """A shop whose lock is none: it looks whether a claim is there, and makes one in another step."""

    def claim(self, sale_id: str, order_id: int, by: str = "") -> Claim:
        self._ask("read")
        found = self.claims.get(sale_id)
        return found or super().claim(sale_id, order_id, by)

    def lock(self, sale_id: str, order_id: int, by: str = "") -> Claim:
        self.claims.pop(sale_id, None)
        return super().lock(sale_id, order_id, by)


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


def undoubled(sort: str) -> tuple[Kind, ...]:
    """What can happen but that something delivers a request twice."""
    return tuple(kind for kind in few_kinds_for(sort) if kind.does is not Does.TWICE)


def test_an_inherited_refund_is_made_once_by_the_till_that_won_or_a_person_is_told() -> None:
    found = explore_refund_clones.explore(2, parts=replace(REFUND, kinds=undoubled))
    assert found.schedules > 1_500
    assert not found.wrong, found
    assert "known: refunded 2 times" not in found.known


class NamesAlike(OneRefund):
    """Two tills that call themselves the same: both believe that they won."""

    def __init__(self, world: World) -> None:
        super().__init__(world, names=("till", "till"))


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(
            replace(REFUND, kinds=undoubled, errand=NamesAlike), id="the claim does not name the till"
        ),
        pytest.param(replace(REFUND, kinds=undoubled, claims=(False, False)), id="neither copy claims"),
        pytest.param(replace(REFUND, kinds=undoubled, claims=(False, True)), id="only the copy claims"),
    ],
)
def test_a_telling_of_refunds_that_is_almost_right_is_found_out(parts: Parts) -> None:
    found = explore_refund_clones.explore(1, parts=parts)
    assert found.wrong or "known: refunded 2 times" in found.known
