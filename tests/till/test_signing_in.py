from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from appliance.storage.errors import StorageError
from appliance.till.errors import LockedOutError, WrongPinError
from appliance.till.signing_in import SigningIn, hash_pin

PEPPER = bytes(range(32))


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


def test_each_lock_is_counted_from_its_own_wrong_pin(bench: Any) -> None:
    wrong(bench, 5)
    bench.clock.pass_by(seconds=20)
    for _ in range(5):
        with pytest.raises((WrongPinError, LockedOutError)):
            bench.signing_in.sign_in(bench.sean.person_id, "0000")
    bench.clock.pass_by(seconds=10)

    assert bench.signing_in.sign_in(bench.marta.person_id, "1234") == bench.marta
    with pytest.raises(LockedOutError, match="in 20 seconds"):
        bench.signing_in.sign_in(bench.sean.person_id, "4321")


def test_the_right_pin_forgets_the_wrong_ones(bench: Any) -> None:
    wrong(bench, 4)
    bench.signing_in.sign_in(bench.marta.person_id, "1234")
    with pytest.raises(WrongPinError, match="4 more tries"):
        bench.signing_in.sign_in(bench.marta.person_id, "0000")


@pytest.mark.parametrize("days", [3650, 1, -1, -3650])
def test_moving_the_wall_clock_neither_ends_nor_stretches_a_lock(bench: Any, days: int) -> None:
    wrong(bench, 5)
    bench.clock.at += timedelta(days=days)
    bench.clock.pass_by(seconds=29)
    with pytest.raises(LockedOutError, match="in 1 seconds"):
        bench.signing_in.sign_in(bench.marta.person_id, "1234")

    bench.clock.pass_by(seconds=1)
    assert bench.signing_in.sign_in(bench.marta.person_id, "1234") == bench.marta


def test_after_a_reboot_a_lock_begins_again_at_its_full_length(bench: Any) -> None:
    wrong(bench, 5)
    bench.clock.pass_by(seconds=29)
    bench.clock.reboot()
    bench.restart()
    bench.clock.pass_by(seconds=29)
    with pytest.raises(LockedOutError, match="in 1 seconds"):
        bench.signing_in.sign_in(bench.marta.person_id, "1234")

    bench.clock.pass_by(seconds=1)
    assert bench.signing_in.sign_in(bench.marta.person_id, "1234") == bench.marta


def test_another_person_signing_in_between_gives_no_new_tries(bench: Any) -> None:
    for _ in range(4):
        wrong(bench, 1)
        bench.signing_in.sign_in(bench.sean.person_id, "4321")
        bench.signing_in.sign_out(bench.sean)
    with pytest.raises(LockedOutError):
        bench.signing_in.sign_in(bench.marta.person_id, "0000")
    bench.signing_in.sign_in(bench.sean.person_id, "4321")

    with pytest.raises(LockedOutError):
        bench.signing_in.sign_in(bench.marta.person_id, "1234")


def test_a_lock_is_counted_and_journalled_together_or_not_at_all(bench: Any) -> None:
    wrong(bench, 4)
    with bench.broken("journal"), pytest.raises(StorageError):
        bench.signing_in.sign_in(bench.marta.person_id, "0000")
    assert bench.staff.pin_of(bench.marta.person_id).failures == 4

    wrong(bench, 1)
    assert bench.kinds() == ["locked-out"]
    assert bench.staff.pin_of(bench.marta.person_id).failures == 5


def test_a_pin_from_before_the_pepper_holds_once_and_is_hashed_anew(bench: Any) -> None:
    bench.staff.set_pin(bench.marta.person_id, PasswordHasher(2, 19 * 1024, 1).hash("2580"))
    wrong(bench, 1)
    assert bench.staff.pin_of(bench.marta.person_id).hash.startswith("$argon2id$")
    bench.signing_in.sign_in(bench.marta.person_id, "2580")

    anew = bench.staff.pin_of(bench.marta.person_id).hash
    assert anew.startswith("peppered:$argon2id$")
    bench.signing_in.sign_in(bench.marta.person_id, "2580")
    assert bench.staff.pin_of(bench.marta.person_id).hash == anew


def test_the_file_alone_does_not_tell_a_pin(bench: Any) -> None:
    kept = bench.staff.pin_of(bench.marta.person_id).hash.removeprefix("peppered:")
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(kept, "1234")

    other = SigningIn(bench.staff, bench.journal, bench.clock, bytes(32))
    with pytest.raises(WrongPinError):
        other.sign_in(bench.marta.person_id, "1234")


def test_a_new_pin_forgets_the_wrong_ones(bench: Any) -> None:
    wrong(bench, 5)
    bench.staff.set_pin(bench.marta.person_id, hash_pin("9876", PEPPER))

    assert bench.signing_in.sign_in(bench.marta.person_id, "9876") == bench.marta


def test_a_person_who_left_is_refused_in_words(bench: Any) -> None:
    with pytest.raises(WrongPinError, match="no longer"):
        bench.signing_in.sign_in(999, "1234")


@pytest.mark.parametrize("pin", ["", "123", "12345", "12a4", "١٢٣٤"])
def test_a_pin_is_four_digits(pin: str) -> None:
    with pytest.raises(ValueError, match="4 digits"):
        hash_pin(pin, PEPPER)


def test_a_pin_is_kept_as_argon2id_with_19_mib() -> None:
    assert hash_pin("1234", PEPPER).startswith("peppered:$argon2id$v=19$m=19456,t=2,p=1$")
    assert hash_pin("1234", PEPPER) != hash_pin("1234", PEPPER)
