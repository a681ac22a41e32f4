"""Countries and their time zones, from the tables that come with the time zones themselves (package tzdata)."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from appliance.domain.countries import Country

ZONES: Final = Path("/usr/share/zoneinfo")

log = logging.getLogger(__name__)


def read_countries(folder: Path = ZONES) -> tuple[Country, ...]:
    """All countries that have a time zone, by name; () where the tables are missing."""
    try:
        names = dict(row[:2] for row in _rows(folder / "iso3166.tab"))
        zones: dict[str, list[str]] = {}
        for code, _place, zone, *_remark in _rows(folder / "zone.tab"):
            zones.setdefault(code, []).append(zone)
    except (OSError, ValueError) as error:
        log.warning("The tables of time zones cannot be read: %s", error)
        return ()
    found = [Country(code, name, tuple(zones[code])) for code, name in names.items() if code in zones]
    return tuple(sorted(found, key=lambda each: each.name))


def _rows(path: Path) -> list[list[str]]:
    lines = path.read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and line[0] != "#"]
