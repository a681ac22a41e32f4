"""A card in a folder: its FAT partition, its data partition, and what the set-up makes of them."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from appliance.card.credentials import CommandError, run_command
from appliance.card.disk import Disk
from appliance.card.machine import Machine
from appliance.card.places import Places
from appliance.card.problems import Sells
from appliance.card.setup import set_up

TEMPLATE: Final = Path(__file__).parents[2] / "image" / "till.toml"
KEY: Final = "ck_0123456789abcdef0123456789abcdef01234567"
SECRET: Final = "cs_89abcdef0123456789abcdef0123456789abcdef"
WIFI_PASSWORD: Final = "hunter2hunter"
NUMBER: Final = "0123456789abcdef0123456789abcdef\n"
PIN: Final = "2580"
TYPED: Final[Mapping[str, str]] = {
    "name": "Holm & Ash",
    "time_zone": "Europe/Dublin",
    "currency": "EUR",
    "url": "https://shop.example",
    "key": KEY,
    "secret": SECRET,
    "manager": "Ciarán",
    "manager_pin": PIN,
    "wifi_name": "Laden",
    "wifi_password": WIFI_PASSWORD,
    "wifi_country": "IE",
}
"""What a technician fills in: each stands empty in the shipped file, once."""


def filled_in(**changes: str) -> str:
    """The shipped file, filled in; `changes` are typed instead, or as well."""
    text = TEMPLATE.read_text("utf-8")
    for key, typed in {**TYPED, **changes}.items():
        assert text.count(f'\n{key} = ""') == 1, key
        text = text.replace(f'\n{key} = ""', f'\n{key} = "{typed}"')
    return text


class FastTill:
    """Runs the system's programs, but for ``till setup``, whose start takes seconds: that is noted, and leaves a file.

    What it is told is all that the set-up knows of it; ``test_first_boot`` runs the real one.
    """

    def __init__(self, places: Places) -> None:
        self.founded: list[tuple[str, str]] = []
        self.fails = ""
        self._places = places

    def __call__(self, command: list[str], typed: bytes, environment: Mapping[str, str]) -> bytes:
        if "appliance.cli" not in command:
            return run_command(command, typed, environment)
        if self.fails:
            raise CommandError(self.fails)
        first, again = typed.decode().splitlines()
        assert first == again
        assert command[0] == sys.executable
        self.founded.append((command[command.index("--manager") + 1], first))
        (self._places.journal / "till.db").touch()
        return b""


class Card:
    """One card. `disk` writes, also to what stands in for the FAT partition."""

    def __init__(self, root: Path, disk: Disk, typed: str | bytes | None = None) -> None:
        self.places = Places(root)
        for folder in ("boot/firmware", "data/till", "var/lib", "run", "etc"):
            (root / folder).mkdir(parents=True)
        (root / "var/lib/till").symlink_to(root / "data/till")
        (root / "etc/machine-id").write_text(NUMBER)
        self.till = FastTill(self.places)
        self.machine = Machine(self.places, disk, self.till)
        self.type(TEMPLATE.read_bytes() if typed is None else typed)

    def type(self, text: str | bytes) -> None:
        """As a technician's editor writes the file."""
        self.places.typed.write_bytes(text.encode() if isinstance(text, str) else text)

    def set_up(self) -> Sells:
        """One boot: what lies in RAM is gone before it."""
        for each in (self.places.report, self.places.settings, self.places.sync_settings):
            each.unlink(missing_ok=True)
        return set_up(self.machine)

    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.places.report.read_text("utf-8"))
        return found

    def settings(self) -> dict[str, Any]:
        """What the kiosk reads."""
        return tomllib.loads(self.places.settings.read_text("utf-8"))

    def sentences(self) -> list[str]:
        return [each["words"] for each in self.report()["problems"]]

    def typed(self) -> bytes:
        return self.places.typed.read_bytes()

    def secret(self, name: str) -> str:
        found = self.machine.credentials.get(name)
        return "" if found is None else found.decode()
