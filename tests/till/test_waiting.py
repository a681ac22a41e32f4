from datetime import UTC, datetime
from typing import Any

import pytest

from appliance.domain.oversold import Way
from appliance.storage.facts import FirstLoad
from appliance.till.waiting import HeaderKind


def offline(bench: Any) -> None:
    bench.facts.note_contact(True, datetime(2026, 11, 21, 12, 40, tzinfo=UTC))
    bench.facts.note_contact(False, datetime(2026, 11, 21, 12, 41, tzinfo=UTC), "The network is away.")


def online(bench: Any) -> None:
    bench.facts.note_contact(True, bench.clock())


def print_all(bench: Any) -> None:
    for job in bench.jobs.open():
        bench.jobs.set_state(job.job_id, "printed")


def header(bench: Any, **known: bool) -> tuple[str, str]:
    state = bench.waiting.header(**known)
    return state.kind.value, state.text


def test_sales_that_wait_are_told_as_a_cashier_would(bench: Any) -> None:
    offline(bench)
    for _ in range(11):
        bench.sell(331)
    bench.clock.pass_by(minutes=1)
    bench.sell(331, 402)
    print_all(bench)
    bench.outbox.note_attempt(bench.outbox.waiting()[0].entry.sale_id, bench.clock.at.replace(minute=35))

    view = bench.waiting.view()
    assert view.headline == "12 sales wait for the network"
    assert view.explanation == (
        "They are safe on this till and go to the shop by themselves, oldest first. Go on selling."
    )
    assert (view.in_step_until, view.next_try, view.count) == ("13:40", "in 2 minutes", 12)
    assert [(row.receipt_number, row.note) for row in view.waiting[-2:]] == [
        ("T1-000011", "15:32 · 1 line"),
        ("T1-000012", "15:33 · 2 lines"),
    ]
    assert bench.waiting.more_text(view, 10) == "and 2 more, 58.55"
    assert bench.waiting.more_text(view, 12) == ""
    assert header(bench) == ("offline", "Offline · 12 sales waiting")


def test_one_sale_is_told_in_the_singular(bench: Any) -> None:
    offline(bench)
    bench.sell(331)
    print_all(bench)

    view = bench.waiting.view()
    assert view.headline == "1 sale waits for the network"
    assert view.explanation == "It is safe on this till and goes to the shop by itself. Go on selling."
    assert header(bench) == ("offline", "Offline · 1 sale waiting")


def test_nothing_waits_at_first(bench: Any) -> None:
    online(bench)

    view = bench.waiting.view()
    assert (view.headline, view.explanation) == ("0 sales wait", "The online shop knows every sale.")
    assert (view.in_step_until, view.waiting) == ("15:32", ())
    assert header(bench) == ("online", "Online")


def test_a_till_that_never_reached_the_shop_says_so(bench: Any) -> None:
    assert bench.waiting.view().in_step_until == "never"
    assert header(bench) == ("offline", "Offline")


def test_a_parked_sale_needs_a_person_and_can_be_sent_again(bench: Any) -> None:
    online(bench)
    sale_id, other = bench.sell(331), bench.sell(402)
    print_all(bench)
    bench.outbox.park(sale_id, "The shop no longer has product 347, Masking tape.")

    view = bench.waiting.view()
    (parked,) = view.parked
    assert (parked.title, parked.total_text) == ("T1-000001 needs you", "24.90")
    assert parked.reason == "The shop no longer has product 347, Masking tape."
    assert [row.sale_id for row in view.waiting] == [other]
    assert header(bench) == ("needs_you", "1 sale needs you")

    bench.putting_right.send_again(parked)
    assert bench.waiting.view().parked == ()
    assert bench.facts.try_now_at() == bench.clock()


def test_the_shop_does_not_know_a_sale_that_it_refused(bench: Any) -> None:
    online(bench)
    refused = [bench.sell(331), bench.sell(402)]
    print_all(bench)
    bench.outbox.park(refused[0], "No.")
    bench.outbox.park(refused[1], "No.")
    assert bench.waiting.view().explanation == "The online shop knows all sales but 2."
    bench.outbox.remember(refused[1], 41)
    bench.outbox.mark_sent(refused[1], bench.clock())
    assert bench.waiting.view().explanation == "The online shop knows all sales but one."


def test_a_receipt_that_came_by_itself_is_not_printed_again(bench: Any) -> None:
    online(bench)
    sale_id = bench.sell(331)
    bench.jobs.set_state(bench.jobs.of_sale(sale_id)[0].job_id, "failed", "No paper.")
    (listed,) = bench.waiting.view().unprinted
    bench.jobs.set_state(listed.job.job_id, "printed")
    bench.waiting.print_again(listed)
    assert len(bench.jobs.of_sale(sale_id)) == 1


def test_an_old_receipt_is_printed_when_somebody_asks(bench: Any) -> None:
    online(bench)
    bench.printer.plugged = False
    bench.printing.start()
    bench.sell(331)
    bench.until(lambda: bench.printing.problem() == "No printer")
    bench.clock.pass_by(minutes=31)
    (listed,) = bench.waiting.view().unprinted
    assert listed.reason.endswith("See to its cable and switch, then tap Print now.")


