"""The one file by which settings go to root, where the units look for it, and the draft that a power cut leaves."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from appliance.card.disk import Disk
from appliance.kiosk.first_page import first_page
from appliance.kiosk.papers import DRAFT, HANDED, WISHES, Papers
from appliance.kiosk.setting_up import build_setting_up
from appliance.till.questions import KEY, PIN, SECRET, SHOP_NAME, URL
from tests.card.card import Card, filled_in
from tests.systemd.units import SYSTEMD, read_unit


def papers_of(card: Card, folder: Path) -> Papers:
    wishes = folder / "wishes"
    wishes.mkdir()
    found = Papers.of(card.places.report, card.report(), {WISHES: f"{wishes}:/run/other"})
    assert found is not None
    return found


def test_the_file_lies_where_the_unit_and_the_set_up_look_for_it(tmp_path: Path) -> None:
    (runtime,) = read_unit(SYSTEMD / "till-kiosk.service")["Service"]["RuntimeDirectory"]
    (looked_for,) = read_unit(SYSTEMD / "till-typed.path")["Path"]["PathExists"]
    assert looked_for == f"/run/{runtime}/{HANDED}"
    card = Card(tmp_path / "card", Disk())
    assert str(card.places.handed) == f"{card.places.root}{looked_for}"
    removed = read_unit(SYSTEMD / "till-typed.service")["Service"]["ExecStopPost"]
    assert removed == [f"/usr/bin/rm -f {looked_for}"]


def test_what_is_handed_over_is_for_root_alone_and_the_draft_has_no_secret(tmp_path: Path) -> None:
    card = Card(tmp_path / "card", Disk())
    card.set_up()
    papers = papers_of(card, tmp_path)
    setting_up = build_setting_up(papers, card.report())
    for where, text in (
        (URL, "https://a.example"),
        (KEY, "ck_1"),
        (SECRET, "cs_1"),
        (PIN, "2580"),
        (SHOP_NAME, "Ä"),
    ):
        setting_up.put(where, text)
    setting_up.keep()
    setting_up.hand_over()
    handed, draft = tmp_path / "wishes" / HANDED, card.places.till_data / DRAFT
    for path in (handed, draft):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(handed.read_text("utf-8"))["shop"] == {
        "url": "https://a.example",
        "key": "ck_1",
        "secret": "cs_1",
    }
    assert "ck_1" not in draft.read_text("utf-8")
    assert papers.outcome() is None
    handed.unlink()
    outcome = papers.outcome()
    assert outcome is not None
    assert not outcome.can_sell
    again = build_setting_up(papers, card.report())
    assert again.value(SHOP_NAME) == "Ä"
    assert again.value(KEY) == ""
    papers.forget_draft()
    assert not draft.exists()


def test_a_draft_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    card = Card(tmp_path / "card", Disk())
    card.set_up()
    papers = papers_of(card, tmp_path)
    for torn in ("", "[", "[1]", '{"shop": 3}'):
        (card.places.till_data / DRAFT).write_text(torn)
        assert build_setting_up(papers, card.report()).value(URL) == ""


def test_only_a_till_that_cannot_sell_is_set_up_by_touch(tmp_path: Path) -> None:
    wishes = {WISHES: str(tmp_path), "NOTIFY_SOCKET": "/run/systemd/notify"}
    new = Card(tmp_path / "new", Disk())
    new.set_up()
    page = first_page(new.places.settings, wishes)
    assert page is not None
    assert page.papers is not None
    desk = first_page(new.places.settings, {})
    assert desk is not None
    assert desk.papers is None

    selling = Card(tmp_path / "selling", Disk(), filled_in())
    selling.set_up()
    selling.type(selling.typed().decode().replace('theme = "dark"', "theme = dark"))
    selling.set_up()
    page = first_page(selling.places.settings, wishes)
    assert page is not None
    assert page.papers is None
