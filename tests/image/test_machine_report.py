"""What a verification leaves behind: the order of scenes, their pictures, and the verdict."""

import json
from pathlib import Path
from typing import Any, cast

import pytest
from PIL import Image

from image.machine.counter import Counter
from image.machine.errors import MachineError, SceneError
from image.machine.keyboard import strokes
from image.machine.playing import Scene, load_scenes, play_all
from image.machine.report import Album
from image.machine.screen import Golden, difference, is_blank
from image.scenes import FULL, QUICK

BLACK = Image.new("RGB", (80, 48))


class Bench:
    """As much of a counter as playing needs."""

    def __init__(self, album: Album) -> None:
        self.album, self.inside = album, self

    def keep(self, words: str) -> None:
        self.album.picture(words, BLACK)

    def failed_units(self) -> list[str]:
        raise MachineError("the shell is gone")


def passes(counter: Counter) -> None:
    counter.album.figure("Sales", "3 & more")
    counter.album.picture("A picture, and <its> words", BLACK)


def fails(_counter: Counter) -> None:
    raise SceneError("The screen did not show 'pay'.")


def played(album: Album, *scenes: Scene, left: tuple[Scene, ...] = ()) -> list[str]:
    said: list[str] = []
    assert play_all(scenes, cast(Counter, Bench(album)), said.append) == list(left)
    return said


def test_a_report_is_green_when_every_scene_passed(tmp_path: Path) -> None:
    album = Album(tmp_path / "report", {"Image": "card.img"})
    played(album, Scene("one", "The first", passes), Scene("two", "The second", passes))
    page = album.write()
    found: dict[str, Any] = json.loads((tmp_path / "report" / "report.json").read_text())
    assert (album.is_green, found["green"]) == (True, True)
    assert [each["outcome"] for each in found["scenes"]] == ["passed", "passed"]
    words = page.read_text()
    assert "3 &amp; more" in words
    assert "&lt;its&gt;" in words
    assert "01-one-1-a-picture-and-its-words.png" in words
    assert (tmp_path / "report" / "01-one-1-a-picture-and-its-words.png").exists()


def test_after_a_scene_that_failed_nothing_is_played_and_the_screen_is_kept(tmp_path: Path) -> None:
    album = Album(tmp_path, {})
    second = Scene("two", "The second", passes)
    said = played(album, Scene("one", "The first", fails), second, left=(second,))
    assert not album.is_green
    assert [(each.outcome, each.words) for each in album.results] == [
        ("FAILED", "The screen did not show 'pay'.")
    ]
    assert album.results[0].pictures[0][0] == "The screen when it failed"
    assert album.results[0].figures["Out of reach"] == "the shell is gone"
    assert "did not show" in said[1]


def test_an_empty_report_is_not_green(tmp_path: Path) -> None:
    assert not Album(tmp_path, {}).is_green


def test_every_scene_that_is_listed_is_there_with_its_title() -> None:
    scenes = load_scenes(FULL)
    assert [each.name for each in scenes] == list(FULL)
    assert FULL[: len(QUICK)] == QUICK
    assert all(each.title and not each.title.endswith(".") for each in scenes)
    folder = Path(__file__).parents[2] / "image" / "scenes"
    there = {path.stem for path in folder.glob("[a-z]*.py") if "\ndef play(" in path.read_text()}
    assert there == set(FULL)


def test_pictures_are_compared_region_by_region() -> None:
    other = BLACK.copy()
    other.paste((255, 255, 255), (0, 0, 40, 24))
    assert difference(BLACK, BLACK, [(0, 0, 80, 48)]) == 0
    assert difference(BLACK, other, [(0, 0, 80, 48)]) == pytest.approx(0.25)
    assert difference(BLACK, other, [(40, 0, 80, 48), (0, 24, 40, 48)]) == 0
    assert difference(BLACK, Image.new("RGB", (80, 48), (40, 40, 40)), [(0, 0, 80, 48)]) == 0
    assert difference(BLACK, Image.new("RGB", (80, 40)), [(0, 0, 80, 40)]) == 1


def coloured(*colours: str) -> Image.Image:
    """Four cells in a row, on black."""
    picture = BLACK.copy()
    for at, colour in enumerate(colours):
        picture.paste(colour, (20 * at, 0, 20 * at + 18, 24))
    return picture


def test_cells_of_a_picture_may_stand_in_another_order_and_no_other_may_be_among_them() -> None:
    cells = tuple((20 * at, 0, 20 * at + 18, 24) for at in range(4))
    golden = Golden("four", coloured("red", "lime", "blue", "blue"), ((0, 24, 80, 48),), cells)
    assert golden.difference(coloured("blue", "red", "blue", "lime")) == 0
    assert golden.difference(coloured("red", "lime", "lime", "blue")) == 1
    assert golden.difference(coloured("red", "lime", "blue", "black")) == 1
    below = coloured("red", "lime", "blue", "blue")
    below.paste("white", (0, 24, 40, 48))
    assert golden.difference(below) == pytest.approx(0.5)
    assert golden.difference(Image.new("RGB", (80, 40))) == 1


def test_a_screen_of_one_colour_shows_nothing_yet() -> None:
    other = BLACK.copy()
    other.paste((255, 255, 255), (0, 0, 8, 8))
    assert is_blank(BLACK)
    assert not is_blank(other)


def test_a_scanner_types_what_barcodes_hold() -> None:
    assert strokes("a1B-\n") == [["a"], ["1"], ["shift", "b"], ["minus"], ["ret"]]
    with pytest.raises(MachineError, match="cannot type"):
        strokes("é")


def test_what_a_card_has_passed_stands_and_another_card_begins_anew(tmp_path: Path) -> None:
    first, second = Scene("one", "The first", passes), Scene("two", "The second", fails)
    album = Album(tmp_path, {}, "this card")
    played(album, first, second)
    second = Scene("two", "The second", passes)
    album = Album(tmp_path, {}, "this card")
    album.go_on()
    never = Scene("one", "The first", lambda counter: pytest.fail("It was played again."))
    assert played(album, never, second)[0] == "The first: passed before"
    assert album.is_green
    found: dict[str, Any] = json.loads((tmp_path / "report.json").read_text())
    assert [each["figures"] for each in found["scenes"]] == [{"Sales": "3 & more"}] * 2
    album = Album(tmp_path, {}, "this card")
    album.go_on()
    played(album, Scene("three", "The third", passes))
    found = json.loads((tmp_path / "report.json").read_text())
    assert [each["name"] for each in found["scenes"]] == ["three", "one", "two"]
    album = Album(tmp_path, {}, "this card, built anew")
    album.go_on()
    assert not album.stands("one")
