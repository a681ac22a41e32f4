"""One file for who helps: versions, settings, states and the log; no names, no secrets, no sale.

What goes in is chosen piece by piece, never copied whole but for the log, and every text is scrubbed once more. A part
that cannot be read is named in ``contents.json`` with the reason: the file is made most often when something is broken.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import appliance
from appliance.cli import now
from appliance.cli._books import file_of
from appliance.cli._scrubbing import Scrubber, bare_address, without_typed
from appliance.cli.status import look_at_till
from appliance.machine.keyring import Keyring, KeyringError
from appliance.settings import Settings, SettingsError, load, load_secrets
from appliance.storage.condition import look
from appliance.storage.database import Database
from appliance.storage.durability import sqlite_version
from appliance.storage.errors import StorageError
from appliance.storage.oversold import OversoldUnits
from appliance.storage.sealed import Sealer
from appliance.storage.staff import Staff
from drivers.devices import DeviceError
from drivers.survey import survey

LOG_LINES: Final = 4000
"""Of all files of the log together, newest last."""
NONE_YET: Final = "There is none yet."
_FAILURES: Final = (StorageError, SettingsError, KeyringError, DeviceError, OSError, ValueError)
_OF_PERSONS: Final = ("receipt",)
"""Sections that say where somebody lives and is called by phone."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where a card keeps what is not in the settings; none of it is there on a desk."""

    run: Path = Path("/run/till")
    system: Path = Path("/data/system")
    image: Path = Path(appliance.__file__).parents[1] / "image.json"


@dataclass(slots=True)
class Gathering:
    """The members so far, and what could not be read."""

    scrubber: Scrubber
    members: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, read: Callable[[], Any]) -> None:
        """Read one part; a text is kept as one, all else as JSON. What nobody has written yet is no failure."""
        try:
            found = read()
        except FileNotFoundError:
            self.missing[name] = NONE_YET
            return
        except _FAILURES as error:
            self.missing[name] = self.scrubber.text(f"{type(error).__name__}: {error}")
            return
        clean = self.scrubber.data(found)
        self.members[name] = clean if isinstance(clean, str) else json.dumps(clean, indent=1) + "\n"


def options(parser: argparse.ArgumentParser) -> None:
    """What may be given."""
    parser.add_argument("file", type=Path, help="the new file, such as /media/till/support.zip")


def run(arguments: argparse.Namespace) -> int:
    """Write the file; 1 if it cannot be."""
    try:
        gathering = write(arguments.file, arguments.settings, Places())
    except OSError as error:
        print(f"till: {arguments.file}: {error.strerror or error}", file=sys.stderr)
        return 1
    print(f"{arguments.file}: {', '.join(sorted(gathering.members))}.")
    for name, why in sorted(gathering.missing.items()):
        print(f"Not in it: {name} ({why}).")
    print("It holds no name of a person, no sale, no key and no PIN.")
    return 0


def write(file: Path, settings: Path, places: Places) -> Gathering:
    """Gather everything, and write it at once.

    Raises:
        OSError: the file is there already, or cannot be written.
    """
    gathering = gather(settings, places)
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(gathering.members.items()):
            archive.writestr(name, text)
    with file.open("xb") as out:
        out.write(body.getvalue())
        out.flush()
        os.fsync(out.fileno())
    return gathering


def gather(path: Path, places: Places) -> Gathering:
    """All parts, scrubbed."""
    problem, settings = "", load(None)
    try:
        settings = load(path)
    except SettingsError as error:
        problem = str(error)
    gathering = Gathering(Scrubber(_known(settings), _names(settings)))
    if problem:
        gathering.missing["settings.json"] = gathering.scrubber.text(problem)
    else:
        gathering.add("settings.json", lambda: _settings(settings))
    gathering.add("versions.json", lambda: _versions(places.image))
    gathering.add("status.json", lambda: _status(settings))
    gathering.add("journal.json", lambda: _journal(file_of(settings)))
    gathering.add("disk.json", lambda: _disk((settings.till.data, settings.backups, settings.second.place)))
    gathering.add("devices.json", survey)
    gathering.add("setup.json", lambda: without_typed(_json(places.run / "setup.json")))
    for file in (places.run / "health.json", places.run / "update.json", places.system / "trial.json"):
        gathering.add(file.name, partial(_json, file))
    gathering.add("till.log", lambda: _log(places.system / "log"))
    parts = {"made_at": now().isoformat(timespec="seconds"), "not_in_it": gathering.missing}
    gathering.members["contents.json"] = json.dumps(parts, indent=1) + "\n"
    return gathering


