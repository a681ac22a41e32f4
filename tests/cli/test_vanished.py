"""``till vanished``, as a technician types it: what is gone from the shop all at once, and the word that it is so."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from appliance.cli.vanished import sentence
from appliance.machine.keyring import Keyring
from appliance.storage.database import Database
from appliance.storage.facts import ShopFacts, Vanished
from appliance.storage.identity import Identity

AT = datetime(2026, 11, 21, 14, 32, tzinfo=UTC)


def till_vanished(folder: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "appliance.cli", "--settings", f"{folder}/till.toml", "vanished", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_what_is_gone_is_said_in_a_sentence_until_a_person_says_that_it_is_so(tmp_path: Path) -> None:
    Keyring.make(tmp_path / "keys.toml")
    (tmp_path / "till.toml").write_text(f'[till]\ndata = "{tmp_path}"\nkeys_file = "{tmp_path}/keys.toml"\n')
    with Database.open(tmp_path / "till.db", now=lambda: AT) as database:
        Identity(database).create("f" * 32, "T1", "EUR")
        facts = ShopFacts(database)
        assert till_vanished(tmp_path) == (0, "Nothing is gone from the shop that should be there.\n")
        facts.note_vanished(Vanished(36, 40, AT))
        code, words = till_vanished(tmp_path)
        assert (code, words) == (1, f"{sentence(Vanished(36, 40, AT))}\n")
        assert "36 of 40 products are gone" in words
        assert till_vanished(tmp_path, "--accept")[0] == 0
        assert facts.vanished() is None
        assert facts.accepted_vanished() == Vanished(36, 40, AT)


def test_another_shop_is_said_to_be_one() -> None:
    assert "looks like another one" in sentence(Vanished(9, 10, AT, is_other_shop=True))
