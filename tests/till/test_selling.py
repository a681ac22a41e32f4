from typing import Any

import pytest

from appliance.domain.approval import Guarded
from appliance.domain.barcodes import check_digit
from appliance.domain.catalogue import CatalogueChanges, Product
from appliance.domain.errors import NoSuchLineError, QuantityError, TenderError
from appliance.domain.sale import SaleLine
from appliance.till.errors import ApprovalNeededError, NotSignedInError
from appliance.till.recognising import FoundReceipt, Unknown
from appliance.till.selling import Added

HAMMER = "5012345678900"


def added(result: object) -> SaleLine:
    assert isinstance(result, Added)
    return result.line


def label(digits: str) -> str:
    return f"{digits}{check_digit(digits)}"


def test_a_scan_becomes_a_line_and_is_in_the_file(bench: Any) -> None:
    line = added(bench.selling.scan(HAMMER, "E0"))

    assert (line.name, line.quantity, line.unit_price_minor, line.number) == (
        "Claw hammer 450 g",
        1,
        2490,
        331,
    )
    assert (line.rate_ppm, line.tax_label, line.barcode, line.stock_id) == (230_000, "VAT 23%", HAMMER, 331)
    assert bench.drafts.load().sale == bench.selling.sale


def test_the_same_scan_again_raises_the_newest_line(bench: Any) -> None:
    bench.selling.scan(HAMMER)
    assert added(bench.selling.scan(HAMMER)).quantity == 2
    bench.selling.add_number(402)
    assert added(bench.selling.scan(HAMMER)).quantity == 1

    assert [line.quantity for line in bench.selling.sale.lines] == [2, 1, 1]


@pytest.mark.parametrize(
    ("text", "code", "reason"),
    [
        ("5390123456789", "5390123456789", "not read right"),
        ("9780000000002", "9780000000002", "No product has this code."),
        ("]E09780000000002", "9780000000002", "No product has this code."),
        ("NO-SUCH", "NO-SUCH", "No product has this code."),
        ("A\x00B", "AB", "characters"),
        ("https://example.com", "https://example.com", "web address"),
        (label("219999900432"), label("219999900432"), "No product has this code."),
        (
            "0109501101530003" + "17251031",
            "010950110153000317251031",
            "Past its date, 31 Oct 2025. Do not sell it.",
        ),
    ],
)
def test_one_scan_of_an_unknown_code_changes_nothing(bench: Any, text: str, code: str, reason: str) -> None:
    bench.selling.scan(HAMMER)
    before = bench.selling.sale

    result = bench.selling.scan(text)

    assert isinstance(result, Unknown)
    assert result.code == code
    assert reason in result.reason
    assert bench.selling.sale is before
    assert bench.drafts.load().sale == before
    assert added(bench.selling.scan(HAMMER)).quantity == 2  # the queue goes on


def test_an_unknown_code_first_opens_no_sale(bench: Any) -> None:
    assert isinstance(bench.selling.scan("NO-SUCH"), Unknown)
    assert bench.selling.sale is None
    assert bench.drafts.load() is None


def test_a_receipt_is_known_as_one(bench: Any) -> None:
    assert bench.selling.scan("T1-000123 7F3A91C25D0E", "Q1") == FoundReceipt("T1-000123", "7F3A91C25D0E")
    assert bench.selling.sale is None


def test_numbers_tiles_and_stock_keeping_units_add_too(bench: Any) -> None:
    assert added(bench.selling.add_number(402, 3)).quantity == 3
    assert added(bench.selling.add_product(55)).rate_ppm == 135_000
    assert added(bench.selling.scan("rail-5", "C0")).product_id == 707
    assert isinstance(bench.selling.add_number(9999), Unknown)
    assert isinstance(bench.selling.add_product(9999), Unknown)


def test_digits_with_a_wrong_check_digit_sell_only_what_is_called_exactly_that(bench: Any) -> None:
    bench.catalogue.apply(CatalogueChanges((Product(5, "Odd", 100, sku="12345678"),)))

    assert added(bench.selling.scan("12345678")).name == "Odd"
    assert isinstance(bench.selling.scan("12345679"), Unknown)


def test_a_weight_label_is_one_piece_at_the_price_of_its_weight(bench: Any) -> None:
    first = added(bench.selling.scan(label("210001200432"), "E0"))
    second = added(bench.selling.scan(label("210001200432"), "E0"))

    assert (first.quantity, first.unit_price_minor, first.weight_grams) == (1, 860, 432)  # 19.90 a kilogram
    assert first.note == "0.432 kg at 19.90"
    assert (second.position, second.quantity) == (2, 1)


def test_serial_numbers_stand_on_the_line_and_batches_are_never_joined(bench: Any) -> None:
    first = added(bench.selling.scan("0109501101530003" + "21XY7", "d2"))
    assert (first.note, first.quantity) == ("serial XY7", 1)

    for batch in ("A", "A", "B"):
        bench.selling.scan("0109501101530003" + "10" + batch, "d2")
    bench.selling.scan("9501101530003", "E0")
    assert [(line.quantity, line.barcode[16:]) for line in bench.selling.sale.lines[1:]] == [
        (2, "10A"),
        (1, "10B"),
        (1, ""),
    ]


