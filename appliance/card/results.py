"""What the other programs read: written anew at each boot, nearly all of it to a place that the power takes away."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from appliance.card.checking import Draft
from appliance.card.credentials import CommandError, Credentials
from appliance.card.disk import Disk, forget, keep, keep_link, make_folders
from appliance.card.in_force import State
from appliance.card.network import firewall, networks, wpa_supplicant
from appliance.card.pairing import PAIRED, pairing_rules
from appliance.card.places import Places
from appliance.card.problems import Problem
from appliance.card.taking_in import WIFI
from appliance.card.toml_text import to_toml
from appliance.settings import known_keys

HANDED_TO_SYNC: Final = Path("/run/credentials/till-sync.service")
"""Where systemd puts what the sync service may read: the shop's key, and the till's own keys."""
_MADE: Final = "Made by till-setup from till.toml at each boot; change that one."


class Results:
    """Writes them."""

    def __init__(
        self, places: Places, disk: Disk, credentials: Credentials, owner: tuple[int, int] | None = None
    ) -> None:
        """Build it; `owner` is user and group of the till's own folder."""
        self._owner = owner
        self._places = places
        self._disk = disk
        self._credentials = credentials

    def write(
        self, state: State, screen: Mapping[str, Any], draft: Draft, *, with_till: bool
    ) -> Iterator[Problem]:
        """Write all that these settings say, and tell what cannot be.

        Args:
            state: what holds.
            screen: the section of the till's settings, found out.
            draft: what was typed, for the lines.
            with_till: also what the till itself reads; without it the kiosk has nothing to sell with.
        """
        if with_till:
            self._write_till(state, screen)
        else:
            forget(self._disk, self._places.settings)
        self._write_zone(state)
        self._write_hostname(state)
        yield from self._write_network(state, draft)

    def _write_till(self, state: State, screen: Mapping[str, Any]) -> None:
        places = self._places
        till = {section: dict(keys) for section, keys in state.till.items()}
        till["screen"] = dict(screen)
        own = {"data": str(places.till_data), "keys_file": str(places.till_data / "keys.toml")}
        till["till"] = {**till.get("till", {}), **own}
        self._keep(places.settings, to_toml(till, _MADE))
        with suppress(OSError):  # a copy for a technician; that the card cannot be written is told already
            keep(self._disk, places.journal / "till.toml", to_toml(till, _MADE).encode(), 0o640, self._owner)
        till["till"]["keys_file"] = str(HANDED_TO_SYNC / "keys")
        till["shop"] = {**till.get("shop", {}), "secrets_file": str(HANDED_TO_SYNC / "shop")}
        self._keep(places.sync_settings, to_toml(till, _MADE))
        urls = (str(till.get(section, {}).get("url", "")) for section in ("shop", "update"))
        has_page = bool(till.get("status", {}).get("page", False))
        self._keep(places.run / "shop.nft", firewall(*urls, has_page=has_page))
        self._show_status(has_page)
        self._pair(str(till.get("scanner", {}).get("match", "")))

    def _show_status(self, has_page: bool) -> None:
        """till-status.path opens the status page's door when it sees this file."""
        if has_page:
            self._keep(self._places.status_page, "")
        else:
            forget(self._disk, self._places.status_page)

    def _pair(self, match: str) -> None:
        rules, path = pairing_rules(match), self._places.rules / PAIRED
        if rules:
            make_folders(self._disk, path.parent, 0o755)
            self._keep(path, rules)
        else:
            forget(self._disk, path)

    def _write_zone(self, state: State) -> None:
        zone = str(state.till.get("till", {}).get("time_zone", "UTC"))
        keep_link(self._disk, self._places.run / "localtime", str(self._places.zones / zone))

    def _write_hostname(self, state: State) -> None:
        series = str(state.till.get("till", {}).get("series", known_keys()["till"]["series"]))
        name = str(state.card.get("card", {}).get("hostname") or f"till-{series.lower()}")
        self._keep(self._places.run / "hostname", f"{name}\n")
        kernel = self._places.root / "proc/sys/kernel/hostname"
        if kernel.exists():
            kernel.write_text(f"{name}\n")

    def _write_network(self, state: State, draft: Draft) -> Iterator[Problem]:
        values = state.card.get("network", {})
        make_folders(self._disk, self._places.networks, 0o755)
        files = networks(values)
        for name, text in files.items():
            self._keep(self._places.networks / name, text)
        wifi = self._places.run / "wpa_supplicant.conf"
        if not values.get("wifi_name"):
            forget(self._disk, wifi)
            if not draft.failed & {"", "network"}:
                self._credentials.forget(WIFI)
            return
        try:
            found = self._credentials.get(WIFI)
        except CommandError as error:
            yield Problem(
                0, "network.wifi_password", f"The Wi-Fi's password cannot be read ({error}). Type it again."
            )
            return
        known = tomllib.loads(found.decode()) if found else {}
        if known.get("name") != values["wifi_name"]:
            yield from _ask_for_password(draft, values["wifi_name"])
            return
        text = wpa_supplicant(known["name"], known["password"], values.get("wifi_country", ""))
        keep(self._disk, wifi, text.encode(), 0o600)

    def _keep(self, path: Path, text: str) -> None:
        keep(self._disk, path, text.encode(), 0o644)


def _ask_for_password(draft: Draft, name: str) -> Iterator[Problem]:
    """Once: unless something else about the password was told."""
    if any(each.where == "network.wifi_password" for each in draft.problems):
        return
    place = draft.places.get(("network", "wifi_password")) or draft.places.get(("network", "wifi_name"))
    words = f'the password of the Wi-Fi "{name}" is missing. Type it: wifi_password = "..."'
    yield Problem(place.line if place else 0, "network.wifi_password", words)
