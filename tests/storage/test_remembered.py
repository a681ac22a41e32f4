"""What is made of a thing is made once while it is remembered, and a thing is never taken for another."""

from __future__ import annotations

from appliance.storage.remembered import Remembered
from appliance.storage.sale_rows import parts_of
from tests.storage.samples import sale


def test_each_thing_is_made_once_and_equal_things_are_not_mixed_up() -> None:
    asked: list[tuple[int, ...]] = []

    def make(thing: tuple[int, ...]) -> int:
        asked.append(thing)
        return len(asked)

    remembered = Remembered(make, size=2)
    first, second, third = [(number,) for number in (1, 1, 3)]
    assert [remembered(first), remembered(first), remembered(second), remembered(first)] == [1, 1, 2, 1]
    assert [remembered(third), remembered(first)] == [3, 4]  # the first two were forgotten for the third
    assert asked == [first, second, third, first]


def test_a_sale_that_changed_has_other_rows() -> None:
    made = sale(1)
    assert parts_of(made).lines == parts_of(made).lines
    longer = made.with_quantity(1, 9)
    assert (parts_of(made).lines[0][8], parts_of(longer).lines[0][8]) == (made.lines[0].quantity, 9)
