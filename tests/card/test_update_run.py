"""Looking for an update: on a stick, at a server, and what is said of what was found."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.card.bundles import CommandError
from appliance.card.fetching import SPARE_BYTES, Fetching
from appliance.card.slots import Choice, Slot
from appliance.card.trying import at_each_boot
from appliance.card.update import look_for_one, look_now
from appliance.card.updating import NotNowError, Updating, say
from appliance.settings import SettingsError
from appliance.settings.updates import UpdateSettings
from appliance.storage.backup import Backups
from appliance.storage.backup_files import Keep
from appliance.storage.database import Database
from appliance.storage.drafts import Drafts
from tests.card.update_server import Server, serving
from tests.card.updates import Toy, next_migrations
from tests.storage.samples import sale, ticking

NIGHT = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    toy = Toy(tmp_path / "card", next_migrations(tmp_path / "next"))
    toy.new_till(2)
    image = toy.root / "usr/lib/gapless/image.json"
    image.parent.mkdir(parents=True)
    image.write_text(json.dumps({"version": "0.1.0", "build": 1, "compatible": "gapless-amd64"}))
    (toy.root / "media/till").mkdir(parents=True)
    return toy


def updating(toy: Toy, version: str = "0.2.0", install_fails: bool = False, at: datetime = NIGHT) -> Updating:
    """A bundle's first bytes are what RAUC would say of it."""

    def run(command: Sequence[str], _seconds: float) -> str:
        if "info" in command:
            if b"spoilt" in Path(command[-1]).read_bytes()[:100]:
                raise CommandError("signature verification failed")
            facts = {
                "version": version,
                "build": "2",
                "compatible": "gapless-amd64",
                "hash": f"hash {version}",
            }
            return json.dumps(facts)
        if "install" in command and install_fails:
            raise CommandError("bundle payload is corrupted")
        if "runuser" in command:
            with Database.open(toy.journal, now=ticking()) as db:
                Backups(toy.places.till_data / "backups", Keep(1, 1, 1)).make(db)
        return ""

    card = toy.card()
    card.now = lambda: at
    hours = UpdateSettings("22:00-05:00", "", True).when
    backups = toy.places.till_data / "backups"
    return Updating(card, hours, lambda moment: moment, backups, run, toy.health, lambda _seconds: None)


def fetching(server: Server, toy: Toy) -> Fetching:
    return Fetching(server.url, toy.places.system / "update", toy.disk, free=lambda _at: SPARE_BYTES + 10**8)


def test_nothing_anywhere_is_nothing_new(toy: Toy) -> None:
    assert look_for_one(updating(toy), toy.root / "media/till", None) == ["There is nothing new."]
    assert look_for_one(updating(toy), toy.root / "media/nothing-plugged-in", None) == [
        "There is nothing new."
    ]


def test_a_bundle_on_the_stick_is_started_on_trial(toy: Toy) -> None:
    (toy.root / "media/till/gapless.raucb").write_bytes(b"good")
    (toy.root / "media/till/holiday.jpg").write_bytes(b"no bundle")
    assert look_for_one(updating(toy), toy.root / "media/till", None) == [
        "gapless.raucb, version 0.2.0, build 2, is started on trial."
    ]
    assert toy.slots().read() == Choice(Slot.B, is_trial=True)


def test_what_was_refused_is_said_also_where_the_good_one_has_to_wait(toy: Toy) -> None:
    (toy.root / "media/till/gapless.raucb").write_bytes(b"good")
    (toy.root / "media/till/other.raucb").write_bytes(b"spoilt")
    with Database.open(toy.journal, now=ticking()) as db:
        Drafts(db).keep(replace(sale(8), opened_at=NIGHT), None)
    assert look_for_one(updating(toy), toy.root / "media/till", None) == [
        "other.raucb was not signed for this till, or was changed: signature verification failed",
        "gapless.raucb, version 0.2.0, build 2, waits. A sale is in progress.",
    ]
    assert toy.slots().read() == Choice(Slot.A)


