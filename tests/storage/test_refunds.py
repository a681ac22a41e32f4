import json
from pathlib import Path

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.domain.approval import Approval, Guarded
from appliance.domain.refund import Refund, Refundable, RefundLine, Returned
from appliance.domain.refund_planning import of_sale
from appliance.domain.sale import Sale, SaleLine
from appliance.domain.tax import TaxRules
from appliance.domain.tender import CompletedSale, Payment, TenderKind
from appliance.storage import chain
from appliance.storage.chain import Entry
from appliance.storage.database import Database
from appliance.storage.errors import RuleBrokenError
from appliance.storage.refund_codec import refund_from_dict, refund_to_dict
from appliance.storage.refunds import RecordedRefund, Refunds, replay_refund
from tests.storage.conftest import Till
from tests.storage.samples import NOON, fresh_till

TABLES = ("refund", "refund_line", "refund_outbox")


def give_back(till: Till, quantities: dict[int, int], number: int = 1) -> RecordedRefund:
    refunds = Refunds(till.db, till.journal)
    found = refunds.find("T1-000001")
    assert found is not None
    refund = of_sale(f"{number:032x}", found, quantities)
    return refunds.record(refund, TenderKind.CASH, "Faulty", till.person, NOON)


def free(number: int, amount_minor: int = 1000) -> Refund:
    line = RefundLine(1, None, 7, 7, "Gift", 1, amount_minor, 230_000, "VAT 23%", 187)
    return Refund(f"{number:032x}", (line,))


def all_rows(db: Database) -> list[list[tuple[object, ...]]]:
    """All but how far the telling came: of a till that is rebuilt that is not known."""
    columns = {"refund_outbox": "seq, state"}
    return [db.rows(f"SELECT {columns.get(table, '*')} FROM {table} ORDER BY 1, 2") for table in TABLES]


def test_a_refund_is_rows_entry_outbox_and_paper(till: Till) -> None:
    till.sell(1)
    done = give_back(till, {1: 1, 2: 2})

    assert [len(rows) for rows in all_rows(till.db)] == [1, 2, 1]
    ((body,),) = till.db.rows("SELECT body FROM journal WHERE kind = 'refund'")
    assert refund_from_dict(json.loads(body)) == done.completed
    ((job, seq),) = till.db.rows("SELECT body, seq FROM print_job WHERE job_id = ?", (done.job_id,))
    paper = json.loads(job)
    assert (paper["kind"], paper["refund"], seq) == ("refund", json.loads(body), None)
    assert paper["chain_code"].replace(" ", "").lower() == done.hash_hex[:12]


def test_the_file_itself_refuses_more_than_was_sold(till: Till) -> None:
    till.sell(1)
    found = Refunds(till.db, till.journal).find("T1-000001")
    assert found is not None
    line = found.completed.sale.lines[0]
    part = of_sale("a" * 32, found, {1: line.quantity})
    Refunds(till.db, till.journal).record(part, TenderKind.CASH, "Faulty", till.person, NOON)
    again = Refund("b" * 32, part.lines, part.of_sale_id, part.of_receipt)

    with pytest.raises(RuleBrokenError):
        Refunds(till.db, till.journal).record(again, TenderKind.CASH, "Faulty", till.person, NOON)
    assert [len(rows) for rows in all_rows(till.db)] == [1, 1, 1]
    assert till.journal.verify() is None


def test_the_file_itself_refuses_money_without_receipt_and_without_a_manager(till: Till) -> None:
    with pytest.raises(RuleBrokenError):
        Refunds(till.db, till.journal).record(free(1), TenderKind.CASH, "Gift", till.person, NOON)
    assert till.db.rows("SELECT count(*) FROM journal") == [(0,)]


def test_one_refund_is_recorded_once(till: Till) -> None:
    approval = Approval(1, "Sean", Guarded.REFUND_WITHOUT_RECEIPT, "Known", NOON)
    refunds = Refunds(till.db, till.journal)
    refunds.record(free(1), TenderKind.CASH, "Gift", till.person, NOON, approval=approval)
    with pytest.raises(RuleBrokenError):
        refunds.record(free(1), TenderKind.CASH, "Gift", till.person, NOON, approval=approval)


def test_refunds_are_written_once(till: Till) -> None:
    till.sell(1)
    give_back(till, {1: 1})
    for sql in ("UPDATE refund SET total_minor = 1", "DELETE FROM refund_line", "DELETE FROM refund_outbox"):
        with pytest.raises(RuleBrokenError):
            till.db.rows(sql)


