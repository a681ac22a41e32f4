from typing import Any

import pytest

from appliance.till.errors import LockedOutError, WrongPinError
from appliance.till.signing_in import hash_pin


def wrong(bench: Any, times: int) -> None:
    for _ in range(times):
        with pytest.raises((WrongPinError, LockedOutError)):
            bench.signing_in.sign_in(bench.marta.person_id, "0000")


def test_the_right_pin_opens_the_till_and_is_journalled(bench: Any) -> None:
    assert bench.signing_in.sign_in(bench.marta.person_id, "1234") == bench.marta
    bench.signing_in.sign_out(bench.marta)

    assert bench.kinds() == ["sign-in", "sign-out"]


def test_a_wrong_pin_says_how_many_tries_are_left(bench: Any) -> None:
    with pytest.raises(WrongPinError, match=r"Wrong PIN. 4 more tries."):
        bench.signing_in.sign_in(bench.marta.person_id, "0000")
    wrong(bench, 2)
    with pytest.raises(WrongPinError, match=r"1 more try."):
        bench.signing_in.sign_in(bench.marta.person_id, "0000")


def test_after_five_wrong_pins_even_the_right_one_waits(bench: Any) -> None:
    wrong(bench, 5)
    with pytest.raises(LockedOutError, match="Try again in 30 seconds") as refused:
        bench.signing_in.sign_in(bench.marta.person_id, "1234")
    assert (refused.value.until - bench.clock()).total_seconds() == 30

    bench.clock.pass_by(seconds=30)
    assert bench.signing_in.sign_in(bench.marta.person_id, "1234") == bench.marta


def test_the_wait_doubles_up_to_a_quarter_of_an_hour(bench: Any) -> None:
    wrong(bench, 5)
    waits = []
    for _ in range(7):
        bench.clock.pass_by(minutes=20)
        with pytest.raises(LockedOutError) as refused:
            bench.signing_in.sign_in(bench.marta.person_id, "0000")
        waits.append((refused.value.until - bench.clock()).total_seconds())
    assert waits == [60, 120, 240, 480, 900, 900, 900]


def test_pulling_the_plug_gives_no_new_tries(bench: Any) -> None:
    wrong(bench, 5)
    bench.restart()

    with pytest.raises(LockedOutError):
        bench.signing_in.sign_in(bench.marta.person_id, "1234")


def test_one_person_locked_out_does_not_lock_the_other(bench: Any) -> None:
    wrong(bench, 5)

    assert bench.signing_in.sign_in(bench.sean.person_id, "4321") == bench.sean


def test_the_right_pin_forgets_the_wrong_ones(bench: Any) -> None:
    wrong(bench, 4)
    bench.signing_in.sign_in(bench.marta.person_id, "1234")
    with pytest.raises(WrongPinError, match="4 more tries"):
        bench.signing_in.sign_in(bench.marta.person_id, "0000")


def test_a_lock_written_under_a_wrong_clock_does_not_last_for_years(bench: Any) -> None:
    bench.clock.pass_by(days=3650)
    wrong(bench, 5)
    bench.clock.pass_by(days=-3650)

    assert bench.signing_in.sign_in(bench.marta.person_id, "1234") == bench.marta


def test_a_person_who_left_is_refused_in_words(bench: Any) -> None:
    with pytest.raises(WrongPinError, match="no longer"):
        bench.signing_in.sign_in(999, "1234")


@pytest.mark.parametrize("pin", ["", "123", "12345", "12a4", "١٢٣٤"])
def test_a_pin_is_four_digits(pin: str) -> None:
    with pytest.raises(ValueError, match="4 digits"):
        hash_pin(pin)


def test_a_pin_is_kept_as_argon2id_with_19_mib() -> None:
    assert hash_pin("1234").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hash_pin("1234") != hash_pin("1234")
