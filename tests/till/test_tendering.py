from typing import Any

import pytest

from appliance.domain.approval import Guarded
from appliance.domain.barcodes import check_digit
from appliance.domain.errors import EmptySaleError, StillDueError, TenderError
from appliance.domain.tender import TenderKind
from appliance.storage.errors import DiskFullError, StorageError
from appliance.till.errors import ApprovalNeededError, NotSignedInError
from appliance.till.tendering import Completed, StillDue


def completed(result: object) -> Completed:
    assert isinstance(result, Completed)
    return result


def test_cash_completes_the_sale_with_change_in_notes_and_coins(bench: Any) -> None:
    bench.selling.add_product(331)
    bench.selling.add_product(55)

    done = completed(bench.tendering.take_cash(5000))

    assert done.completed.receipt_number == "T1-000001"
    assert (done.change_minor, done.pieces) == (1860, (1000, 500, 200, 100, 50, 10))
    assert (done.completed.cashier_name, done.completed.till_name) == ("Marta", "Till 1")
    assert bench.selling.sale is None
    assert bench.drafts.load() is None
    assert bench.journal.sale(done.completed.sale.sale_id) == done.completed


def test_the_next_scan_after_the_change_starts_the_next_sale(bench: Any) -> None:
    first = bench.sell(331)
    bench.selling.scan("5012345678900")

    assert bench.selling.sale.sale_id != first
    assert bench.selling.sale.items == 1
    assert completed(bench.tendering.take_cash(2490)).completed.receipt_number == "T1-000002"


def test_quick_amounts_and_their_change(bench: Any) -> None:
    for product_id, quantity in ((331, 1), (402, 2), (707, 1), (1209, 3), (55, 1), (23, 1)):
        bench.selling.add_product(product_id, quantity)
    bench.selling.add_number(12)
    bench.selling.void(7)
    assert bench.tendering.begin().due_minor == 14340
    assert bench.tendering.quick_amounts() == (14400, 14500, 15000, 20000)
    assert [bench.tendering.change_if(amount) for amount in (14000, 14400)] == [0, 60]


def test_a_card_payment_keeps_its_slip_number(bench: Any) -> None:
    bench.selling.add_product(331)

    done = completed(bench.tendering.take_card(2490, " 0042 "))
    (tender,) = done.completed.payment.tenders
    assert (tender.kind, tender.reference, done.change_minor) == (TenderKind.CARD, "0042", 0)


def test_tenders_taken_survive_the_plug(bench: Any) -> None:
    bench.selling.add_product(331)
    assert isinstance(bench.tendering.take_card(1000, "0042"), StillDue)
    assert not bench.tendering.cancel()
    bench.restart()

    assert bench.selling.resume()
    assert bench.tendering.begin().due_minor == 1490
    done = completed(bench.tendering.take_cash(1500))
    assert [tender.reference for tender in done.completed.payment.tenders] == ["0042", ""]
    assert done.change_minor == 10


def test_going_back_to_selling_before_any_tender(bench: Any) -> None:
    bench.selling.add_product(331)
    bench.tendering.begin()

    assert bench.tendering.cancel()
    assert bench.selling.voidable


def test_handing_back_what_was_taken_is_journalled(bench: Any) -> None:
    bench.selling.add_product(331)
    bench.tendering.take_cash(1000)

    (tender,) = bench.tendering.give_back()
    assert tender.amount_minor == 1000
    assert bench.kinds() == ["tenders-given-back"]
    assert bench.drafts.load().payment is None
    assert bench.tendering.payment.due_minor == 2490
    assert bench.tendering.give_back() == ()


def test_a_total_of_nothing_is_finished_without_a_tender(bench: Any) -> None:
    bench.selling.add_product(77)

    done = bench.tendering.finish()
    assert (done.completed.payment.tenders, done.change_minor) == ((), 0)
    assert bench.journal.by_receipt("T1-000001") == done.completed


def test_cash_is_rounded_where_the_country_rounds_it(bench: Any) -> None:
    bench.rounding_step_minor = 5
    bench.restart()
    bench.selling.scan(f"220001200961{check_digit('220001200961')}", "E0")
    total = bench.tendering.begin()
    assert (total.due_minor, total.cash_due_minor) == (961, 960)

    done = completed(bench.tendering.take_cash(960))
    assert done.completed.payment.rounding_minor == -1
    assert bench.journal.totals(bench.clock.at.replace(hour=0)).rounding_minor == -1


def test_the_drawer_opens_without_a_sale_only_for_somebody_who_is_named(bench: Any) -> None:
    bench.printing.start()
    with pytest.raises(ApprovalNeededError, match="open the drawer"):
        bench.tendering.no_sale()
    bench.tendering.no_sale(bench.approve(Guarded.NO_SALE))
    bench.until(lambda: bench.drawer.openings == 1)
    assert bench.kinds() == ["no-sale"]

    bench.selling.hand_over(None)
    with pytest.raises(NotSignedInError):
        bench.tendering.no_sale()
    assert bench.kinds() == ["no-sale"]