def test_a_price_label_sells_at_its_price(bench: Any) -> None:
    line = added(bench.selling.scan(label("220001200599"), "E0"))

    assert (line.unit_price_minor, line.note) == (599, "price on the label")


def test_the_price_is_that_of_now(bench: Any) -> None:
    begins, ends = bench.clock(), bench.clock().replace(hour=18)
    offer = Product(
        6, "Offer", 1000, regular_price_minor=1000, sale_price_minor=800, sale_from=begins, sale_until=ends
    )
    bench.catalogue.apply(CatalogueChanges((offer,)))
    assert added(bench.selling.add_product(6)).unit_price_minor == 800

    bench.clock.pass_by(hours=8)
    later = added(bench.selling.add_product(6))
    assert (later.unit_price_minor, later.position) == (1000, 2)  # a line of its own: the price is another


def test_the_last_one_says_so_and_how_old_that_is(bench: Any) -> None:
    result = bench.selling.add_product(707)

    assert result.hint == "Last one, as of 13:40"
    assert bench.selling.hint(1) == "Last one, as of 13:40"


def test_hints_count_the_lines_of_this_sale(bench: Any) -> None:
    hints = [bench.selling.scan("9501101530003").hint for _ in range(4)]

    assert hints == [None, None, "Last one, as of 13:40", "Only 3 left, as of 13:40"]
    assert bench.selling.left(bench.catalogue.get(1209)) == -1
    bench.selling.change_quantity(1, -3)
    assert bench.selling.hint(1) is None


def test_variations_that_share_a_count_share_the_last_one(bench: Any) -> None:
    assert bench.selling.add_product(901).hint is None
    assert bench.selling.add_product(902).hint == "Last one, as of 13:40"
    assert bench.selling.hint(1) == "Last one, as of 13:40"


def test_what_is_not_counted_or_sold_on_order_gives_no_hint(bench: Any) -> None:
    assert bench.selling.add_product(55).hint is None
    assert bench.selling.left(bench.catalogue.get(55)) is None
    assert bench.selling.add_product(23).hint is None


def test_a_new_count_changes_the_hint_when_looked_at_again(bench: Any) -> None:
    bench.selling.add_product(707)
    bench.catalogue.set_stock({707: 5}, bench.clock())
    bench.selling.look_again()

    assert bench.selling.hint(1) is None


def test_plus_and_minus_and_void_and_undo(bench: Any) -> None:
    bench.selling.scan(HAMMER)
    bench.selling.add_number(402)
    assert bench.selling.change_quantity(2, 4).quantity == 5
    assert bench.selling.change_quantity(2, -5) is None
    assert [line.position for line in bench.selling.sale.lines] == [1]

    assert bench.selling.undo().quantity == 5
    assert bench.drafts.load().sale == bench.selling.sale
    assert bench.selling.undo() is None
    assert bench.selling.void(1).name == "Claw hammer 450 g"
    assert bench.selling.set_quantity(2, 7).quantity == 7


def test_a_refusal_changes_nothing(bench: Any) -> None:
    with pytest.raises(NoSuchLineError):
        bench.selling.void(1)
    bench.selling.scan(HAMMER)
    before = bench.selling.sale
    with pytest.raises(QuantityError):
        bench.selling.set_quantity(1, 10_000)
    with pytest.raises(QuantityError):
        bench.selling.add_number(402, 10_000)
    with pytest.raises(NoSuchLineError):
        bench.selling.set_quantity(9, 1)
    assert bench.selling.sale is before
    assert bench.drafts.load().sale == before


def test_a_sale_survives_the_plug(bench: Any) -> None:
    bench.selling.scan(HAMMER)
    bench.selling.add_product(707)
    bench.selling.void(1)
    before = bench.selling.sale
    bench.restart()

    assert bench.selling.sale is None
    assert bench.selling.resume()
    assert bench.selling.sale == before
    assert bench.selling.hint(2) == "Last one, as of 13:40"
    assert bench.selling.undo().name == "Claw hammer 450 g"


def test_there_is_nothing_to_resume(bench: Any) -> None:
    assert not bench.selling.resume()


def test_a_sale_given_up_is_journalled_and_gone(bench: Any) -> None:
    bench.selling.scan(HAMMER)
    bench.selling.void_sale()

    assert bench.selling.sale is None
    assert bench.kinds() == ["void-sale"]
    bench.restart()
    assert not bench.selling.resume()


def test_nobody_signed_in_gives_nothing_up(bench: Any) -> None:
    bench.selling.scan(HAMMER)
    bench.selling.hand_over(None)
    with pytest.raises(NotSignedInError):
        bench.selling.void_sale()
    assert bench.selling.sale is not None


def test_a_partly_paid_sale_can_grow_but_the_cashier_alone_does_not_give_it_up(bench: Any) -> None:
    bench.selling.scan(HAMMER)
    bench.tendering.take_cash(2000)
    assert not bench.selling.voidable
    with pytest.raises(ApprovalNeededError) as needed:
        bench.selling.void_sale()
    assert (needed.value.what, needed.value.about) == (Guarded.VOID_AFTER_TENDER, bench.selling.sale.sale_id)
    with pytest.raises(TenderError, match="already paid"):
        bench.selling.void(1)

    bench.selling.add_number(402)
    assert bench.tendering.payment.due_minor == 2490 + 875 - 2000
