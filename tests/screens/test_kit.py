"""The kit: keys under fingers, the guard, what is drawn again and what not, letters, colours, tones and words."""

import json
import re
import struct
import threading
import wave
from io import BytesIO
from pathlib import Path

import pytest
from kivy.clock import Clock

from appliance.ui.desk import Desk
from appliance.ui.guard import ErrorCount, survive_errors
from appliance.ui.marks import Area, split
from appliance.ui.screen import Screen
from appliance.ui.sounds import TONES, samples, wave_file
from appliance.ui.strings import FOLDER, read_words
from appliance.ui.theme import DARK, SCHEMES, channels
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lines import LineList, LineText
from appliance.ui.widgets.lit_key import LitKey
from tests.screens.conftest import UI


class Board(Screen):
    """Four keys in a block, a lit key, and a list."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.taps: list[str] = []
        look, sizes = self.look, self.look.sizes
        block = Area(sizes.margin, sizes.head, sizes.pad, 4 * sizes.row - 2)
        cells = split(block, 2, 2)
        self.keys = [
            Key(look, cell, name, self._tapped(name)) for name, cell in zip("ABCD", cells, strict=True)
        ]
        self.keys[3].is_off = True
        self.add_all(self.keys)
        lit = Area(sizes.margin, sizes.slab_top, sizes.pad, sizes.slab)
        self.lit = self.add(LitKey(look, lit, "Go", self._tapped("Go"), note="on", amount="€1.00"))
        right = Area(sizes.width - sizes.margin - sizes.sale, sizes.head, sizes.sale, 3 * sizes.row - 2)
        self.list = LineList(look, right, 3, None, more_above="{} more above")
        self.add_all(self.list.parts)
        self.round_off(block)

    def _tapped(self, name: str):  # type: ignore[no-untyped-def]
        return lambda: self.taps.append(name)


@pytest.fixture
def board(ui: UI) -> UI:
    ui.offer(board=Board)
    ui.show("board")
    return ui


def colour_at(ui: UI, x: float, y: float) -> tuple[int, ...]:
    return tuple(ui.pixels().getpixel((int(x), int(y))))


def rgb(name: str, scheme: str = "dark") -> tuple[int, ...]:
    return tuple(round(255 * part) for part in channels(SCHEMES[scheme][name]))


def test_every_pixel_of_a_seam_belongs_to_a_key(board: UI) -> None:
    """A line of taps across two keys and the seam between: none is lost, and they change over in its middle."""
    left, right = board.screen.keys[0].area, board.screen.keys[1].area
    y = left.y + left.h / 2
    for x in range(left.right - 3, right.x + 3):
        board.tap_at(x + 0.5, y)
    assert board.screen.taps == ["A"] * 4 + ["B"] * 4


def test_a_key_is_pressed_at_once_and_acts_when_the_finger_leaves(board: UI) -> None:
    key = board.screen.keys[0]
    x, y = key.middle()
    finger = board.touch("begin", None, x, y)
    assert colour_at(board, key.area.x + 20, key.area.y + 20) == rgb("down")
    assert board.screen.taps == []
    board.touch("end", finger, x, y)
    assert colour_at(board, key.area.x + 20, key.area.y + 20) == rgb("key")
    assert board.screen.taps == ["A"]


def test_a_finger_that_slides_off_does_nothing(board: UI) -> None:
    a, b = board.screen.keys[:2]
    board.drag(*a.middle(), *b.middle())
    assert board.screen.taps == []
    assert not a.is_down


def test_two_fingers_overlap_as_fast_typists_do(board: UI) -> None:
    a, b = board.screen.keys[:2]
    first = board.touch("begin", None, *a.middle())
    second = board.touch("begin", None, *b.middle())
    board.touch("end", first, *a.middle())
    board.touch("end", second, *b.middle())
    assert board.screen.taps == ["A", "B"]


def test_a_sunk_key_does_nothing_and_does_not_light_up(board: UI) -> None:
    key = board.screen.keys[3]
    finger = board.touch("begin", None, *key.middle())
    assert colour_at(board, key.area.x + 20, key.area.y + 20) == rgb("panel")
    board.touch("end", finger, *key.middle())
    assert board.screen.taps == []


def test_the_lit_key_ignores_a_finger_for_400_ms_after_it_appeared(board: UI) -> None:
    board.desk.show("board")
    board.seconds.now += 0.39
    board.tap("Go", hasty=True)
    assert board.screen.taps == []
    board.seconds.now += 0.02
    board.tap("Go", hasty=True)
    assert board.screen.taps == ["Go"]


def test_a_key_that_appears_under_the_finger_ignores_its_second_tap_only(board: UI) -> None:
    board.tap("A")
    board.desk.show("board")
    board.tap("A", hasty=True)
    board.tap("B", hasty=True)
    assert board.screen.taps == ["A", "B"], "another key takes a quick finger"


def test_only_what_differs_is_drawn_again(board: UI) -> None:
    drawn: list[str] = []
    board.window.bind(on_draw=lambda *_: drawn.append("frame"))
    board.frames(3)
    drawn.clear()
    board.screen.keys[0].change(text="A")
    board.desk.draw()
    board.frames(3)
    assert drawn == [], "the same words are no change"
    board.screen.keys[0].change(text="E")
    board.desk.draw()
    board.frames(3)
    assert drawn == ["frame"]


def test_a_new_lines_pixels_are_in_the_next_frame(board: UI) -> None:
    row = board.screen.list.rows[0].area
    before = board.pixels().crop((row.x, row.y, row.right, row.bottom))
    assert before.getcolors() == [(row.w * row.h, rgb("panel"))]
    posted = threading.Thread(
        target=lambda: board.desk.post(lambda: board.screen.list.fill([LineText(1, "Tape", "3.95")], 1))
    )
    posted.start()
    posted.join()
    board.frames(1)
    assert colour_at(board, row.x + 1, row.y + 10) == rgb("ivory"), "the bar of the newest line"
    assert colour_at(board, row.x + 8, row.y + 2) == rgb("raised")


def test_rounded_corners_show_the_ground(board: UI) -> None:
    area = board.screen.keys[0].area
    assert colour_at(board, area.x, area.y) == rgb("ground")
    assert colour_at(board, area.right - 1, area.y) == rgb("key"), "a key in the middle is square"


def test_long_amounts_step_down_until_they_fit(board: UI) -> None:
    sizes, seen = board.look.sizes, []
    for amount in ("€1.00", "€12,345.00", "€1,234,567.00"):
        board.screen.lit.change(amount=amount)
        seen.append(next(mark.px for mark in board.screen.lit.marks() if getattr(mark, "text", "") == amount))
    assert seen == sorted(seen, reverse=True)
    assert seen[0] == sizes.amount[0]
    assert seen[-1] < seen[0]


def test_a_name_that_is_too_long_ends_in_an_ellipsis(board: UI) -> None:
    long = "A very long name of a product that nobody can read on one line of any till"
    cut = board.look.fit(long, "Medium", 19, 200)
    assert cut.endswith("…")
    assert board.look.width_of(cut, "Medium", 19) <= 200 < board.look.width_of(long, "Medium", 19)


def test_letters_are_as_wide_as_they_were_measured(board: UI) -> None:
    for face, px in (("Medium", 15), ("SemiBold", 21), ("Display", 52), ("Display", 200)):
        for text in ("€151.50", "Claw hammer 450 g", "i", "Kindling, 3 kg net"):
            texture = board.painter.letters.texture(text, face, px)
            assert abs(texture.width - board.look.width_of(text, face, px)) <= 1, (text, face, px)


def test_an_exception_in_a_callback_does_not_end_the_till(board: UI) -> None:
    gave_up: list[int] = []

    def fail() -> None:
        raise KeyError("no such key")

    count = ErrorCount(most=3, seconds=lambda: 0.0)
    undo = survive_errors(count, lambda: gave_up.append(count.total))
    try:
        for _ in range(3):
            Clock.schedule_once(lambda _elapsed: 1 / 0, 0)
            board.frames(2)
        assert gave_up == []
        board.desk.post(fail)
        board.frames(2)
    finally:
        undo()
    assert (count.total, gave_up) == (4, [4]), "too many in a minute: start again"
    board.tap("A")
    assert board.screen.taps == ["A"]


def test_an_exception_in_a_thread_is_counted() -> None:
    count = ErrorCount()
    undo = survive_errors(count, lambda: None)
    try:
        failing = threading.Thread(target=lambda: 1 / 0)
        failing.start()
        failing.join()
    finally:
        undo()
    assert count.total == 1


def luminance(colour: str) -> float:
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in channels(colour)
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_every_pair_of_letters_and_ground_is_readable(scheme: str) -> None:
    colours = SCHEMES[scheme]
    pairs = [(ink, bed) for ink in ("ivory", "sand") for bed in ("ground", "panel", "key", "raised")]
    pairs += [(ink, f"{ink}-bed") for ink in ("sky", "amber", "coral", "leaf")]
    pairs += [("ivory", f"{ink}-bed") for ink in ("sky", "amber", "coral", "leaf")]
    pairs += [
        ("ink", "brass"),
        ("ink", "brass-down"),
        ("down-ink", "down"),
        ("faint", "panel"),
        ("amber", "key"),
    ]
    low = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert min(low.values()) >= 4.5, {pair: value for pair, value in low.items() if value < 4.5}


def test_both_schemes_have_the_same_tokens() -> None:
    assert set(SCHEMES["light"]) == set(DARK)


def test_tones_are_short_low_and_fade_at_both_ends() -> None:
    for tone, notes in TONES.items():
        assert sum(milliseconds for _hertz, milliseconds in notes) <= 500
        assert max(hertz for hertz, _milliseconds in notes) <= 2200
        made = samples(tone, 6)
        assert max(map(abs, made[:8])) < max(map(abs, made)) / 4
        with wave.open(BytesIO(wave_file(tone, 3))) as file:
            assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
            assert len(file.readframes(file.getnframes())) == struct.calcsize(f"{len(made)}h")


def test_what_is_wrong_is_heard_at_the_lowest_volume_and_off_is_off() -> None:
    assert max(samples("unknown", 1)) == max(samples("unknown", 2)) > max(samples("scanned", 1)) > 0
    assert set(samples("unknown", 0)) == {0}


def test_every_word_on_the_list_is_used_and_none_is_missing() -> None:
    folder = FOLDER.parent
    code = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    pages = json.loads((FOLDER / "en.json").read_text(encoding="utf-8"))
    known = read_words().names()
    asked = set(re.findall(rf'"((?:{"|".join(pages)})\.[a-z_]+)"', code))
    plural = {name for name in asked if f"{name}_one" in known}
    assert asked - plural <= known, "a word is missing"


def test_words_say_one_and_many_apart() -> None:
    say = read_words()
    assert (say.count("till.items", 1), say.count("till.items", 2418)) == ("1 item", "2,418 items")


def test_words_keep_the_house_rules() -> None:
    """No exclamation mark, no "please", no "error", no "sync"; never a store."""
    texts = [text for page in json.loads((FOLDER / "en.json").read_text()).values() for text in page.values()]
    wrong = re.compile(r"!|\b(please|errors?|sync\w*|stores?)\b", re.IGNORECASE)
    assert [text for text in texts if wrong.search(text)] == []


def test_the_screens_need_no_text_input_no_scrolling_and_no_animation() -> None:
    folder = Path(FOLDER).parent
    words = re.compile(r"TextInput|ScrollView|RecycleView|Animation\b|schedule_interval\([^,]+, 0\)")
    code = {
        path: [line for line in path.read_text().splitlines() if "import" in line]
        for path in folder.rglob("*.py")
    }
    assert [str(path) for path, lines in code.items() if any(words.search(line) for line in lines)] == []
