"""A panel's events to fingers."""

from __future__ import annotations

import random

import pytest

from drivers.touch_decoding import (
    Mounting,
    PanelState,
    Range,
    Touch,
    TouchDecoder,
    TouchDown,
    TouchMove,
    TouchUp,
)

SYN, KEY, ABS = 0, 1, 3
SLOT, X, Y, TRACKING = 0x2F, 0x35, 0x36, 0x39
REPORT = (SYN, 0, 0)


def panel() -> TouchDecoder:
    decoder = TouchDecoder(Range(0, 100), Range(0, 100))
    decoder.begin(PanelState(0, [(-1, 0, 0)] * 10))
    return decoder


def feed(decoder: TouchDecoder, *events: tuple[int, int, int]) -> list[Touch]:
    return [touch for event in events for touch in decoder.feed(*event, 5.0)]


def test_two_fingers_that_overlap_are_two_fingers() -> None:
    decoder = panel()
    assert feed(decoder, (ABS, TRACKING, 7), (ABS, X, 10), (ABS, Y, 20), REPORT) == [
        TouchDown(0, 0.1, 0.2, 5.0)
    ]
    assert feed(decoder, (ABS, SLOT, 1), (ABS, TRACKING, 8), (ABS, X, 90), (ABS, Y, 80), REPORT) == [
        TouchDown(1, 0.9, 0.8, 5.0)
    ]
    assert feed(decoder, (ABS, SLOT, 0), (ABS, TRACKING, -1), REPORT) == [TouchUp(0, 0.1, 0.2, 5.0)]
    assert feed(decoder, (ABS, SLOT, 1), (ABS, TRACKING, -1), REPORT) == [TouchUp(1, 0.9, 0.8, 5.0)]


def test_a_second_touch_at_the_same_place_needs_no_coordinates() -> None:
    decoder = panel()
    feed(decoder, (ABS, TRACKING, 7), (ABS, X, 10), (ABS, Y, 20), REPORT, (ABS, TRACKING, -1), REPORT)
    assert feed(decoder, (ABS, TRACKING, 8), REPORT) == [TouchDown(0, 0.1, 0.2, 5.0)]


def test_the_first_touch_may_be_where_a_finger_was_before_we_looked() -> None:
    decoder = panel()
    decoder.begin(PanelState(3, [(-1, 0, 0)] * 3 + [(-1, 40, 60)]))
    assert feed(decoder, (ABS, TRACKING, 8), REPORT) == [TouchDown(3, 0.4, 0.6, 5.0)]


def test_a_report_without_a_move_is_silent() -> None:
    decoder = panel()
    feed(decoder, (ABS, TRACKING, 7), (ABS, X, 10), (ABS, Y, 20), REPORT)
    assert feed(decoder, REPORT, (ABS, X, 10), REPORT) == []
    assert feed(decoder, (ABS, X, 11), REPORT) == [TouchMove(0, 0.11, 0.2, 5.0)]


def test_a_finger_replaced_within_one_report_goes_up_and_down() -> None:
    decoder = panel()
    feed(decoder, (ABS, TRACKING, 7), (ABS, X, 10), (ABS, Y, 20), REPORT)
    assert feed(decoder, (ABS, TRACKING, -1), (ABS, TRACKING, 8), (ABS, X, 50), REPORT) == [
        TouchUp(0, 0.1, 0.2, 5.0),
        TouchDown(0, 0.5, 0.2, 5.0),
    ]


def test_a_touch_shorter_than_a_report_is_nothing() -> None:
    assert feed(panel(), (ABS, TRACKING, 7), (ABS, X, 10), (ABS, TRACKING, -1), REPORT) == []


def test_lost_events_let_go_of_every_finger_without_a_press() -> None:
    decoder = panel()
    feed(decoder, (ABS, TRACKING, 7), (ABS, X, 10), (ABS, Y, 20), REPORT)
    assert decoder.release(6.0) == [TouchUp(0, 0.1, 0.2, 6.0, cancelled=True)]
    assert decoder.release(6.0) == []


