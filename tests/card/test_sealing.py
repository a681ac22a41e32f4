"""A new card becomes an encrypted one in a board with a key; no other is ever made anew, wherever the power goes."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from appliance.card.board_key import is_set, passphrase
from appliance.card.opening import NO_KEY, NOT_OPENED, OTHER_KEY, OpeningError, open_data
from appliance.card.sealing import BEGUN, FOLDERS, INODES, PLAIN, SEALED, Found
from image.steps.disk import FOLDERS_OF_DATA
from tests.card.cutting import PowerCutError
from tests.card.sealed_card import MAGIC, SealedCard

KEY = "00112233445566778899aabbccddeeff000000010000000200000003fffffffe"
OTHER = KEY[::-1]
BOARD = "10000000ad8e94a8"
NONE = "0" * 64


@pytest.fixture
def card(folder: Path) -> SealedCard:
    return SealedCard(folder)


def switch_on(card: SealedCard, key: str) -> str:
    """One start, with a board's key; what the screen says."""
    card.switch_off()
    try:
        open_data(card.sealing, key, BOARD)
    except OpeningError as error:
        return str(error)
    return ""


def files_in(place: Path) -> list[str]:
    said = subprocess.run(
        ["debugfs", "-R", "ls -p /", place], check=True, capture_output=True, text=True
    ).stdout
    return [
        name for name in (line.split("/")[5] for line in said.splitlines() if line) if name not in (".", "..")
    ]


def test_a_new_card_is_encrypted_and_opened_by_the_same_board_from_then_on(card: SealedCard) -> None:
    assert card.sealing.look() is Found.NEW
    assert switch_on(card, KEY) == ""
    assert card.kind == SEALED
    assert card.mapped.exists()
    assert sorted(files_in(card.inner)) == ["lost+found", "system", "till"]
    card.put("sale", b"one", card.inner)
    assert switch_on(card, KEY) == ""
    assert "sale" in files_in(card.inner)
    assert "cryptsetup luksFormat" not in card.commands


def test_its_header_carries_the_cards_own_number_for_the_initrd(card: SealedCard) -> None:
    switch_on(card, KEY)
    assert b'"01234567-89ab-cdef-0123-456789abcdef"' in card.part.read_bytes()[:512]


@pytest.mark.parametrize("key", [NONE, "", "not a key"])
def test_without_a_key_a_new_card_stays_as_it_was_flashed(card: SealedCard, key: str) -> None:
    before = card.part.read_bytes(), card.image.read_bytes()
    assert switch_on(card, key) == ""
    assert (card.part.read_bytes(), card.image.read_bytes()) == before


def unclean(card: SealedCard) -> None:
    subprocess.run(
        ["debugfs", "-w", "-R", "feature needs_recovery", card.part], check=True, capture_output=True
    )


def file_system_of_somebody_else(card: SealedCard) -> None:
    subprocess.run(
        ["tune2fs", "-U", "12345678-0000-4000-8000-000000000004", card.part], check=True, capture_output=True
    )


def one_file(card: SealedCard) -> None:
    card.put("system/machine-id", b"1")


def a_fault(card: SealedCard) -> None:
    subprocess.run(["debugfs", "-w", "-R", "freei <12>", card.part], check=True, capture_output=True)


def no_file_system(card: SealedCard) -> None:
    with card.part.open("r+b") as file:
        file.write(bytes(1024 * 1024))


@pytest.mark.parametrize("change", [one_file, unclean, file_system_of_somebody_else, a_fault, no_file_system])
def test_what_is_not_certainly_new_is_left_alone(card: SealedCard, change: object) -> None:
    assert callable(change)
    change(card)
    before = card.part.read_bytes()
    assert switch_on(card, KEY) == ""
    assert (card.part.read_bytes(), card.kind) == (before, PLAIN)


