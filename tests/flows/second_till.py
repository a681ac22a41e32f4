"""A second till in the miniature: the same shop and the same cable, but its own card, keys, stick and devices."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from appliance.demo.hand import Hand
from appliance.demo.stage import PRINTER, SCANNER, Stage
from drivers.virtual.client import VirtualBench


def board(folder: Path, number: str) -> Path:
    """Where a computer finds the number that was burned into its board."""
    where = folder / f"board-{number}"
    (where / "sys/firmware/devicetree/base").mkdir(parents=True)
    (where / "sys/firmware/devicetree/base/serial-number").write_text(f"{number}\0")
    return where


@contextmanager
def copied(stage: Stage, folder: Path, hardware_root: Path) -> Iterator[Stage]:
    """A till with a copy of this one's card, its keys included, in another computer; not switched on yet."""
    shutil.copytree(stage.card, folder / stage.card.name)
    (folder / "stick").mkdir()
    for name in ("keys.toml", "secrets.toml"):
        shutil.copy2(stage.folder / name, folder)
    here, there = str(stage.folder), str(folder)
    (folder / "till.toml").write_text(stage.settings_path.read_text().replace(here, there))
    remote = folder / "remote.sock"
    with VirtualBench.start() as bench:
        changed = {here: there, _root_of(stage): str(hardware_root)}

        def words(arguments: list[str]) -> list[str]:
            return [_changed(each, changed) for each in arguments]

        kiosk = replace(
            stage.kiosk,
            arguments=words(stage.kiosk.arguments),
            environment=stage.kiosk.environment | bench.environment(),
            log=folder / "kiosk.log",
            process=None,
        )
        syncd = replace(
            stage.syncd, arguments=words(stage.syncd.arguments), log=folder / "syncd.log", process=None
        )
        bench.plug_scanner(SCANNER)
        bench.plug_printer(PRINTER)
        clone = replace(stage, folder=folder, bench=bench, kiosk=kiosk, syncd=syncd, hand=Hand(remote))
        try:
            yield clone
        finally:
            kiosk.stop()
            syncd.stop()
            clone.hand.close()
            for device in bench.devices():
                bench.unplug(device)


def receipts_in_shop(path: Path) -> Counter[str]:
    """The receipt numbers of the shop's completed orders."""
    books = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        rows = books.execute(
            "SELECT m.value FROM shop_order AS o JOIN order_meta AS m ON m.order_id = o.id "
            "WHERE m.key = 'till_receipt_number' AND o.status = 'completed'"
        ).fetchall()
    finally:
        books.close()
    return Counter(str(number) for (number,) in rows)


def receipts_of(path: Path) -> list[str]:
    """The receipt numbers of a till's file, in the order of its journal."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT series, number FROM sale ORDER BY seq").fetchall()
    connection.close()
    return [f"{series}-{number:06d}" for series, number in rows]


def kinds_of(path: Path) -> list[str]:
    """The kinds of a journal's entries."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT kind FROM journal ORDER BY seq").fetchall()
    connection.close()
    return [str(kind) for (kind,) in rows]


def bound_because(path: Path) -> str:
    """Why the till's last binding was made."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        (body,) = connection.execute(
            "SELECT body FROM journal WHERE kind = 'bound' ORDER BY seq DESC LIMIT 1"
        ).fetchone()
    connection.close()
    return str(json.loads(body)["why"])


def _root_of(stage: Stage) -> str:
    arguments = stage.syncd.arguments
    return arguments[arguments.index("--hardware-root") + 1]


def _changed(word: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        if word == old or word.startswith(f"{old}/"):
            return new + word[len(old) :]
    return word