def test_a_stick_that_is_not_to_be_taken_from_is_not_looked_at(toy: Toy) -> None:
    (toy.root / "media/till/gapless.raucb").write_bytes(b"good")
    assert look_for_one(updating(toy), None, None) == ["There is nothing new."]


def test_in_opening_hours_nothing_is_even_asked_for(toy: Toy) -> None:
    with serving() as server:
        noon = updating(toy, at=NIGHT.replace(hour=12))
        with pytest.raises(NotNowError):
            look_for_one(noon, None, fetching(server, toy))
        assert server.asked == []


def test_what_was_fetched_stays_until_it_runs_and_is_then_never_fetched_again(toy: Toy) -> None:
    with serving() as server:
        words = look_for_one(updating(toy), None, fetching(server, toy))
        assert words == ["bundle.raucb, version 0.2.0, build 2, is started on trial."]
        toy.power_on()  # the trial
        at_each_boot(toy.card())
        toy.power_on()  # the plug was pulled: once more
        at_each_boot(toy.card())
        again = look_for_one(updating(toy), None, fetching(server, toy))
        assert "is started on trial" in again[0]
        assert [tag for _, tag in server.asked] == ["", '"one"'], "it was still here"
        running = {"version": "0.2.0", "build": 2, "compatible": "gapless-amd64"}
        (toy.root / "usr/lib/gapless/image.json").write_text(json.dumps(running))
        toy.slots().settle(Slot.A)
        toy.card().end("confirmed", "")
        assert "runs already" in look_for_one(updating(toy), None, fetching(server, toy))[0]
        assert not list(toy.places.system.glob("update/*.raucb"))
        assert look_for_one(updating(toy), None, fetching(server, toy)) == ["There is nothing new."]


def test_a_download_that_was_spoilt_is_made_once_more_and_then_left(toy: Toy) -> None:
    with serving() as server:
        server.content = b"spoilt" * 100
        for _ in range(2):
            words = look_for_one(updating(toy), None, fetching(server, toy))
            assert "not signed" in words[0]
        assert look_for_one(updating(toy), None, fetching(server, toy)) == ["There is nothing new."]
        assert [tag for _, tag in server.asked] == ["", "", '"one"']


def test_a_payload_that_cannot_be_read_counts_as_spoilt(toy: Toy) -> None:
    with serving() as server:
        words = look_for_one(updating(toy, install_fails=True), None, fetching(server, toy))
        assert "payload is corrupted" in words[0]
        assert toy.slots().read() == Choice(Slot.A)
        assert not list(toy.places.system.glob("update/*.raucb"))


def test_a_server_that_fails_does_not_keep_the_stick_from_being_taken(toy: Toy) -> None:
    (toy.root / "media/till/gapless.raucb").write_bytes(b"good")
    with serving() as server:
        server.tag = None
        words = look_for_one(updating(toy), toy.root / "media/till", fetching(server, toy))
    assert ["ETag" in words[0], "is started on trial" in words[1]] == [True, True]


def test_what_came_of_it_is_left_for_the_kiosk(toy: Toy) -> None:
    say(toy.card(), ["There is nothing new."])
    file = toy.places.run / "update.json"
    assert json.loads(file.read_text())["words"] == ["There is nothing new."]
    assert file.stat().st_mode & 0o777 == 0o644


def test_a_till_that_nobody_has_set_up_yet_waits_with_updates_and_that_is_no_failure(toy: Toy) -> None:
    toy.places.report.parent.mkdir(parents=True, exist_ok=True)
    toy.places.report.write_text('{"sells": "no"}')
    with pytest.raises(SettingsError):  # it has a journal: so there were settings, and they are gone
        look_now(toy.card(), Namespace())
    toy.journal.unlink()
    assert look_now(toy.card(), Namespace()) == 0
