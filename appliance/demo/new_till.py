"""A new till in a folder: its settings, its keys, its journal and the people who may sign in."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from appliance.demo.goods import STAFF
from appliance.domain.staff import Role
from appliance.machine.computer import Computer
from appliance.machine.hardware import ROOT
from appliance.machine.keyring import Keyring
from appliance.storage.binding import found
from appliance.storage.database import Database
from appliance.storage.identity import TillIdentity
from appliance.storage.staff import Staff
from appliance.till.signing_in import hash_pin

CARD: Final = "card"
RECEIPT: Final = """\
[receipt]
name = "Holm & Ash"
strapline = "Hardware and home"
address = "14 Quay Street, Galway H91 X2F4"
phone = "091 555 014"
tax_number = "IE 6388047V"
web = "holmandash.example"
"""
"""What this shop would type for its receipts."""


def write_settings(
    folder: Path,
    url: str,
    key: str,
    secret: str,
    patience: tuple[float, float],
    size: tuple[int, int],
    theme: str,
) -> None:
    """Write till.toml and secrets.toml.

    Args:
        folder: of the till; its stick is the folder "stick" in it, its card the folder "card".
        url, key, secret: of the online shop.
        patience: the shop's deadline in seconds, and how many minutes a lost request may still be under way.
        size, theme: of the screen.
    """
    secrets_path = folder / "secrets.toml"
    secrets_path.touch(mode=0o600)
    secrets_path.write_text(f'key = "{key}"\nsecret = "{secret}"\n')
    (folder / "till.toml").write_text(
        f"""
[till]
name = "Till 1"
series = "T1"
data = "{folder}/{CARD}"
keys_file = "{folder}/keys.toml"
[shop]
url = "{url}"
secrets_file = "{secrets_path}"
poll_seconds = 2
deadline_seconds = {patience[0]}
late_minutes = {patience[1]}
[second]
folder = "{folder}/stick"
is_mount = false
{RECEIPT}
[screen]
width = {size[0]}
height = {size[1]}
theme = "{theme}"
"""
    )


def open_till(folder: Path, hardware_root: Path = ROOT) -> None:
    """What the wizard will do on a new card: give the till its name and let people sign in."""

    def now() -> datetime:
        return datetime.now(UTC)

    for name in ("stick", CARD):
        (folder / name).mkdir()
    Keyring.make(folder / "keys.toml")
    computer = Computer.of(folder / "keys.toml", folder / CARD, hardware_root)
    database = Database.open(folder / CARD / "till.db", now=now)
    till = TillIdentity(secrets.token_hex(16), "T1", "EUR")
    found(database, computer.seal, computer.hardware_id, till, now())
    for name, role, pin in STAFF:
        Staff(database).add(name, Role(role), hash_pin(pin, computer.keyring.pepper))
    database.close()
