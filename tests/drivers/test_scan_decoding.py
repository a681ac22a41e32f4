"""Keys to text: each layout, each trick of scanners, and everything that must be refused."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from drivers.devices import Scan, ScanRejected
from drivers.layouts import LAYOUTS, US, Level
from drivers.scan_decoding import ScanDecoder

SHIFT, RIGHT_SHIFT, CTRL, ALT, ALTGR, META = 42, 54, 29, 56, 100, 125
ENTER, KEYPAD_ENTER, TAB, CAPS_LOCK, NUM_LOCK, ESCAPE, F1, DOWN = 28, 96, 15, 58, 69, 1, 59, 108
RIGHT_BRACKET, A, B, M, SPACE = 27, 30, 48, 50, 57
ONE, TWO, FOUR, FIVE, SIX, EIGHT, ZERO = 2, 3, 5, 6, 7, 9, 11
KP0, KP2, KP4, KP6, KP9, KP_POINT = 82, 80, 75, 77, 73, 83

Answer = Scan | ScanRejected


def tap(*codes: int) -> list[tuple[int, int]]:
    return [(code, value) for code in codes for value in (1, 0)]


def held(modifier: int, *codes: int) -> list[tuple[int, int]]:
    return [(modifier, 1), *tap(*codes), (modifier, 0)]


def decode(keys: Iterable[tuple[int, int]], layout: str = "us") -> list[Answer]:
    decoder = ScanDecoder(LAYOUTS[layout])
    return [answer for code, value in keys for answer in decoder.feed(code, value, 1.0)]


def text_of(keys: Iterable[tuple[int, int]], layout: str = "us") -> str:
    (answer,) = decode([*keys, *tap(ENTER)], layout)
    assert isinstance(answer, Scan), answer
    return answer.text


def refusal_of(keys: Iterable[tuple[int, int]], layout: str = "us") -> str:
    (answer,) = decode([*keys, *tap(ENTER)], layout)
    assert isinstance(answer, ScanRejected), answer
    return answer.reason


def test_the_same_keys_mean_other_characters_in_each_country() -> None:
    keys = [*tap(16, 30, 44, 21, FOUR), *held(SHIFT, FOUR, 12, M)]
    assert text_of(keys, "us") == "qazy4$_M"
    assert text_of(keys, "de") == "qayz4$?M"
    assert text_of(keys, "fr") == "aqwy'4°?"


def test_a_french_scanner_presses_shift_for_digits() -> None:
    assert text_of(held(SHIFT, FOUR, ZERO, ZERO, SIX), "fr") == "4006"
    assert text_of(tap(FOUR, ZERO, ZERO, SIX), "fr") == "'àà-"


@pytest.mark.parametrize(
    ("layout", "code", "character"),
    [
        ("de", 16, "@"),
        ("de", 27, "~"),
        ("de", EIGHT, "["),
        ("de", 86, "|"),
        ("fr", ZERO, "@"),
        ("fr", FIVE, "["),
    ],
)
def test_alt_gr_types_what_is_printed_on_the_key(layout: str, code: int, character: str) -> None:
    assert text_of(held(ALTGR, code), layout) == character


def test_an_accent_joins_its_letter_and_a_space_leaves_it_alone() -> None:
    assert text_of([*tap(26, 18)], "fr") == "ê"
    assert text_of([*tap(26, SPACE)], "fr") == "^"
    assert text_of([*tap(26, ONE)], "fr") == "^&"
    assert text_of([*tap(41)], "de") == "^"


def test_every_level_of_every_layout_types_back_what_it_says() -> None:
    for layout in LAYOUTS.values():
        for (code, level), character in layout.characters.items():
            keys = {
                Level.PLAIN: tap(code),
                Level.SHIFT: held(SHIFT, code),
                Level.ALTGR: held(ALTGR, code),
            }[level]
            assert text_of(keys, layout.name) == character, (layout.name, code, level)


def test_every_printable_ascii_character_can_be_typed_in_every_layout() -> None:
    for layout in LAYOUTS.values():
        characters = set(layout.characters.values())
        assert {chr(number) for number in range(0x20, 0x7F)} <= characters, layout.name


def test_control_and_right_bracket_is_the_group_separator() -> None:
    keys = [*tap(ONE, ZERO, B), *held(CTRL, RIGHT_BRACKET), *tap(ONE, EIGHT)]
    assert text_of(keys) == "10b\x1d18"
    assert text_of(keys, "de") == "10b\x1d18"


def test_any_other_control_character_refuses_the_scan() -> None:
    assert refusal_of([*tap(ONE), *held(CTRL, B)]) == "a control character in the barcode"
    assert refusal_of(held(ALT, KP0, KP2, KP6)) == "a control character in the barcode"


def test_alt_and_digits_on_the_keypad_type_by_number() -> None:
    assert text_of([*held(ALT, KP0, KP4, KP2), *tap(A)]) == "*a"
    assert text_of(held(ALT, KP0, KP2, KP9)) == "\x1d"
    assert text_of(held(ALT, KP0, KP2, KP2, KP6)) == "\u00e2"  # 0226 in Windows-1252
    assert refusal_of(held(ALT, KP2, KP2, KP6)) == "a control character in the barcode"  # a DOS page: unknown


def test_the_keypad_types_digits_whatever_num_lock_says() -> None:
    assert text_of(tap(NUM_LOCK, KP4, KP0, KP0, KP6)) == "4006"
    assert text_of(tap(KP4, KP_POINT, KP0), "de") == "4,0"


def test_caps_lock_changes_nothing() -> None:
    assert text_of([*tap(CAPS_LOCK, A), *held(SHIFT, A), *tap(CAPS_LOCK)]) == "aA"


def test_either_shift_counts_and_one_may_be_let_go() -> None:
    assert text_of([(SHIFT, 1), (RIGHT_SHIFT, 1), (SHIFT, 0), *tap(A), (RIGHT_SHIFT, 0), *tap(A)]) == "Aa"


def test_a_key_that_repeats_itself_counts_once() -> None:
    assert text_of([(ONE, 1), (ONE, 2), (ONE, 2), (ONE, 0), *tap(TWO)]) == "12"


@pytest.mark.parametrize("suffix", [ENTER, KEYPAD_ENTER, TAB])
def test_enter_of_either_kind_and_tab_end_a_scan(suffix: int) -> None:
    assert decode(tap(ONE, TWO, suffix)) == [Scan("12", None, 1.0)]


def test_a_scanner_that_sends_two_ends_gives_one_scan() -> None:
    assert decode(tap(ONE, ENTER, KEYPAD_ENTER, TWO, ENTER)) == [Scan("1", None, 1.0), Scan("2", None, 1.0)]


@pytest.mark.parametrize("modifier", [META, ALT])
def test_a_shortcut_in_a_barcode_refuses_it(modifier: int) -> None:
    assert refusal_of([*tap(ONE), *held(modifier, A), *tap(TWO)]) == "a shortcut in the barcode"


@pytest.mark.parametrize("code", [ESCAPE, F1, DOWN])
def test_a_key_that_is_no_character_refuses_the_scan(code: int) -> None:
    assert refusal_of(tap(ONE, code)) == f"key {code} is no character"


def test_a_refusal_does_not_reach_into_the_next_scan() -> None:
    answers = decode([*tap(ONE, F1, ENTER), *tap(TWO, ENTER)])
    assert [type(answer) for answer in answers] == [ScanRejected, Scan]


@pytest.mark.parametrize("identifier", ["E0", "C1", "d2", "Q1", "Q3", "e0"])
def test_the_aim_identifier_is_split_off(identifier: str) -> None:
    decoder = ScanDecoder()
    typed = f"]{identifier}0104006381333931"
    assert _read(decoder, typed) == [Scan("0104006381333931", identifier, 2.0)]


def test_what_only_looks_like_an_aim_identifier_stays() -> None:
    assert _read(ScanDecoder(), "]1A234") == [Scan("]1A234", None, 2.0)]
    assert _read(ScanDecoder(), "]C1") == [ScanRejected("an empty barcode", "", 2.0)]


def test_lost_events_refuse_the_whole_scan_up_to_its_end() -> None:
    decoder = ScanDecoder()
    _type(decoder, "12")
    decoder.lose(2.0)
    assert _read(decoder, "89") == [ScanRejected("events were lost", "1289", 2.0)]
    assert _read(decoder, "73513537") == [Scan("73513537", None, 2.0)]


def test_a_loss_before_the_first_character_refuses_too() -> None:
    decoder = ScanDecoder()
    decoder.lose(2.0)
    assert _read(decoder, "12") == [ScanRejected("events were lost", "12", 2.0)]


def test_a_loss_that_took_the_end_with_it_is_told_after_a_silence() -> None:
    decoder = ScanDecoder()
    _type(decoder, "12")
    decoder.lose(2.0)
    assert decoder.expire(2.9) == []
    assert decoder.expire(3.0) == [ScanRejected("events were lost", "12", 3.0)]
    assert decoder.deadline is None


def test_a_scan_without_its_end_never_runs_into_the_next_one() -> None:
    decoder = ScanDecoder()
    _type(decoder, "4006", at=1.0)
    assert _type(decoder, "7", at=2.5) == [ScanRejected("the end is missing", "4006", 2.5)]
    assert _read(decoder, "3513537", at=2.6) == [Scan("73513537", None, 2.6)]


def test_more_than_any_barcode_holds_is_refused_and_not_kept() -> None:
    decoder = ScanDecoder(longest=10)
    (answer,) = _read(decoder, "1" * 5000)
    assert isinstance(answer, ScanRejected)
    assert (answer.reason, len(answer.text)) == ("too long", 10)


def _type(decoder: ScanDecoder, text: str, at: float = 2.0) -> list[Answer]:
    answers: list[Answer] = []
    for character in text:
        found = US.keys_for(character)
        assert found is not None
        code, level = found
        for key in tap(code) if level is Level.PLAIN else held(SHIFT, code):
            answers += decoder.feed(*key, at)
    return answers


def _read(decoder: ScanDecoder, text: str, at: float = 2.0) -> list[Answer]:
    return _type(decoder, text, at) + decoder.feed(ENTER, 1, at)


def test_every_key_with_every_modifier_gives_a_scan_a_refusal_or_nothing() -> None:
    for layout in LAYOUTS:
        for modifier in (None, SHIFT, CTRL, ALT, ALTGR, META):
            for code in range(128):
                keys = tap(code) if modifier is None else held(modifier, code)
                answers = decode([*keys, *tap(ENTER)], layout)
                assert len(answers) <= 1
                assert all(_is_clean(answer) for answer in answers), (layout, modifier, code)


def test_ten_thousand_random_key_storms_give_only_clean_scans_and_refusals() -> None:
    chance = random.Random(20)
    decoders = [ScanDecoder(layout) for layout in LAYOUTS.values()]
    at, scans, refusals = 0.0, 0, 0
    for _ in range(10_000):
        decoder = chance.choice(decoders)
        for _ in range(chance.randrange(1, 25)):
            at += chance.choice((0.0, 0.001, 0.002, 0.01, 0.02, 1.5))
            answers = decoder.feed(
                chance.choice((chance.randrange(130), chance.randrange(2, 12), ENTER)),
                chance.randrange(3),
                at,
            )
            if chance.random() < 0.005:
                decoder.lose(at, [chance.randrange(128)])
            assert all(_is_clean(answer) for answer in answers), answers
            scans += sum(isinstance(answer, Scan) for answer in answers)
            refusals += sum(isinstance(answer, ScanRejected) for answer in answers)
    assert scans > 100
    assert refusals > 100


def _is_clean(answer: Answer) -> bool:
    return isinstance(answer, ScanRejected) or (
        answer.text != "" and all(character == "\x1d" or character.isprintable() for character in answer.text)
    )