def test_a_rebuilt_till_has_the_same_rows_and_goes_on_counting(till: Till, tmp_path: Path) -> None:
    till.sell(1)
    give_back(till, {1: 1}, 1)
    give_back(till, {2: 1}, 2)
    approval = Approval(1, "Sean", Guarded.REFUND_WITHOUT_RECEIPT, "Known", NOON, "about")
    card = {"reference": "0042", "rounding_minor": 0, "approval": approval}
    Refunds(till.db, till.journal).record(free(3), TenderKind.CARD, "Gift", till.person, NOON, **card)  # type: ignore[arg-type]

    again, _, _ = fresh_till(tmp_path / "again.db")
    sale_rows = {table: till.db.rows(f"SELECT * FROM {table}") for table in ("sale", "sale_line")}
    with again.transaction() as connection:
        for row in till.db.rows(f"{chain.ENTRIES} ORDER BY seq"):
            entry = Entry(*row)
            chain.replay(connection, entry)
            if entry.kind == chain.SALE:
                copy_rows(connection, sale_rows)
            if entry.kind == "refund":
                replay_refund(connection, entry)
    assert all_rows(again) == all_rows(till.db)
    assert again.rows("SELECT count(*) FROM print_job") == [(0,)]
    again.close()


def copy_rows(connection: apsw.Connection, tables: dict[str, list[tuple[object, ...]]]) -> None:
    for table, rows in tables.items():
        for row in rows:
            connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="format 9"):
        refund_from_dict({"v": 9})


def test_the_number_is_found_again_and_no_other(till: Till) -> None:
    till.sell(1)
    done = give_back(till, {1: 1})
    refunds = Refunds(till.db, till.journal)
    assert refunds.by_receipt(" t1-000002 ") == done.completed
    assert [refunds.by_receipt(text) for text in ("T1-000001", "T1-", "", "T1-٣", "T1-000003")] == [None] * 5


def test_everything_of_a_refund_is_in_its_body(till: Till) -> None:
    till.sell(1)
    completed = give_back(till, {1: 1}).completed
    assert refund_from_dict(json.loads(json.dumps(refund_to_dict(completed)))) == completed


@settings(max_examples=300, deadline=None)
@given(
    price=st.integers(1, 99_999),
    quantity=st.integers(1, 12),
    rate_ppm=st.sampled_from([0, 48_000, 135_000, 200_000, 230_000]),
    included=st.booleans(),
    portions=st.lists(st.integers(1, 5), max_size=12),
)
def test_refunds_in_any_portions_add_up_to_the_sale_to_the_cent(
    price: int, quantity: int, rate_ppm: int, included: bool, portions: list[int]
) -> None:
    line = SaleLine(0, "Thing", quantity, price, "standard", rate_ppm)
    sale = Sale("0" * 32, NOON, TaxRules(included, {})).add(line)
    payment = Payment(sale.total_minor).card(sale.total_minor, "")
    completed = CompletedSale(sale, payment, "T1-000001", NOON, 1, "Mara", "Till")
    returned = Returned()
    while returned.quantity < quantity:
        portion = min(portions.pop() if portions else quantity, quantity - returned.quantity)
        refund = of_sale("1" * 32, Refundable(completed, {1: returned}), {1: portion})
        assert refund.total_minor >= 0
        assert 0 <= refund.tax_minor <= refund.total_minor
        returned = Returned(
            returned.quantity + portion,
            returned.amount_minor + refund.total_minor,
            returned.tax_minor + refund.tax_minor,
        )
    assert (returned.amount_minor, returned.tax_minor) == (sale.total_minor, sale.tax_total_minor)


@given(prices=st.lists(st.integers(1, 999), min_size=1, max_size=8), step=st.sampled_from([1, 5, 10, 50]))
def test_cash_handed_out_over_all_refunds_is_what_one_refund_would_be(prices: list[int], step: int) -> None:
    sale = Sale("0" * 32, NOON, TaxRules(True, {}))
    for number, price in enumerate(prices):
        sale = sale.add(SaleLine(0, f"Thing {number}", 1, price, "standard", 0))
    completed = CompletedSale(sale, Payment(sale.total_minor), "T1-000001", NOON, 1, "Mara", "Till")
    total = paid = 0
    for price in prices:
        found = Refundable(completed, {}, total, paid)
        handed_out = price + found.rounding_minor(price, step)
        assert handed_out >= 0
        assert handed_out % step == 0
        total, paid = total + price, paid + handed_out
    assert paid == sale.total_minor + Refundable(completed, {}).rounding_minor(sale.total_minor, step)
