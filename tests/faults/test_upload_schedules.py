"""The real uploader against every schedule of three faults; and uploaders that are almost right."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.faults.defects_protocol import DEFECTS
from tests.faults.explore_upload import DOUBLING, DYING, MOVE, SALE, TWO_SALES, explore
from tests.faults.model_faults import FAULTS, few_kinds_for
from tests.faults.model_till import Parts, Told


def test_no_schedule_of_three_faults_loses_or_doubles_a_sale() -> None:
    found = explore(faults=3)
    assert found.schedules > 800_000
    assert not found.wrong, found


@pytest.mark.parametrize(
    "told", [pytest.param(TWO_SALES, id="two sales"), pytest.param(MOVE, id="a stock move")]
)
def test_no_schedule_of_two_faults_loses_or_doubles_other_things_that_are_told(told: Told) -> None:
    found = explore(faults=2, told=told)
    assert found.schedules > 10_000
    assert not found.wrong, found


def test_where_the_server_dies_half_way_through_a_write_a_person_is_told_what_to_count() -> None:
    found = explore(faults=2, parts=DYING)
    assert found.known
    assert not found.wrong, found


@pytest.mark.parametrize("told", [pytest.param(SALE, id="a sale"), pytest.param(MOVE, id="a stock move")])
def test_where_something_on_the_way_doubles_a_cancel_a_person_is_told_of_each_count_that_is_off(
    told: Told,
) -> None:
    found = explore(faults=2, parts=DOUBLING, told=told)
    assert not found.wrong, found
    called = Counter({words: count for words, count in found.known.items() if "a person is called" in words})
    assert called.total() == found.known["known: units"] > 20, "nobody is called for nothing"
    assert any("of order 101, which it cancelled, back exactly once" in words for words in called)


def test_there_are_25_kinds_of_fault() -> None:
    assert len(FAULTS) == len({kind.name for kind in FAULTS}) == 25


@pytest.mark.parametrize(
    ("faults", "parts"), [(2, Parts(kinds=few_kinds_for)), (1, DEFECTS["looks before each try"][0])]
)
def test_schedules_that_share_their_ends_are_counted_and_judged_as_if_each_were_run(
    faults: int, parts: Parts
) -> None:
    shared, one_by_one = explore(faults, parts=parts), explore(faults, sample=10**9, parts=parts)
    assert (shared.schedules, shared.wrong) == (one_by_one.schedules, one_by_one.wrong)
    assert shared.wrong_schedules == one_by_one.wrong_schedules


@pytest.mark.parametrize("name", DEFECTS)
def test_an_uploader_that_is_almost_right_is_found_out(name: str) -> None:
    parts, faults = DEFECTS[name]
    found = explore(faults, parts=parts)
    assert found.wrong
    assert len(found.words) == faults
    assert not faults or not explore(faults - 1, parts=parts).wrong
