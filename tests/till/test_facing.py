"""What the customer reads, from real sales on a real file."""

from __future__ import annotations

import timeit
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from appliance.till.errors import ApprovalNeededError
from appliance.till.facing import LINGER_SECONDS, Facing, Moment
from appliance.till.refunding import Refunded
from appliance.till.tendering import Completed, StillDue
from appliance.ui.screens.refund.giving import Giving
from drivers.line_display_fake import FakeLineDisplay
from tests.screens.till import PIN, Till, open_till

GREETING = ("      Welcome       ", "     Holm & Ash     ")
HAMMER, SCREWS, MUG, LEAFLET = 331, 402, 1209, 13


@dataclass
class Customer:
    """Who stands before the till and reads."""

    till: Till
    display: FakeLineDisplay = field(default_factory=lambda: FakeLineDisplay(code_page="858"))
    seconds: float = 100.0

    def __post_init__(self) -> None:
        self.display.start(lambda _present: None)
        self.facing = Facing(
            self.display, self.till.currency, ("Welcome", "Holm & Ash"), lambda: self.seconds
        )

    def reads(self, moment: Moment | None = None) -> tuple[str, str]:
        selling = self.till.counter.selling
        self.facing.look(selling.sale, selling.payment, moment)
        return self.display.lines


@pytest.fixture
def customer(tmp_path: Path) -> Iterator[Customer]:
    with open_till(tmp_path) as till:
        till.sign_in()
        customer = Customer(till)
        yield customer
        customer.display.stop()


def paid(customer: Customer, given_minor: int) -> Completed:
    done = customer.till.counter.tendering.take_cash(given_minor)
    assert isinstance(done, Completed)
    return done


def test_a_till_that_stands_idle_greets(customer: Customer) -> None:
    assert customer.reads() == GREETING
    customer.reads()
    assert len(customer.display.history) == 1


def test_each_line_is_read_as_it_is_scanned_with_the_total_so_far(customer: Customer) -> None:
    selling = customer.till.counter.selling
    selling.add_number(HAMMER)
    assert customer.reads() == ("Claw hammer 45 24.90", "Total         €24.90")
    selling.add_number(SCREWS)
    assert customer.reads() == ("Wood screws 4 × 8.75", "Total         €33.65")
    selling.add_number(SCREWS)
    assert customer.reads() == ("2 × Wood screw 17.50", "Total         €42.40")


def test_an_earlier_line_that_changes_is_the_one_that_is_read(customer: Customer) -> None:
    selling = customer.till.counter.selling
    customer.till.sell((HAMMER, 1), (MUG, 1))
    customer.reads()
    selling.set_quantity(1, 3)
    assert customer.reads() == ("3 × Claw hamme 74.70", "Total         €87.60")


def test_a_line_that_is_taken_off_counts_against(customer: Customer) -> None:
    selling = customer.till.counter.selling
    customer.till.sell((HAMMER, 1), (MUG, 1))
    customer.reads()
    selling.void(2)
    assert customer.reads() == ("Enamel mug, f -12.90", "Total         €24.90")
    selling.undo()
    assert customer.reads() == ("Enamel mug, fo 12.90", "Total         €37.80")


def test_a_sale_that_is_given_up_leaves_the_greeting(customer: Customer) -> None:
    customer.till.sell((HAMMER, 1))
    customer.reads()
    customer.till.counter.selling.void_sale()
    assert customer.reads() == GREETING


def test_the_total_is_read_while_it_is_paid_and_then_the_change(customer: Customer) -> None:
    till = customer.till
    till.sell((HAMMER, 1), (SCREWS, 2))
    customer.reads()
    assert customer.reads(till.counter.tendering.begin()) == ("3 items             ", "Total         €42.40")
    done = paid(customer, 5000)
    assert customer.reads(done) == ("Given         €50.00", "Change         €7.60")


def test_a_part_that_was_paid_leaves_the_rest_to_pay(customer: Customer) -> None:
    till = customer.till
    till.sell((HAMMER, 1))
    part = till.counter.tendering.take_cash(1000)
    assert isinstance(part, StillDue)
    assert customer.reads(part.payment) == ("Paid          €10.00", "To pay        €14.90")
    till.sell((LEAFLET, 1))
    assert customer.reads() == ("A free leaflet  0.00", "To pay        €14.90")
    rest = till.counter.tendering.take_card(1490, "4711")
    assert isinstance(rest, Completed)
    assert customer.reads(rest) == ("Paid          €24.90", "     Thank you      ")


def test_the_change_stays_a_while_and_then_the_till_greets_again(customer: Customer) -> None:
    customer.till.sell((HAMMER, 1))
    done = paid(customer, 3000)
    shown = customer.reads(done)
    assert shown[1] == "Change         €5.10"
    customer.seconds += LINGER_SECONDS - 1
    assert customer.reads() == shown, "although the cashier went on"
    customer.seconds += 1
    assert customer.reads() == GREETING
    assert customer.reads(done) == GREETING, "the cashier looks at the last sale again"


def test_the_next_customers_first_line_ends_the_change_at_once(customer: Customer) -> None:
    customer.till.sell((HAMMER, 1))
    customer.reads(paid(customer, 3000))
    customer.till.sell((MUG, 1))
    assert customer.reads() == ("Enamel mug, fo 12.90", "Total         €12.90")
    customer.till.counter.selling.void_sale()
    assert customer.reads() == GREETING, "not the change of the one before"


def test_money_that_goes_back_is_read_too(customer: Customer) -> None:
    done = customer.till.pay((MUG, 2))
    assert customer.reads(refunded(customer.till, done)) == ("Refund              ", "In cash       €25.80")
    customer.seconds += LINGER_SECONDS
    assert customer.reads() == GREETING


def refunded(till: Till, done: Completed) -> Refunded:
    giving, manager = Giving(till.counter), till.person("Ciarán")
    giving.open_sale(done.completed.sale.sale_id)
    giving.tick_all()
    plan = giving.plan()
    assert plan is not None
    with pytest.raises(ApprovalNeededError) as needed:
        giving.give(plan, "Faulty", "")
    what, about = needed.value.what, needed.value.about
    word = till.counter.approving.approve(what, manager.person_id, PIN, "Faulty", about)
    return giving.give(plan, "Faulty", "", word)


def test_cash_that_is_rounded_is_said_beside_the_total(tmp_path: Path) -> None:
    with open_till(tmp_path, rounding_step_minor=5) as till:
        till.sign_in()
        customer = Customer(till)
        till.sell((12, 1), (HAMMER, 1))
        assert customer.reads(till.counter.tendering.begin()) == (
            "In cash       €24.90",
            "Total         €24.92",
        )
        customer.display.stop()


def test_a_look_at_nothing_new_costs_microseconds(customer: Customer) -> None:
    customer.till.scan_pictured_sale()
    customer.reads()
    selling = customer.till.counter.selling
    seconds = min(
        timeit.repeat(lambda: customer.facing.look(selling.sale, selling.payment), number=1000, repeat=5)
    )
    assert seconds / 1000 < 50e-6