def _known(settings: Settings) -> Iterator[str]:
    """What must not be in it though this till knows it."""
    header = settings.receipt
    yield from (header.address, header.phone, header.tax_number)
    with suppress(SettingsError):
        secrets = load_secrets(settings.shop.secrets_file)
        yield from (secrets.key, secrets.secret)
    with suppress(KeyringError):
        keys = Keyring.load(settings.till.keys_file)
        yield from (bytes(each).hex() for each in (keys.signing_key, keys.pepper, keys.data_key))


def _names(settings: Settings) -> list[str]:
    """Whoever it can name: who works here, and who bought what was sold twice."""
    names: list[str] = []
    with suppress(*_FAILURES), _opened(settings) as database:
        names += [person.name for person in Staff(database).people()]
        keys = Keyring.load(settings.till.keys_file)
        names += [each.customer for each in OversoldUnits(database, Sealer(keys.data_key)).all()]
    return names


def _opened(settings: Settings) -> Database:
    """The till's file, which is never made here: looking at it first finds out that it is missing or damaged."""
    path = file_of(settings)
    look(path)
    return Database.open(path, now=now)


def _settings(settings: Settings) -> dict[str, Any]:
    """All but what is a person's; the shop's key is in none of them."""
    found: dict[str, Any] = json.loads(json.dumps(asdict(settings), default=str))
    for section in _OF_PERSONS:
        found[section] = {
            key: bool(value) for key, value in found[section].items()
        }  # only whether there is one
    for section in ("shop", "update"):
        found[section]["url"] = bare_address(found[section]["url"])
    return found


def _versions(image: Path) -> dict[str, Any]:
    card = None
    with suppress(OSError, ValueError):
        card = _json(image)
    return {
        "image": card,
        "python": platform.python_version(),
        "kernel": platform.release(),
        "machine": platform.machine(),
        "sqlite": sqlite_version(),
    }


def _status(settings: Settings) -> dict[str, Any]:
    """What ``till status`` says, but for who bought what was sold twice: only how many."""
    look(file_of(settings))  # a file that is not there would be made
    facts, _ = look_at_till(settings)
    return {
        **facts,
        "shop": bare_address(facts["shop"]) or facts["shop"],
        "sold_twice": len(facts["sold_twice"]),
    }


def _journal(path: Path) -> dict[str, Any]:
    found = look(path)
    return {
        "schema": found.version,
        "schema_is_newer": found.is_newer,
        "sales": found.sales,
        "entries": found.end.seq,
        "newest_hash": found.end.hash.hex(),
        "newest_at": found.end.at,
        "unsent": found.unsent,
        "sale_in_progress": found.is_selling,
        "bytes": path.stat().st_size,
    }


def _disk(folders: tuple[Path | None, ...]) -> dict[str, Any]:
    found = {}
    for folder in folders:
        with suppress(OSError):
            if folder is not None:
                total, _, free = shutil.disk_usage(folder)
                found[str(folder)] = {"mb": total // 1_000_000, "free_mb": free // 1_000_000}
    return found


def _log(folder: Path) -> str:
    """The newest lines of the ring: till.log.3, .2, .1, till.log."""
    files = sorted(folder.glob("till.log.[0-9]"), reverse=True)
    files += [folder / "till.log"]
    lines = [line for file in files for line in file.read_text("utf-8", "replace").splitlines()]
    return "".join(f"{line}\n" for line in lines[-LOG_LINES:])


def _json(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text("utf-8"))
    if not isinstance(found, dict):
        raise ValueError(f"{path} holds no object")
    return found
