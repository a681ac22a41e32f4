"""The hand-over sheet of this till, as it is now, queued for the printer."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from importlib import metadata
from pathlib import Path

import appliance
from appliance.domain.staff import Role
from appliance.receipts.hand_over import HandOver
from appliance.settings import Settings
from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.storage.instants import to_text
from appliance.storage.print_jobs import PrintJobs
from appliance.storage.replaying import head_of
from appliance.storage.staff import Staff


def queue_sheet(settings: Settings, database: Database, public_key: str, at: datetime) -> HandOver:
    """Ask for the sheet; the kiosk prints it as soon as it and the printer are there."""
    sheet = sheet_of(settings, database, public_key)
    PrintJobs(database).queue(None, sheet.body(to_text(at)), copy=False, at=at)
    return sheet


def sheet_of(settings: Settings, database: Database, public_key: str) -> HandOver:
    """What stands on the sheet now."""
    till, head = Identity(database).get(), head_of(database)
    managers = [person.name for person in Staff(database).people() if person.role is Role.MANAGER]
    return HandOver(
        till=settings.till.name,
        series=till.series,
        till_id=till.till_id,
        shop=settings.shop.url,
        version=_version(),
        public_key=public_key,
        entries=head.seq,
        anchor=head.hash.hex(),
        manager=managers[0] if len(managers) == 1 else "",
    )


def _version() -> str:
    image = Path(appliance.__file__).parents[1] / "image.json"  # on a card
    with suppress(OSError, ValueError, KeyError, TypeError):
        return str(json.loads(image.read_text("utf-8"))["version"])
    try:
        return metadata.version("gapless")
    except metadata.PackageNotFoundError:
        return "not known"