def test_a_unit_sold_twice_names_both_parties(bench: Any) -> None:
    online(bench)
    sale_id = bench.sell(707)
    print_all(bench)
    bench.oversold.found(
        product_id=707,
        product_name="Oak hook rail, 5 hooks",
        units=1,
        sale_id=sale_id,
        found_at=datetime(2026, 11, 21, 14, 40, tzinfo=UTC),
        order_id=10482,
        order_number="10482",
        customer="Niamh Byrne",
        ordered_at=datetime(2026, 11, 21, 12, 49, tzinfo=UTC),
    )

    (unit,) = bench.waiting.view().oversold
    assert (unit.title, unit.count_text) == ("Oak hook rail, 5 hooks", "1 too many sold")
    assert (unit.online.title, unit.online.name, unit.online.note) == (
        "Online #10482",
        "Niamh Byrne",
        "13:49",
    )
    assert (unit.here.title, unit.here.name, unit.here.note) == (
        "In the shop",
        "T1-000001",
        "15:32 · cash 46.00",
    )
    assert unit.story == (
        ("13:49", "Niamh Byrne bought it online"),
        ("15:32", "This till sold it, receipt T1-000001"),
        ("15:40", "Back in step: 1 too many sold"),
    )
    assert header(bench) == ("needs_you", "1 unit sold twice")

    bench.settling.settle(unit.oversold_id, bench.sean, Way.FOUND)
    assert bench.waiting.view().oversold == ()
    assert header(bench) == ("online", "Online")


def test_an_unknown_buyer_is_said_to_be_unknown(bench: Any) -> None:
    sale_id = bench.sell(707)
    bench.oversold.found(
        product_id=707, product_name="Rail", units=2, sale_id=sale_id, found_at=bench.clock()
    )

    (unit,) = bench.waiting.view().oversold
    assert (unit.count_text, unit.online.name) == ("2 too many sold", "No order found")
    assert header(bench) == ("needs_you", "2 units sold twice")


def test_receipts_that_did_not_come_out_are_listed(bench: Any) -> None:
    online(bench)
    bench.printer.plugged = False
    bench.printing.start()
    first = bench.sell(331)
    bench.until(lambda: bench.printing.problem() == "No printer")
    bench.sell(402)

    view = bench.waiting.view()
    assert [(each.title, each.copy) for each in view.unprinted] == [
        ("Receipt T1-000001", False),
        ("Receipt T1-000002", False),
    ]
    advice = (
        "The printer is unplugged or switched off. See to its cable and switch, and this prints by itself."
    )
    assert [each.reason for each in view.unprinted] == [advice, advice]
    assert header(bench) == ("printer", "No printer")

    bench.jobs.set_state(bench.jobs.of_sale(first)[0].job_id, "unknown", "The printer was unplugged.")
    (doubtful, _) = bench.waiting.view().unprinted
    assert doubtful.copy
    assert doubtful.reason == "It may have come out: look for the paper. Print now makes a copy."
    bench.waiting.dismiss(doubtful)
    bench.printer.plugged = True
    bench.until(lambda: header(bench) == ("online", "Online"))


def test_a_receipt_that_may_be_missing_is_in_the_header_though_the_printer_works(bench: Any) -> None:
    online(bench)
    sale_id = bench.sell(331)
    bench.jobs.set_state(bench.jobs.of_sale(sale_id)[0].job_id, "unknown")
    assert header(bench) == ("printer", "1 receipt not printed")

    bench.printing.start()
    bench.waiting.print_again(bench.waiting.view().unprinted[0])
    bench.until(lambda: header(bench) == ("online", "Online"))


def test_the_worst_comes_first_in_the_header(bench: Any) -> None:
    offline(bench)
    assert header(bench, scanner_present=False) == ("scanner", "No scanner")
    assert list(HeaderKind)[0] is HeaderKind.NEEDS_YOU
    sale_id = bench.sell(331)
    bench.jobs.set_state(bench.jobs.of_sale(sale_id)[0].job_id, "failed", "No paper.")
    assert header(bench, scanner_present=False)[0] == "printer"
    bench.outbox.park(sale_id, "No.")
    assert header(bench, scanner_present=False)[0] == "needs_you"


@pytest.mark.parametrize(("days", "note"), [(0, "15:32 · 1 line"), (1, "21 Nov 15:32 · 1 line")])
def test_yesterdays_sale_carries_its_day(bench: Any, days: int, note: str) -> None:
    bench.sell(331)
    bench.clock.pass_by(days=days)

    assert bench.waiting.view().waiting[0].note == note


def test_while_the_catalogue_comes_for_the_first_time_the_header_says_how_far(bench: Any) -> None:
    online(bench)
    bench.facts.note_page("a cursor", FirstLoad(12_300, 100_000))
    assert header(bench) == ("online", "Products · 12,300 of 100,000")
    bench.facts.note_page("the end", None)
    assert header(bench) == ("online", "Online")
