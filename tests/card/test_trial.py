"""What a record and a sector mean together, and how a trial ends."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from appliance.card.slots import Choice, Slot
from appliance.card.trial import (
    CONFIRMED,
    FAILED,
    GIVE_UP_SECONDS,
    INTERRUPTED,
    MOST_RESTARTS,
    STEADY_SECONDS,
    TRIES,
    AtBoot,
    Record,
    Stage,
    Trial,
    Verdict,
    at_boot,
    judge,
)

TRIAL = Trial("abc", "0.2.0", 1763700000, Slot.B, sales=3, devices=("04b8:0e28",), well=("kiosk",))
OLD, TRIED, NEW = Choice(Slot.A), Choice(Slot.A, tried=Slot.B), Choice(Slot.B)


@pytest.mark.parametrize(
    ("stage", "choice", "running", "meaning"),
    [
        (Stage.WRITING, OLD, Slot.A, AtBoot.INTERRUPTED),
        (Stage.WRITTEN, OLD, Slot.A, AtBoot.INTERRUPTED),
        (Stage.WRITTEN, Choice(Slot.B, is_trial=True), Slot.A, AtBoot.NOTHING),
        (Stage.WRITTEN, TRIED, Slot.A, AtBoot.FAILED),
        (Stage.WRITTEN, TRIED, Slot.B, AtBoot.TRYING),
        (Stage.WRITTEN, Choice(Slot.B, is_trial=True), Slot.B, AtBoot.TRYING),
        (Stage.TRYING, TRIED, Slot.B, AtBoot.TRYING),
        (Stage.TRYING, TRIED, Slot.A, AtBoot.FAILED),
        (Stage.GIVEN_UP, TRIED, Slot.A, AtBoot.FAILED),
        (Stage.TRYING, NEW, Slot.B, AtBoot.CONFIRMED),
        (Stage.WRITTEN, NEW, Slot.B, AtBoot.CONFIRMED),
    ],
)
def test_each_state_that_a_cut_can_leave_has_its_meaning(
    stage: Stage, choice: Choice, running: Slot, meaning: AtBoot
) -> None:
    assert at_boot(replace(TRIAL, stage=stage), running, choice) is meaning


@pytest.mark.parametrize("running", list(Slot))
def test_without_an_update_under_way_nothing_is_on_trial(running: Slot) -> None:
    assert at_boot(None, running, TRIED) is AtBoot.NOTHING


def test_every_state_at_all_has_a_meaning() -> None:
    choices = [Choice(slot, trial, None) for slot in Slot for trial in (False, True)]
    for stage, choice, running in product(Stage, [*choices, TRIED], Slot):
        assert at_boot(replace(TRIAL, stage=stage), running, choice) in AtBoot


@pytest.mark.parametrize(
    ("has_sold", "problems", "seconds", "steady", "verdict"),
    [
        (False, [], 10, 10, Verdict.WAIT),
        (False, [], STEADY_SECONDS + 1, STEADY_SECONDS, Verdict.CONFIRM),
        (False, ["kiosk: activating"], GIVE_UP_SECONDS - 1, 0, Verdict.WAIT),
        (False, ["kiosk: activating"], GIVE_UP_SECONDS, 0, Verdict.GIVE_UP),
        (False, [], GIVE_UP_SECONDS, 5, Verdict.GIVE_UP),
        (True, ["devices: 04b8:0e28 did not come back"], 20, 0, Verdict.CONFIRM),
        (True, ["kiosk: failed"], GIVE_UP_SECONDS, 0, Verdict.CONFIRM),
    ],
)
def test_a_trial_is_judged(
    has_sold: bool, problems: list[str], seconds: float, steady: float, verdict: Verdict
) -> None:
    for restarts in (0, MOST_RESTARTS - 1):
        found = judge(
            has_sold=has_sold, problems=problems, restarts=restarts, seconds=seconds, steady_seconds=steady
        )
        assert found is verdict


@pytest.mark.parametrize(("has_sold", "verdict"), [(False, Verdict.GIVE_UP), (True, Verdict.CONFIRM)])
def test_a_kiosk_that_ends_again_and_again_is_given_up_at_once(has_sold: bool, verdict: Verdict) -> None:
    problems = ["kiosk: activating (auto-restart)"]
    assert (
        judge(has_sold=has_sold, problems=problems, restarts=MOST_RESTARTS, seconds=20, steady_seconds=0)
        is verdict
    )


def test_a_record_comes_back_from_its_file() -> None:
    record = Record().begun(TRIAL).ended(FAILED, "why", "2026-11-22T23:00:00+00:00").begun(TRIAL)
    assert Record.from_dict(record.to_dict()) == record


@pytest.mark.parametrize(
    "found", [{"trial": {"slot": "Z"}}, {"endings": 7}, {"endings": [{"x": 1}]}, {"trial": 3}]
)
def test_a_record_that_nobody_wrote_counts_as_none(found: dict[str, object]) -> None:
    assert Record.from_dict(found) == Record()


def test_a_bundle_that_fails_twice_without_a_word_is_not_tried_again() -> None:
    record = Record().begun(replace(TRIAL, stage=Stage.TRYING)).ended(FAILED, "", "")
    assert not record.is_refused("abc"), "it may only have met a power cut"
    record = record.begun(replace(TRIAL, stage=Stage.TRYING)).ended(FAILED, "", "")
    assert record.is_refused("abc")
    assert not record.is_refused("another")


def test_one_that_was_given_up_is_not_tried_again_at_all() -> None:
    record = Record().begun(replace(TRIAL, stage=Stage.GIVEN_UP)).ended(FAILED, "the kiosk crashes", "")
    assert record.failures("abc") == TRIES
    assert record.is_refused("abc")


def test_what_was_cut_off_or_confirmed_counts_as_no_failure() -> None:
    record = Record().begun(TRIAL).ended(INTERRUPTED, "", "").begun(TRIAL).ended(CONFIRMED, "", "")
    assert record.failures("abc") == 0
    failed = Record().begun(TRIAL).ended(FAILED, "", "").begun(TRIAL).ended(INTERRUPTED, "", "")
    assert failed.failures("abc") == 1, "nor does it wipe out a failure before"