def test_a_finger_that_stayed_down_through_a_loss_waits_until_it_is_lifted() -> None:
    decoder = panel()
    feed(decoder, (ABS, TRACKING, 7), (ABS, X, 10), (ABS, Y, 20), REPORT)
    decoder.release(6.0)
    decoder.begin(PanelState(0, [(7, 10, 20)]))
    assert feed(decoder, (ABS, X, 50), REPORT, (ABS, TRACKING, -1), REPORT) == []
    assert feed(decoder, (ABS, TRACKING, 8), REPORT) == [TouchDown(0, 0.5, 0.2, 5.0)]


def test_a_single_touch_panel_has_one_finger() -> None:
    decoder = TouchDecoder(Range(100, 200), Range(0, 100), multi=False)
    decoder.begin(PanelState(0, [(-1, 100, 0)]))
    assert feed(decoder, (KEY, 0x14A, 1), (ABS, 0, 150), (ABS, 1, 25), REPORT) == [
        TouchDown(0, 0.5, 0.25, 5.0)
    ]
    assert feed(decoder, (ABS, 0, 175), REPORT) == [TouchMove(0, 0.75, 0.25, 5.0)]
    assert feed(decoder, (KEY, 0x14A, 0), REPORT) == [TouchUp(0, 0.75, 0.25, 5.0)]


def test_a_value_outside_the_range_stays_on_the_picture() -> None:
    decoder = panel()
    assert feed(decoder, (ABS, TRACKING, 1), (ABS, X, 120), (ABS, Y, -3), REPORT) == [
        TouchDown(0, 1.0, 0.0, 5.0)
    ]


@pytest.mark.parametrize(
    ("mounting", "top_left"),
    [
        (Mounting(), (0.0, 0.0)),
        (Mounting(rotation=90), (1.0, 0.0)),
        (Mounting(rotation=180), (1.0, 1.0)),
        (Mounting(rotation=270), (0.0, 1.0)),
        (Mounting(invert_x=True), (1.0, 0.0)),
        (Mounting(invert_y=True), (0.0, 1.0)),
        (Mounting(rotation=90, invert_x=True), (0.0, 0.0)),
    ],
)
def test_the_picture_s_top_left_corner_is_where_the_panel_is_turned_to(
    mounting: Mounting, top_left: tuple[float, float]
) -> None:
    """Turned by 90 degrees clockwise, the picture's top left corner lies at the panel's top right, and so on."""
    assert mounting.place(*top_left) == (0.0, 0.0)


def test_four_quarter_turns_are_none_and_a_turn_keeps_its_hand() -> None:
    place = (0.2, 0.7)
    for _ in range(4):
        place = Mounting(rotation=90).place(*place)
    assert place == pytest.approx((0.2, 0.7))
    # To the right of the corner on the picture is downwards on a panel under a picture turned by 90 degrees.
    assert Mounting(rotation=90).place(1.0, 0.3) == pytest.approx((0.3, 0.0))


def test_a_panel_turned_by_any_other_angle_is_refused() -> None:
    with pytest.raises(ValueError, match="45"):
        Mounting(rotation=45)


def test_random_events_always_give_fingers_that_go_down_before_they_go_up() -> None:
    chance = random.Random(7)
    decoder, down, touches = panel(), set[int](), 0
    for _ in range(20_000):
        kind, code = chance.choice(
            ((ABS, SLOT), (ABS, TRACKING), (ABS, X), (ABS, Y), (SYN, 0), (SYN, 0), (KEY, 0x14A))
        )
        value = chance.randrange(10) if code == SLOT else chance.choice((-1, chance.randrange(100)))
        answers = decoder.feed(kind, code, value, 1.0)
        if chance.random() < 0.002:
            answers += decoder.release(1.0)
        for touch in answers:
            touches += 1
            assert 0 <= touch.x <= 1
            assert 0 <= touch.y <= 1
            assert isinstance(touch, TouchDown) is (touch.slot not in down)
            (down.discard if isinstance(touch, TouchUp) else down.add)(touch.slot)
    assert touches > 1000
