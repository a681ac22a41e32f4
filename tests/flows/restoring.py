"""A till with a stick, a new card, and ``till restore`` as a technician runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from appliance.storage.database import Database
from appliance.storage.journal import Journal
from appliance.storage.stick_owner import Owner
from tests.storage.samples import NOON, fresh_till, paid, sale, seal
from tests.storage.sticks import entries_of, stick_in
from tests.storage.whole_day import live_a_day

ROOT = Path(__file__).resolve().parents[2]


class LostTill:
    """A till that sold and whose card died; its stick is there, and a new card."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.stick, self.card = folder, folder / "stick", folder / "card"
        (folder / "old").mkdir()
        self.db, self.identity, self.person = fresh_till(folder / "old" / "till.db")
        self.journal = Journal(self.db, self.identity, "Till 1", seal())
        self.journal.introduce_key(NOON)
        self.shop_url = ""

    def live(self, sales: int) -> None:
        """A day of all kinds, and then so many sales."""
        with self.db.transaction():
            live_a_day(self.db, self.journal, self.person)
            for number in range(100, 100 + sales):
                self.sell(number)

    def sell(self, number: int) -> None:
        self.journal.record(sale(number), paid(sale(number)), self.person, NOON)

    def keep(self) -> None:
        """Bring the stick up to date."""
        medium = stick_in(self.stick, Owner(*self.identity, seal().public_key.hex(), "Till 1"))
        medium.open()
        medium.append(entries_of(self.db)[medium.head.seq :])
        medium.close()

    @property
    def new_file(self) -> Path:
        return self.card / "till.db"

    def settings(self) -> Path:
        path = self.folder / "till.toml"
        secrets = self.folder / "secrets.toml"
        secrets.touch(mode=0o600)
        secrets.write_text('key = "ck_demo"\nsecret = "cs_demo"\n')
        path.write_text(
            f'[till]\ndata = "{self.card}"\nkeys_file = "{self.folder}/keys.toml"\n'
            f'[shop]\nurl = "{self.shop_url}"\nsecrets_file = "{secrets}"\ndeadline_seconds = 10\n'
        )
        return path

    def command(self, *words: str) -> list[str]:
        settings = ["--settings", str(self.settings())]
        return [
            sys.executable,
            "-m",
            "appliance.cli",
            *settings,
            "restore",
            "--stick",
            str(self.stick),
            *words,
        ]

    def restore(self, *words: str) -> tuple[int, str]:
        """Exit code, and what was said."""
        done = subprocess.run(
            self.command(*words), cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
        )
        return done.returncode, done.stdout + done.stderr


def open_new(till: LostTill) -> Database:
    """The file on the new card."""
    return Database.open(till.new_file, now=lambda: NOON)
