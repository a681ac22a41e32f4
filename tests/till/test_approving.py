from typing import Any

import pytest

from appliance.domain.approval import DEEDS, Approval, Guarded
from appliance.domain.staff import Role
from appliance.till.errors import (
    ApprovalError,
    ApprovalNeededError,
    LockedOutError,
    ReasonNeededError,
    WrongPinError,
)


def use(bench: Any, word: Approval | None, what: Guarded = Guarded.PAID_OUT, about: str = "50.00") -> Any:
    with bench.approving.allowing(what, bench.marta, word, about) as approved:
        return approved


def ask(bench: Any, person: Any, pin: str, why: str = "Window cleaner") -> Approval:
    word: Approval = bench.approving.approve(Guarded.PAID_OUT, person.person_id, pin, why, "50.00")
    return word


def test_without_a_word_the_act_says_what_to_ask_the_manager(bench: Any) -> None:
    with pytest.raises(ApprovalNeededError, match="take money out of the drawer") as needed:
        use(bench, None)
    assert (needed.value.what, needed.value.about) == (Guarded.PAID_OUT, "50.00")


def test_a_manager_s_word_lets_the_act_happen_and_says_who_and_why(bench: Any) -> None:
    word = ask(bench, bench.sean, "4321")

    assert use(bench, word) == {
        "approved": {"by": bench.sean.person_id, "name": "Sean", "why": "Window cleaner"}
    }
    assert bench.kinds() == []


def test_a_word_cannot_be_used_twice(bench: Any) -> None:
    word = ask(bench, bench.sean, "4321")
    use(bench, word)

    with pytest.raises(ApprovalError, match="used already"):
        use(bench, word)


@pytest.mark.parametrize(
    ("what", "about"), [(Guarded.NO_SALE, "50.00"), (Guarded.PAID_OUT, "500.00"), (Guarded.PAID_OUT, "")]
)
def test_a_word_holds_for_nothing_else(bench: Any, what: Guarded, about: str) -> None:
    word = ask(bench, bench.sean, "4321")

    with pytest.raises(ApprovalError, match="something else"):
        use(bench, word, what, about)
    assert use(bench, word)


def test_a_word_that_nobody_gave_is_worth_nothing(bench: Any) -> None:
    word = ask(bench, bench.sean, "4321")
    copied = Approval(word.by, word.name, word.what, word.why, word.at, word.about)
    assert copied == word

    with pytest.raises(ApprovalError):
        use(bench, copied)


def test_the_last_word_counts(bench: Any) -> None:
    first = ask(bench, bench.sean, "4321")
    second = ask(bench, bench.sean, "4321")

    with pytest.raises(ApprovalError):
        use(bench, first)
    assert use(bench, second)


def test_a_word_lapses_after_two_minutes_whatever_the_wall_clock_says(bench: Any) -> None:
    word = ask(bench, bench.sean, "4321")
    at = bench.clock.at
    bench.clock.pass_by(seconds=120)
    bench.clock.at = at
    assert use(bench, word)

    word = ask(bench, bench.sean, "4321")
    bench.clock.pass_by(seconds=120.001)
    bench.clock.at = at
    with pytest.raises(ApprovalError, match="lapsed"):
        use(bench, word)


def test_a_word_does_not_outlive_the_plug(bench: Any) -> None:
    word = ask(bench, bench.sean, "4321")
    bench.restart()
    with pytest.raises(ApprovalError):
        use(bench, word)

    word = ask(bench, bench.sean, "4321")
    bench.clock.reboot()
    with pytest.raises(ApprovalError, match="lapsed"):
        use(bench, word)


def test_an_act_that_fails_leaves_the_word(bench: Any) -> None:
    word = ask(bench, bench.sean, "4321")
    with (
        pytest.raises(ZeroDivisionError),
        bench.approving.allowing(Guarded.PAID_OUT, bench.marta, word, "50.00"),
    ):
        raise ZeroDivisionError

    assert use(bench, word)