@pytest.mark.parametrize(("key", "words"), [(NONE, NO_KEY), ("", NO_KEY), (OTHER, OTHER_KEY)])
def test_an_encrypted_card_in_another_board_says_so_and_is_not_touched(
    card: SealedCard, key: str, words: str
) -> None:
    switch_on(card, KEY)
    before = card.part.read_bytes(), card.inner.read_bytes()
    assert switch_on(card, key) == words
    assert (card.part.read_bytes(), card.inner.read_bytes(), card.kind) == (*before, SEALED)
    assert switch_on(card, KEY) == ""


def test_a_card_whose_header_is_gone_is_not_made_anew(card: SealedCard) -> None:
    switch_on(card, KEY)
    with card.part.open("r+b") as file:
        file.write(bytes(512))
    before = card.inner.read_bytes()
    assert switch_on(card, KEY) == NOT_OPENED
    assert (card.inner.read_bytes(), card.kind) == (before, SEALED)


def test_an_encrypted_partition_that_is_not_ours_is_not_made_anew(card: SealedCard) -> None:
    with card.part.open("r+b") as file:
        file.write(MAGIC)
    assert switch_on(card, KEY) == NOT_OPENED
    assert "cryptsetup luksFormat" not in card.commands


@pytest.mark.parametrize("tears", [False, True])
def test_a_cut_anywhere_is_made_good_at_the_next_start(folder: Path, *, tears: bool) -> None:
    for at in count(1):
        card = SealedCard(folder / str(at))
        card.switch_off(at, tears=tears)
        with suppress(PowerCutError):
            open_data(card.sealing, KEY, BOARD)
        is_over = card.writes < at
        assert card.kind in ((SEALED,) if is_over else (PLAIN, BEGUN))
        assert switch_on(card, KEY) == ""
        assert card.kind == SEALED
        assert sorted(files_in(card.inner)) == ["lost+found", "system", "till"]
        if is_over:
            break
    assert at == 8


def test_a_second_cut_is_made_good_too(folder: Path) -> None:
    for first in range(1, 8):
        card = SealedCard(folder / str(first))
        for at in (first, 2, 3):
            card.switch_off(at, tears=True)
            with suppress(PowerCutError):
                open_data(card.sealing, KEY, BOARD)
        assert switch_on(card, KEY) == ""
        assert card.kind == SEALED


def test_if_only_the_last_mark_was_lost_nothing_is_made_anew(card: SealedCard) -> None:
    switch_on(card, KEY)
    card.put("sale", b"one", card.inner)
    subprocess.run(
        ["sfdisk", "--quiet", "--part-type", card.image, "4", BEGUN], check=True, capture_output=True
    )
    assert switch_on(card, KEY) == ""
    assert card.kind == SEALED
    assert "sale" in files_in(card.inner)


def test_files_on_a_partition_that_was_begun_stay(card: SealedCard) -> None:
    one_file(card)
    subprocess.run(
        ["sfdisk", "--quiet", "--part-type", card.image, "4", BEGUN], check=True, capture_output=True
    )
    before = card.part.read_bytes()
    assert switch_on(card, KEY) == ""
    assert card.part.read_bytes() == before


def test_it_is_made_with_the_folders_that_the_build_makes(card: SealedCard) -> None:
    assert dict(FOLDERS) == FOLDERS_OF_DATA
    assert len(FOLDERS) + 11 == INODES


def test_a_key_is_set_if_any_of_its_bits_is() -> None:
    assert is_set(KEY)
    assert is_set("0" * 63 + "1")
    assert not is_set(NONE)
    assert not is_set(KEY[:-1])


def test_what_opens_the_card_is_made_of_key_and_board_as_rfc_5869_has_it() -> None:
    secret = passphrase(KEY, BOARD)
    asked = ["openssl", "kdf", "-keylen", "32", "-kdfopt", "digest:SHA256", "-kdfopt", f"hexkey:{KEY}"]
    asked += [
        "-kdfopt",
        f"hexsalt:{BOARD.encode().hex()}",
        "-kdfopt",
        "info:gapless data partition 1",
        "HKDF",
    ]
    said = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    assert said.replace(":", "").strip().lower().encode() == secret
    assert passphrase(KEY, "another") != secret
    assert KEY.encode() not in secret
