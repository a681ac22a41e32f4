"""A system on trial on a card in a folder: its file, its sales, and the power going before every step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.card.slots import Choice, Slot
from appliance.card.trial import (
    CONFIRMED,
    GIVE_UP_SECONDS,
    MOST_RESTARTS,
    AtBoot,
    Stage,
    Trial,
    Verdict,
)
from appliance.card.trying import at_each_boot, problems_of, watch
from appliance.storage.condition import look
from tests.card.updates import ALL_WELL, DEVICES, NEWEST, PowerCutError, Toy, next_migrations, passing

TRIAL = Trial("abc", "0.2.0", 1763700000, Slot.B, Stage.WRITTEN, sales=3, devices=DEVICES, well=ALL_WELL)


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    toy = Toy(tmp_path / "card", next_migrations(tmp_path / "next"))
    toy.new_till(3)
    return toy


def start_trial(toy: Toy) -> None:
    """B is written; the machine starts it, and its kiosk brings the till's file up to date."""
    toy.card().keep(toy.card().record.begun(TRIAL))
    toy.slots().try_once(Slot.B)
    assert toy.power_on() is Slot.B
    assert at_each_boot(toy.card()) is AtBoot.TRYING
    toy.open_till()


def watching(toy: Toy, *problems: str, **more: object) -> Verdict:
    clock, sleep = passing()
    return watch(toy.card(), lambda: toy.health(*problems, **more), clock, sleep)  # type: ignore[arg-type]


def test_a_system_that_is_well_is_confirmed_and_starts_from_then_on(toy: Toy) -> None:
    start_trial(toy)
    assert watching(toy) is Verdict.CONFIRM
    assert toy.slots().read() == Choice(Slot.B)
    assert toy.card().record.endings[0].outcome == CONFIRMED
    assert toy.power_on() is Slot.B
    assert at_each_boot(toy.card()) is AtBoot.NOTHING
    assert toy.can_sell()
    assert toy.reboots == 0


@pytest.mark.parametrize(
    ("problems", "more"),
    [
        (("kiosk: activating (auto-restart)",), {}),
        (("journal: The till's file is damaged.",), {}),
        ((), {"devices": DEVICES[:1]}),
        (("sync service: failed (failed)",), {}),
    ],
    ids=["kiosk", "journal", "a device is gone", "sync service"],
)
def test_a_bad_system_is_given_up_and_the_old_one_sells_again(
    toy: Toy, problems: tuple[str, ...], more: dict[str, object]
) -> None:
    start_trial(toy)
    assert watching(toy, *problems, **more) is Verdict.GIVE_UP
    assert toy.reboots == 1
    assert toy.power_on() is Slot.A
    assert not toy.can_sell(), "B has brought the file up to date"
    assert at_each_boot(toy.card()) is AtBoot.FAILED
    assert toy.can_sell()
    assert toy.sold == 3
    assert toy.card().record.is_refused("abc")
    assert toy.slots().read() == Choice(Slot.A)


def test_only_what_was_well_before_speaks_against_it(toy: Toy) -> None:
    before = Trial("abc", "0.2.0", 1, Slot.B, devices=DEVICES, well=("kiosk", "journal", "card"))
    assert problems_of(before, toy.health("sync service: inactive (dead)", "clock: wrong")) == []
    assert problems_of(before, toy.health("card: only 3 MB are free")) == ["card: only 3 MB are free"]
    assert problems_of(Trial("abc", "1", 1, Slot.B), toy.health("kiosk: failed (failed)")) != []
    assert problems_of(before, toy.health(devices=(*DEVICES, "1234:5678"))) == []


