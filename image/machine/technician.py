"""The technician: writes the shop's settings on a flashed card, as from any PC, before its first start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from appliance.demo.new_till import RECEIPT
from image.machine.disk import Card
from image.machine.fat import Fat
from image.machine.keyboard import MATCH
from image.machine.machine import BOOT_PARTITION
from image.machine.shop import Shop

SETTINGS: Final = "till.toml"


@dataclass(frozen=True, slots=True)
class Person:
    """Who may sign in."""

    name: str
    pin: str


MANAGER: Final = Person("Ciarán", "1470")


def settings_text(url: str, key: str, secret: str, manager: Person = MANAGER) -> str:
    """A till.toml as somebody would type it for this counter."""
    return f"""\
[till]
name = "Till 1"
series = "T1"
time_zone = "Europe/Dublin"

[money]
currency = "EUR"

{RECEIPT}
[shop]
url = "{url}"
key = "{key}"
secret = "{secret}"
poll_seconds = 5

[staff]
manager = "{manager.name}"
manager_pin = "{manager.pin}"

[scanner]
match = "{MATCH}"
"""


def prepare(card: Card, shop: Shop, folder: Path) -> None:
    """Put the settings on the card's boot partition."""
    write_settings(card, settings_text(shop.url_inside, shop.key, shop.secret), folder)


def write_settings(card: Card, text: str, folder: Path) -> None:
    """Replace till.toml on the card; no computer may be running on it."""
    path = card.copy_out(BOOT_PARTITION, folder / "settings.fat")
    Fat(path).write(SETTINGS, text.encode("utf-8"))
    card.copy_in(BOOT_PARTITION, path)
    path.unlink()


def read_settings(card: Card, folder: Path) -> bytes:
    """What stands in till.toml on the card now; no computer may be running on it."""
    path = card.copy_out(BOOT_PARTITION, folder / "settings.fat")
    content = Fat(path).read(SETTINGS)
    path.unlink()
    return content