def test_a_manager_s_name_and_reason_stand_in_the_entry_of_the_drawer(bench: Any) -> None:
    bench.tendering.no_sale(bench.approve(Guarded.NO_SALE, why="  Change for   the kiosk "))

    assert bench.entry("no-sale") == {
        "approved": {"by": bench.sean.person_id, "name": "Sean", "why": "Change for the kiosk"}
    }
    ((person,),) = bench.database.rows("SELECT person_id FROM journal WHERE kind = 'no-sale'")
    assert person == bench.marta.person_id


def test_a_partly_paid_sale_is_given_up_with_a_manager_in_one_entry(bench: Any) -> None:
    bench.selling.add_product(331)
    bench.tendering.take_card(1000, "0042")
    sale = bench.selling.sale

    with pytest.raises(ApprovalNeededError) as needed:
        bench.tendering.void_sale()
    assert bench.kinds() == []
    word = bench.approve(needed.value.what, needed.value.about, "No more money")
    (tender,) = bench.tendering.void_sale(word)

    assert (tender.kind, tender.amount_minor) == (TenderKind.CARD, 1000)
    assert (bench.selling.sale, bench.drafts.load()) == (None, None)
    assert bench.kinds() == ["void-sale"]
    entry = bench.entry("void-sale")
    assert entry["tenders"] == [{"kind": "card", "amount_minor": 1000, "reference": "0042"}]
    assert entry["approved"] == {"by": bench.sean.person_id, "name": "Sean", "why": "No more money"}
    assert entry["sale"]["id"] == sale.sale_id


def test_giving_back_first_does_not_get_around_the_manager(bench: Any) -> None:
    bench.selling.add_product(331)
    bench.tendering.take_cash(1000)
    bench.tendering.give_back()
    assert not bench.selling.voidable
    bench.selling.void(1)
    bench.restart()
    bench.selling.resume()

    with pytest.raises(ApprovalNeededError) as needed:
        bench.selling.void_sale()
    assert bench.tendering.void_sale(bench.approve(needed.value.what, needed.value.about)) == ()
    assert bench.kinds() == ["tenders-given-back", "void-sale"]


def test_a_sale_that_nothing_was_paid_for_is_given_up_without_a_manager(bench: Any) -> None:
    bench.selling.add_product(331)

    assert bench.tendering.void_sale() == ()
    assert (bench.selling.sale, bench.kinds()) == (None, ["void-sale"])


def test_a_full_disk_gives_nothing_back_and_the_word_still_holds(bench: Any) -> None:
    bench.selling.add_product(331)
    bench.tendering.take_cash(1000)
    word = bench.approve(Guarded.VOID_AFTER_TENDER, bench.selling.sale.sale_id)
    with bench.broken("journal"), pytest.raises(StorageError):
        bench.tendering.void_sale(word)
    with bench.broken("draft"), pytest.raises(StorageError):
        bench.tendering.give_back()
    assert bench.selling.payment.paid_minor == bench.drafts.load().payment.paid_minor == 1000
    assert bench.kinds() == []

    assert len(bench.tendering.void_sale(word)) == 1


def test_a_refusal_takes_nothing(bench: Any) -> None:
    with pytest.raises(EmptySaleError):
        bench.tendering.begin()
    bench.selling.add_product(331)
    with pytest.raises(TenderError):
        bench.tendering.take_card(3000)
    with pytest.raises(TenderError):
        bench.tendering.take_cash(0)
    with pytest.raises(StillDueError):
        bench.tendering.finish()
    bench.selling.hand_over(None)
    with pytest.raises(NotSignedInError):
        bench.tendering.take_cash(2490)
    assert bench.journal.last(1) == []
    assert bench.selling.sale is not None


def test_a_full_disk_leaves_the_sale_open_and_says_so(bench: Any) -> None:
    bench.selling.add_product(331)
    pages = bench.database.rows("PRAGMA page_count")[0][0]
    bench.database.rows(f"PRAGMA max_page_count = {pages}")
    bench.database.rows("CREATE TEMP TABLE IF NOT EXISTS unrelated (a)")
    with pytest.raises(StorageError) as refused:
        for _ in range(400):
            bench.sell(331)
    assert isinstance(refused.value, DiskFullError)
    sold = len(bench.journal.last(1000))
    assert bench.selling.sale is not None or bench.drafts.load() is None

    bench.database.rows("PRAGMA max_page_count = 1000000")
    if bench.selling.sale is None:
        bench.selling.add_product(331)
    bench.tendering.take_cash(bench.tendering.payment.due_minor)
    assert len(bench.journal.last(1000)) == sold + 1
