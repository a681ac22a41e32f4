"""The parts of the service, as the program puts them together."""

from __future__ import annotations

from pathlib import Path

from appliance.machine.computer import Computer
from appliance.machine.keyring import Keyring
from appliance.settings import Secrets, load
from appliance.storage.binding import Bindings
from appliance.storage.journal import Journal
from appliance.syncd.parts import build, build_shop
from tests.storage.samples import NOON, fresh_till

CONFIRMED_BY = (1, "Mara")


def test_once_the_till_goes_on_under_another_series_the_shop_is_asked_for_that_one(tmp_path: Path) -> None:
    """Otherwise a second copy of the card that chose the same series is not found out before the next start."""
    keys = tmp_path / "keys.toml"
    Keyring.make(keys)
    file = tmp_path / "till.toml"
    file.write_text(
        f'[till]\ndata = "{tmp_path}"\nkeys_file = "{keys}"\n[shop]\nurl = "https://127.0.0.1:1"\n'
    )
    settings, computer = load(file), Computer.of(keys, tmp_path)
    database, identity, _ = fresh_till(settings.database)
    service = build(settings, build_shop(settings, Secrets("key", "secret")), computer, database)
    assert service.witnessing is not None
    assert service.witnessing.series() == "T1"
    kiosk = Journal(database, identity, seal=computer.seal)
    Bindings(database).rebind(kiosk, computer.hardware_id, NOON, CONFIRMED_BY, "e" * 32)
    assert service.witnessing.series() == "T1B"
    database.close()
