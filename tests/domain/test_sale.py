from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.errors import NoSuchLineError, QuantityError
from appliance.domain.sale import MAX_QUANTITY, Sale, SaleLine


def line(product_id: int, price: int = 100, *, quantity: int = 1, weight: int | None = None) -> SaleLine:
    return SaleLine(
        0, f"P{product_id}", quantity, price, "standard", 0, product_id=product_id, weight_grams=weight
    )


def test_the_same_product_again_raises_the_newest_line(sale_of: Any) -> None:
    sale: Sale = sale_of([]).add(line(1)).add(line(1)).add(line(2)).add(line(1))

    assert [(each.position, each.product_id, each.quantity) for each in sale.lines] == [
        (1, 1, 2),
        (2, 2, 1),
        (3, 1, 1),
    ]
    assert sale.items == 4


def test_weighed_goods_and_other_prices_are_lines_of_their_own(sale_of: Any) -> None:
    sale: Sale = sale_of([]).add(line(1, weight=432)).add(line(1, weight=432)).add(line(1)).add(line(1, 90))

    assert len(sale.lines) == 4


def test_a_voided_line_comes_back_to_its_place(sale_of: Any) -> None:
    sale: Sale = sale_of([]).add(line(1)).add(line(2)).add(line(3)).void(2)
    assert [each.position for each in sale.lines] == [1, 3]
    assert sale.total_minor == 200

    back = sale.restore(2)
    assert [each.product_id for each in back.lines] == [1, 2, 3]
    assert back.voided == ()


def test_a_position_is_never_used_again(sale_of: Any) -> None:
    sale: Sale = sale_of([]).add(line(1)).void(1).add(line(1))

    assert sale.lines[0].position == 2
    with pytest.raises(NoSuchLineError):
        sale.with_quantity(1, 2)
    with pytest.raises(NoSuchLineError):
        sale.restore(2)


@pytest.mark.parametrize("quantity", [0, -1, MAX_QUANTITY + 1])
def test_a_quantity_that_cannot_be_meant_is_refused(sale_of: Any, quantity: int) -> None:
    sale: Sale = sale_of([]).add(line(1))

    with pytest.raises(QuantityError):
        sale.with_quantity(1, quantity)
    with pytest.raises(QuantityError):
        sale.add(line(2, quantity=quantity))


@given(st.lists(st.one_of(st.integers(1, 4), st.sampled_from(["void", "restore", "more"])), max_size=30))
def test_whatever_is_done_the_total_is_the_sum_of_the_lines(sale_of: Any, steps: list[int | str]) -> None:
    sale: Sale = sale_of([])
    for step in steps:
        before = sale
        if isinstance(step, int):
            sale = sale.add(line(step, 100 * step))
        elif step == "void" and sale.lines:
            sale = sale.void(sale.lines[0].position)
        elif step == "restore" and sale.voided:
            sale = sale.restore(sale.voided[-1].position)
        elif step == "more" and sale.last:
            sale = sale.with_quantity(sale.last.position, sale.last.quantity + 1)
        assert before.total_minor == sum(
            each.amount_minor for each in before.lines
        )  # steps change no older sale
        positions = [each.position for each in sale.lines]
        assert positions == sorted(set(positions))
        assert not set(positions) & {each.position for each in sale.voided}
    assert sale.total_minor == sum(each.quantity * each.unit_price_minor for each in sale.lines)