def test_a_cashier_approves_nothing_not_even_with_the_right_pin(bench: Any) -> None:
    bench.signing_in.sign_in(bench.marta.person_id, "1234")
    with pytest.raises(ApprovalError, match="Only a manager"):
        ask(bench, bench.marta, "1234")
    with pytest.raises(ApprovalError, match="Only a manager"):
        bench.approving.approve_own(Guarded.PAID_OUT, bench.marta, "Window cleaner", "50.00")
    assert bench.approving.managers() == [bench.sean]
    assert bench.kinds() == ["sign-in", "approval-refused", "approval-refused"]
    assert bench.entry("approval-refused") == {
        "what": "paid-out",
        "about": "50.00",
        "manager": bench.marta.person_id,
    }


def test_a_technician_and_a_stranger_approve_nothing(bench: Any) -> None:
    hash_ = bench.staff.pin_of(bench.sean.person_id).hash
    technician = bench.staff.add("Ines", Role.TECHNICIAN, hash_)
    for person_id in (technician.person_id, 999):
        with pytest.raises(ApprovalError, match="Only a manager"):
            bench.approving.approve(Guarded.NO_SALE, person_id, "4321", "Change")


def test_a_refused_try_is_journalled_with_who_stood_there(bench: Any) -> None:
    bench.signing_in.sign_in(bench.marta.person_id, "1234")
    with pytest.raises(WrongPinError, match="4 more tries"):
        ask(bench, bench.sean, "0000")

    rows = bench.database.rows("SELECT person_id FROM journal WHERE kind = 'approval-refused'")
    assert rows == [(bench.marta.person_id,)]
    assert bench.entry("approval-refused")["manager"] == bench.sean.person_id
    assert "0000" not in str(bench.database.rows("SELECT body FROM journal"))


def test_wrong_pins_at_signing_in_and_at_approving_are_one_count(bench: Any) -> None:
    for _ in range(2):
        with pytest.raises(WrongPinError):
            bench.signing_in.sign_in(bench.sean.person_id, "0000")
    for _ in range(2):
        with pytest.raises(WrongPinError):
            ask(bench, bench.sean, "0000")
    with pytest.raises(LockedOutError):
        ask(bench, bench.sean, "0000")
    for try_it in (
        lambda: ask(bench, bench.sean, "4321"),
        lambda: bench.signing_in.sign_in(bench.sean.person_id, "4321"),
    ):
        with pytest.raises(LockedOutError):
            try_it()
    assert bench.kinds().count("locked-out") == 1
    assert bench.kinds().count("approval-refused") == 4

    bench.clock.pass_by(seconds=30)
    assert use(bench, ask(bench, bench.sean, "4321"))


@pytest.mark.parametrize("why", ["", "  ", "\n"])
def test_a_word_without_a_reason_is_none_and_costs_no_try(bench: Any, why: str) -> None:
    with pytest.raises(ReasonNeededError):
        ask(bench, bench.sean, "0000", why)
    with pytest.raises(ReasonNeededError):
        bench.approving.approve_own(Guarded.PAID_OUT, bench.sean, why)
    assert bench.staff.pin_of(bench.sean.person_id).failures == 0


def test_a_card_number_in_a_reason_is_masked(bench: Any) -> None:
    assert ask(bench, bench.sean, "4321", "card 4111 1111 1111 1111").why == "card **** 1111"


def test_a_manager_who_is_signed_in_only_says_why_and_for_himself_alone(bench: Any) -> None:
    word = bench.approving.approve_own(Guarded.PAID_OUT, bench.sean, "Window cleaner", "50.00")
    with pytest.raises(ApprovalError, match="something else"):
        use(bench, word)

    with bench.approving.allowing(Guarded.PAID_OUT, bench.sean, word, "50.00") as approved:
        assert approved["approved"]["by"] == bench.sean.person_id


def test_a_manager_who_left_approves_nothing(bench: Any) -> None:
    bench.database.rows("UPDATE person SET active = 0 WHERE name = 'Sean'")
    with pytest.raises(ApprovalError):
        ask(bench, bench.sean, "4321")
    with pytest.raises(ApprovalError):
        bench.approving.approve_own(Guarded.NO_SALE, bench.sean, "Change")


def test_everything_guarded_has_its_words() -> None:
    assert set(DEEDS) == set(Guarded)