def test_a_kiosk_that_starts_again_and_again_is_not_waited_for(toy: Toy) -> None:
    start_trial(toy)
    clock, sleep = passing()
    verdict = watch(toy.card(), lambda: toy.health(restarts=int(clock() // 10)), clock, sleep)
    assert verdict is Verdict.GIVE_UP
    assert 10 * MOST_RESTARTS <= clock() < GIVE_UP_SECONDS / 2
    assert toy.reboots == 1


def test_a_kiosk_that_does_not_last_is_not_well(toy: Toy) -> None:
    start_trial(toy)
    clock, sleep = passing()
    at_times = toy.health("kiosk: activating (auto-restart)")
    verdict = watch(toy.card(), lambda: at_times if clock() % 50 < 5 else toy.health(), clock, sleep)
    assert verdict is Verdict.GIVE_UP
    assert clock() >= GIVE_UP_SECONDS


def test_a_slow_computer_may_have_more_time(toy: Toy) -> None:
    start_trial(toy)
    clock, sleep = passing()
    slow = toy.health("kiosk: activating (start)")
    verdict = watch(
        toy.card(), lambda: slow if clock() < 600 else toy.health(), clock, sleep, limit_seconds=900
    )
    assert verdict is Verdict.CONFIRM


def test_the_first_completed_sale_confirms(toy: Toy) -> None:
    start_trial(toy)
    toy.sell(50)
    assert watching(toy, "kiosk: reloading") is Verdict.CONFIRM
    assert toy.power_on() is Slot.B
    assert toy.sold == 4


def test_a_sale_completed_just_before_the_restart_proves_nothing(toy: Toy) -> None:
    toy.card().keep(toy.card().record.begun(TRIAL))
    toy.sell(49)
    toy.slots().try_once(Slot.B)
    toy.power_on()
    at_each_boot(toy.card())
    assert watching(toy, "kiosk: failed (failed)") is Verdict.GIVE_UP


def test_power_goes_after_a_sale_on_trial_and_before_it_was_noticed(toy: Toy) -> None:
    """The old version cannot read the file, and the sale proved the new one: it is started for good."""
    start_trial(toy)
    toy.sell(50)
    assert toy.power_on() is Slot.A
    at_each_boot(toy.card())
    assert toy.reboots == 1
    assert toy.power_on() is Slot.B
    assert at_each_boot(toy.card()) is AtBoot.NOTHING
    assert toy.can_sell()
    assert toy.sold == 4
    assert toy.power_on() is Slot.B


def test_a_system_that_sold_and_was_given_up_loses_none_of_its_sales(toy: Toy) -> None:
    start_trial(toy)
    toy.card().keep(toy.card().record.at_stage(Stage.GIVEN_UP, "kiosk: failed"))
    toy.sell(50)
    toy.sell(51)
    assert toy.power_on() is Slot.A
    at_each_boot(toy.card())
    assert toy.can_sell()
    assert toy.sold == 5


def test_without_a_copy_the_old_system_gives_way_to_the_only_one_that_can_read_the_file(toy: Toy) -> None:
    start_trial(toy)
    for copy in toy.places.till_data.glob("till.db.before-*"):
        copy.unlink()
    assert toy.power_on() is Slot.A
    at_each_boot(toy.card())
    assert toy.reboots == 1
    assert toy.power_on() is Slot.B
    assert toy.can_sell()


def test_where_neither_can_read_it_the_file_is_left_alone(toy: Toy) -> None:
    start_trial(toy)
    for copy in toy.places.till_data.glob("till.db.before-*"):
        copy.unlink()
    assert toy.power_on() is Slot.A
    toy.slots().mark(Slot.B, good=False)
    at_each_boot(toy.card())
    assert toy.reboots == 0
    assert look(toy.journal).version == NEWEST + 1
    assert toy.sold == 3


def test_a_reset_on_trial_without_a_new_schema_changes_nothing(toy: Toy) -> None:
    start = toy.card().record.begun(TRIAL)
    toy.card().keep(start)
    toy.slots().try_once(Slot.B)
    toy.power_on()
    at_each_boot(toy.card())
    assert toy.power_on() is Slot.A
    assert at_each_boot(toy.card()) is AtBoot.FAILED
    assert not toy.card().record.is_refused("abc"), "once more"
    assert toy.can_sell()


def test_a_sector_that_cannot_be_read_is_made_anew_for_what_runs(toy: Toy) -> None:
    toy.slot_file.write_bytes(b"\0" * 512)
    assert at_each_boot(toy.card()) is AtBoot.NOTHING
    assert toy.slots().read() == Choice(Slot.A)


def test_an_initrd_that_could_not_write_is_helped_out(toy: Toy) -> None:
    toy.card().keep(toy.card().record.begun(TRIAL))
    toy.slots().try_once(Slot.B)
    trial = toy.slot_file.read_bytes()
    toy.power_on()
    toy.slot_file.write_bytes(trial)
    assert at_each_boot(toy.card()) is AtBoot.TRYING
    assert toy.slots().read() == Choice(Slot.A, tried=Slot.B), "as the initrd writes it"


def whole_trial(toy: Toy, *, is_good: bool, sells: bool) -> None:
    """From the written system to the end of its trial, and the boot after it."""
    toy.card().keep(toy.card().record.begun(TRIAL))
    toy.slots().try_once(Slot.B)
    _boot_and_go_on(toy, is_good=is_good, sells=sells)


def _boot_and_go_on(toy: Toy, *, is_good: bool, sells: bool) -> None:
    for _ in range(4):
        disk = toy.disk
        running = toy.power_on()
        toy.disk = disk  # the same power goes on
        reboots = toy.reboots
        meaning = at_each_boot(toy.card())
        if toy.reboots > reboots:
            continue
        toy.open_till()
        if meaning is not AtBoot.TRYING:
            return
        if sells:
            toy.sell(60)
        if watching(toy, *(() if is_good else ("kiosk: failed (failed)",))) is Verdict.CONFIRM:
            assert running is Slot.B


@pytest.mark.parametrize("is_good", [True, False], ids=["good", "bad"])
@pytest.mark.parametrize("sells", [True, False], ids=["sells", "idle"])
def test_the_power_may_go_before_every_write_of_a_trial(tmp_path: Path, is_good: bool, sells: bool) -> None:
    """Each time the card starts again, some system can sell, and every sale is there."""
    points = 0
    while _cut_at(tmp_path, points, is_good=is_good, sells=sells):
        points += 1
    assert points >= 8


def _cut_at(tmp_path: Path, point: int, *, is_good: bool, sells: bool) -> bool:
    """Cut before this step, then start the card as often as it asks; False if the trial had fewer steps."""
    toy = Toy(tmp_path / f"card{point}", next_migrations(tmp_path / f"next{point}"))
    toy.new_till(3)
    toy.disk.left = toy.disk.done + point
    was_cut = _runs_into_cut(lambda: whole_trial(toy, is_good=is_good, sells=sells))
    sold = toy.sold
    for _ in range(3):
        reboots = toy.reboots
        toy.power_on()
        at_each_boot(toy.card())
        if toy.reboots == reboots:
            break
    toy.open_till()
    assert toy.can_sell()
    assert toy.sold == sold
    toy.sell(90 + point)
    assert toy.sold == sold + 1
    return was_cut


def _runs_into_cut(do: Callable[[], None]) -> bool:
    try:
        do()
    except PowerCutError:
        return True
    return False
