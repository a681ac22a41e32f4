"""When an update may begin, which bundle is taken, and the steps up to its first start."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from appliance.card.bundles import Bundle, BundleError, CommandError, Release
from appliance.card.slots import Choice, Slot
from appliance.card.trial import AtBoot, Stage, Trial
from appliance.card.trying import at_each_boot
from appliance.card.updating import LEFT, NotNowError, Updating
from appliance.settings.updates import UpdateSettings
from appliance.storage.backup import Backups
from appliance.storage.backup_files import Keep
from appliance.storage.database import Database
from appliance.storage.drafts import Drafts
from tests.card.updates import ALL_WELL, DEVICES, PowerCutError, Toy, next_migrations
from tests.storage.samples import paid, sale, ticking

NIGHT = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DUBLIN = ZoneInfo("Europe/Dublin")
RUNNING = Release("0.1.0", 1_763_700_000, "gapless-amd64")
NEXT = Release("0.2.0", 1_763_800_000, "gapless-amd64")


@dataclass
class Commands:
    """Stands for RAUC and the backup: what is signed, and what they were told."""

    toy: Toy
    signed: dict[str, Release] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    install_fails: str = ""
    backup_fails: bool = False

    def __call__(self, command: Sequence[str], _seconds: float) -> str:
        self.told.append(" ".join(command[:2]))
        match command:
            case ["rauc", "info", _, path]:
                return self._info(Path(path).name)
            case ["rauc", "install", _]:
                self.toy.slots().mark(Slot.B, good=False)
                if self.install_fails:
                    raise CommandError(self.install_fails)
            case ["runuser", *_]:
                if self.backup_fails:
                    raise CommandError("the card is full")
                with Database.open(self.toy.journal, now=ticking()) as db:
                    Backups(self.toy.places.till_data / "backups", Keep(1, 1, 1)).make(db)
        return ""

    def _info(self, name: str) -> str:
        release = self.signed.get(name)
        if release is None:
            raise CommandError("signature verification failed: Verify error: self-signed certificate")
        facts = {"version": release.version, "build": str(release.build), "compatible": release.compatible}
        return json.dumps(facts | {"hash": f"hash of {name}"})


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    toy = Toy(tmp_path / "card", next_migrations(tmp_path / "next"))
    toy.new_till(3)
    image = toy.root / "usr/lib/gapless/image.json"
    image.parent.mkdir(parents=True)
    image.write_text(json.dumps({"version": "0.1.0", "build": RUNNING.build, "compatible": "gapless-amd64"}))
    return toy


@pytest.fixture
def commands(toy: Toy) -> Commands:
    return Commands(toy, {"next.raucb": NEXT})


def updating(toy: Toy, commands: Commands, at: datetime = NIGHT) -> Updating:
    card = toy.card()
    card.now = lambda: at
    return Updating(
        card=card,
        hours=UpdateSettings("22:00-05:00", "", True).when,
        local=lambda moment: moment.astimezone(DUBLIN),
        backups=toy.places.till_data / "backups",
        run=commands,
        look=toy.health,
        sleep=lambda _seconds: None,
    )


def bundle(name: str = "next.raucb", release: Release = NEXT) -> Bundle:
    return Bundle(Path("/media/till") / name, f"hash of {name}", release)


def test_a_good_bundle_is_written_and_started_on_trial(toy: Toy, commands: Commands) -> None:
    updating(toy, commands).put_in(bundle())
    assert commands.told == ["runuser -u", "rauc install"]
    assert toy.reboots == 1
    assert toy.slots().read() == Choice(Slot.B, is_trial=True)
    trial = toy.card().record.trial
    assert trial == Trial(
        "hash of next.raucb", "0.2.0", NEXT.build, Slot.B, Stage.WRITTEN, 3, DEVICES, ALL_WELL
    )


@pytest.mark.parametrize(
    ("at", "may"),
    [
        (NIGHT, True),
        (NIGHT + timedelta(hours=5), True),
        (NIGHT + timedelta(hours=5, minutes=16), False),
        (NIGHT - timedelta(hours=1, minutes=1), False),
        (NIGHT + timedelta(hours=13), False),
    ],
)
def test_never_in_opening_hours(toy: Toy, commands: Commands, at: datetime, may: bool) -> None:
    if may:
        updating(toy, commands, at).put_in(bundle())
        return
    with pytest.raises(NotNowError, match="in the shop"):
        updating(toy, commands, at).put_in(bundle())
    assert commands.told == []
    assert toy.card().record.trial is None


def test_hours_that_are_empty_mean_never(toy: Toy, commands: Commands) -> None:
    parts = updating(toy, commands)
    parts.hours = None
    with pytest.raises(NotNowError):
        parts.put_in(bundle())


def test_not_with_a_sale_open(toy: Toy, commands: Commands) -> None:
    with Database.open(toy.journal, now=ticking()) as db:
        Drafts(db).keep(sale(8), None)
    with pytest.raises(NotNowError, match="in progress"):
        updating(toy, commands).put_in(bundle())
    assert "rauc install" not in commands.told


@pytest.mark.parametrize(("begun_before", "may"), [(LEFT + MINUTE, True), (LEFT - MINUTE, False)])
def test_a_sale_that_somebody_left_keeps_no_update_away(
    toy: Toy, commands: Commands, begun_before: timedelta, may: bool
) -> None:
    left = replace(sale(8), opened_at=NIGHT - begun_before)
    with Database.open(toy.journal, now=ticking()) as db:
        Drafts(db).keep(left, None)
    if not may:
        with pytest.raises(NotNowError, match="in progress"):
            updating(toy, commands).put_in(bundle())
        return
    updating(toy, commands).put_in(bundle())
    assert toy.reboots == 1
    with Database.open(toy.journal, now=ticking()) as db:
        found = Drafts(db).load()
    assert found is not None
    assert found.sale == left, "it is there again after the restart"


def test_a_sale_that_is_being_paid_was_never_left(toy: Toy, commands: Commands) -> None:
    left = replace(sale(8), opened_at=NIGHT - 2 * LEFT)
    with Database.open(toy.journal, now=ticking()) as db:
        Drafts(db).keep(left, paid(left))
    with pytest.raises(NotNowError, match="in progress"):
        updating(toy, commands).put_in(bundle())


def test_a_sale_that_is_begun_meanwhile_is_waited_for_and_then_has_its_way(
    toy: Toy, commands: Commands
) -> None:
    parts = updating(toy, commands)
    waited: list[float] = []

    def cashier(seconds: float) -> None:
        waited.append(seconds)

    real = parts.run

    def install(command: Sequence[str], seconds: float) -> str:
        said = real(command, seconds)
        if "install" in command:
            with Database.open(toy.journal, now=ticking()) as db:
                Drafts(db).keep(sale(8), None)
        return said

    parts.run, parts.sleep = install, cashier
    with pytest.raises(NotNowError, match="in progress"):
        parts.put_in(bundle())
    assert len(waited) > 10
    assert toy.reboots == 0
    assert toy.slots().read() == Choice(Slot.A)
    assert toy.card().record.trial is None


def test_not_with_unsent_sales_that_are_in_no_backup(toy: Toy, commands: Commands) -> None:
    commands.backup_fails = True
    with pytest.raises(NotNowError, match="the card is full"):
        updating(toy, commands).put_in(bundle())
    parts = updating(toy, commands)
    with pytest.raises(NotNowError, match="3 sales are neither"):
        parts.check_sales()


def test_a_bundle_that_cannot_be_written_leaves_everything_as_it_was(toy: Toy, commands: Commands) -> None:
    commands.install_fails = "LastError: Failed updating slot rootfs.1: input/output error"
    with pytest.raises(BundleError, match="input/output error"):
        updating(toy, commands).put_in(bundle())
    assert toy.slots().read() == Choice(Slot.A)
    assert not toy.slots().is_good(Slot.B)
    assert toy.card().record.trial is None
    assert toy.reboots == 0


def test_not_while_another_is_on_trial(toy: Toy, commands: Commands) -> None:
    updating(toy, commands).put_in(bundle())
    toy.power_on()
    at_each_boot(toy.card())
    with pytest.raises(NotNowError, match="on trial"):
        updating(toy, commands).put_in(bundle())


def test_what_a_killed_update_left_is_tidied_up(toy: Toy, commands: Commands) -> None:
    card = toy.card()
    card.keep(card.record.begun(Trial("x", "0.2.0", 1, Slot.B)))
    updating(toy, commands).put_in(bundle())
    assert toy.reboots == 1


def test_the_newest_of_several_is_chosen_and_the_others_are_told(toy: Toy, commands: Commands) -> None:
    commands.signed |= {
        "newest.raucb": Release("0.3.0", 1, "gapless-amd64"),
        "old.raucb": Release("0.0.1", 1, "gapless-amd64"),
    }
    paths = [Path(name) for name in ("old.raucb", "strange.raucb", "newest.raucb", "next.raucb")]
    chosen, refused = updating(toy, commands).choose(paths)
    assert chosen is not None
    assert chosen.path.name == "newest.raucb"
    assert ["older" in refused[0], "not signed for this till" in refused[1]] == [True, True]


def test_one_that_failed_is_not_tried_again(toy: Toy, commands: Commands) -> None:
    card = toy.card()
    failed = Trial("hash of next.raucb", "0.2.0", NEXT.build, Slot.B, Stage.GIVEN_UP)
    card.keep(card.record.begun(failed).ended("failed", "the kiosk crashes", ""))
    chosen, refused = updating(toy, commands).choose([Path("next.raucb")])
    assert chosen is None
    assert "not tried again" in refused[0]


def test_the_power_may_go_before_every_write_of_an_update(toy: Toy, commands: Commands) -> None:
    """Each time the card starts a system that sells, and the update can be made again."""
    point = 0
    while True:
        toy.disk.left = toy.disk.done + point
        try:
            updating(toy, commands).put_in(bundle())
        except PowerCutError:
            running = toy.power_on()
            assert running is Slot.A, "B is started only by the very last write"
            assert at_each_boot(toy.card()) in (AtBoot.NOTHING, AtBoot.INTERRUPTED)
            assert toy.card().record.trial is None
            assert toy.can_sell()
            assert toy.sold == 3
            point += 1
            continue
        break
    assert point >= 6
    assert toy.power_on() is Slot.B
