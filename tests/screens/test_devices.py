"""The page for help from outside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.till.helping import ASKED, Answer, Helping
from tests.screens.conftest import UI
from tests.screens.looks import GOLDEN_MEAN, golden_difference, head, offer, untidy
from tests.screens.till import Till, open_till

NUMBER = "10000000abcdef01"
DONE = "gapless-support-20261122-093000.zip is on the stick. Send it to who helps you."


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as made:
        yield made


class Root:
    """Who hears the wish."""

    def __init__(self, folder: Path) -> None:
        self.wishes, self.file, self.is_gone = 0, folder / "help.json", False

    def wish(self) -> None:
        if self.is_gone:
            raise OSError(28, "No space left on device")
        self.wishes += 1

    def answers(self, words: str, ok: bool = True) -> None:
        self.file.write_text(json.dumps({"at": f"{self.wishes}", "words": words, "ok": ok}))


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return Root(tmp_path)


def kinds(till: Till) -> list[str]:
    return [str(kind) for (kind,) in till.db.rows("SELECT kind FROM journal ORDER BY seq")]


def show(ui: UI, till: Till, root: Root) -> Helping:
    helping = Helping(till.journal, till.counter.now, root.wish, root.file, NUMBER)
    till.counter = replace(till.counter, helping=helping)
    offer(ui, till)
    head(ui, "14:32")
    ui.show("menu")
    ui.tap("Devices")
    return helping


def test_the_page_for_help_is_tidy_and_says_the_tills_number(
    ui: UI, till: Till, root: Root, panel: str
) -> None:
    till.sign_in("Ciarán")
    show(ui, till, root)
    assert not untidy(ui, panel)
    assert golden_difference(ui, "devices", panel) < GOLDEN_MEAN
    assert "1000 0000 abcd ef01" in " ".join(ui.texts())


def test_a_manager_has_the_file_written_once_and_reads_what_came_of_it(
    ui: UI, till: Till, root: Root
) -> None:
    till.sign_in("Ciarán")
    helping = show(ui, till, root)
    for _ in range(2):
        ui.tap_at(*ui.screen.lit.middle())
    assert root.wishes == 1
    assert "Leave the stick in." in " ".join(ui.texts())
    assert kinds(till).count(ASKED) == 1
    assert helping.news() is None
    root.answers(DONE)
    answer = helping.news()
    assert answer == Answer("1", DONE, True)
    ui.screen.hear(answer)
    ui.desk.draw()
    assert DONE in " ".join(ui.texts())
    assert helping.news() is None, "it is told once"
    ui.tap_at(*ui.screen.lit.middle())
    assert root.wishes == 2
    ui.tap("Back")
    assert ui.screen.name == "menu"


def test_a_cashier_may_not(ui: UI, till: Till, root: Root) -> None:
    till.sign_in()
    show(ui, till, root)
    ui.tap_at(*ui.screen.lit.middle())
    assert root.wishes == 0
    assert "A manager must sign in for this." in " ".join(ui.texts())
    assert ASKED not in kinds(till)


def test_a_wish_that_cannot_be_left_is_said(ui: UI, till: Till, root: Root) -> None:
    till.sign_in("Ciarán")
    show(ui, till, root)
    root.is_gone = True
    ui.tap_at(*ui.screen.lit.middle())
    assert "No space left on device" in " ".join(ui.texts())


@pytest.mark.parametrize("content", ["", "{", "[]", '{"at": 1}', '{"words": "x"}'])
def test_an_answer_that_is_half_written_is_none(till: Till, root: Root, content: str) -> None:
    root.file.write_text(content)
    assert Helping(till.journal, till.counter.now, root.wish, root.file, NUMBER).news() is None
