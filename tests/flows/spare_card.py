"""A spare card in a folder, as a technician flashed it: the set-up and the units of the card are played by the test.

Everything else is what it is on the counter: the set-up with systemd's credentials, ``card begin`` as a program of its
own, the kiosk and the sync service on what the set-up wrote.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from appliance.card.begin import WISH
from appliance.card.credentials import run_command
from appliance.card.disk import Disk
from appliance.card.problems import Sells
from appliance.demo.hand import Hand
from appliance.demo.program import Program
from appliance.demo.stage import Stage, wait_until
from tests.card.card import Card, filled_in
from tests.flows.careful import NAME, PIN

BEGIN_SECONDS = 60.0


class SpareCard:
    """A new card in a till whose devices and whose shop are those of the dead one."""

    def __init__(self, dead: Stage, folder: Path, hardware_root: Path, **typed: str) -> None:
        folder.mkdir()
        self.folder = folder
        settings = {"url": dead.network.url, "key": dead.key, "secret": dead.secret}
        settings |= {"manager": NAME, "manager_pin": PIN, "folder": str(folder / "media/till")}
        self.card = Card(folder, Disk(), filled_in(**(settings | typed)))
        self.card.machine = replace(self.card.machine, run=run_command)
        self.places = self.card.places
        self.places.wishes.mkdir(parents=True)
        self.places.stick.parent.mkdir()
        (folder / "card").symlink_to(self.places.till_data)
        (folder / "stick").symlink_to(self.places.stick)
        self.stage = self._stage(dead, hardware_root)

    def _stage(self, dead: Stage, hardware_root: Path) -> Stage:
        remote, run = self.folder / "remote.sock", self.places.run
        hardware = ["--hardware-root", str(hardware_root)]
        kiosk = Program(
            "the new till",
            ["appliance.kiosk", "--settings", str(run / "till.toml"), "--remote", str(remote), *hardware],
            dead.kiosk.environment
            | {"RUNTIME_DIRECTORY": str(self.places.wishes), "GAPLESS_STICK": str(self.places.stick)},
            self.folder / "kiosk.log",
        )
        syncd = Program(
            "its sync service",
            ["appliance.syncd", "--settings", str(run / "sync.toml"), *hardware],
            {},
            self.folder / "syncd.log",
        )
        return replace(dead, folder=self.folder, kiosk=kiosk, syncd=syncd, hand=Hand(remote))

    def boot(self) -> Sells:
        """The set-up, and what a test's machine has not: a touch panel, a mount, a folder of credentials."""
        sells = self.card.set_up()
        self._on_a_desk()
        return sells

    def switch_on(self) -> None:
        """The set-up, then kiosk and sync service, as systemd would."""
        self.boot()
        self.start_programs()

    def start_programs(self) -> None:
        """Kiosk and sync service; the second only where there are keys, as its unit says."""
        if (self.places.journal / "keys.toml").exists():
            self.stage.syncd.start()
        self.stage.start_kiosk()

    def switch_off(self) -> None:
        """Pull the plug; what was in RAM is gone."""
        self.stage.kiosk.kill()
        self.stage.syncd.kill()
        self.stage.hand.close()
        for each in self.places.wishes.iterdir():
            each.unlink()

    def carry_out_wish(self) -> int:
        """till-begin.path and till-begin.service: what was touched is done, and everything begins anew."""
        wait_until("the kiosk left its wish", (self.places.wishes / WISH).exists, 10)
        self.stage.syncd.stop()
        code = self.begin()
        if code == 0:
            assert self.begin("put-away") == 0
            sells = self.card.set_up()
            assert sells is Sells.AS_TYPED, self.card.report()
            self._on_a_desk()
            self.switch_off()
            self.start_programs()
        return code

    def begin(self, *words: str) -> int:
        """``python -m appliance.card begin`` as a program of its own."""
        command = [sys.executable, "-m", "appliance.card", "begin", *words, "--root", str(self.folder)]
        return subprocess.run(command, timeout=BEGIN_SECONDS, check=False).returncode

    def _on_a_desk(self) -> None:
        places = self.places
        report = self.card.report()
        places.report.write_text(json.dumps(report | {"screen": report["screen"] | {"touch": "mouse"}}))
        handed = self.folder / "handed"
        handed.unlink(missing_ok=True)
        handed.touch(0o600)
        handed.write_text(self.card.secret("shop"))
        for path in (places.settings, places.sync_settings):
            text = path.read_text("utf-8").replace('touch = "panel"', 'touch = "mouse"')
            text = text.replace("[second]\n", "[second]\nis_mount = false\n")
            text = text.replace("/run/credentials/till-sync.service/shop", str(handed))
            keys = str(places.till_data / "keys.toml")
            path.write_text(text.replace("/run/credentials/till-sync.service/keys", keys), "utf-8")


@contextmanager
def spare(dead: Stage, folder: Path, hardware_root: Path, **typed: str) -> Iterator[SpareCard]:
    """A spare card, off; both programs are stopped in the end."""
    made = SpareCard(dead, folder, hardware_root, **typed)
    try:
        yield made
    finally:
        made.stage.kiosk.stop()
        made.stage.syncd.stop()
        made.stage.hand.close()
