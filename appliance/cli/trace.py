"""The timeline of one product's stock: each change, where, who, why, and when both sides began to disagree."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime

from appliance.cli import now
from appliance.cli._books import file_of
from appliance.cli._plain import plain
from appliance.domain.catalogue import Product
from appliance.machine.keyring import KEY_BYTES, Keyring, KeyringError
from appliance.settings import Settings, load
from appliance.storage.catalogue import Catalogue
from appliance.storage.database import Database
from appliance.storage.sealed import Sealer
from appliance.storage.timeline import Move, Timeline, timeline


def options(parser: argparse.ArgumentParser) -> None:
    """What may be given."""
    parser.add_argument("sku", help="its SKU, its barcode, or the number that is typed at the till")
    parser.add_argument("--json", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """Print it; 2 where there is no such product."""
    settings = load(arguments.settings)
    with Database.open(file_of(settings), now=now) as database:
        product = _find(Catalogue(database, now), arguments.sku)
        if product is None:
            print(f"till: no product has the SKU, barcode or number {arguments.sku!r}.", file=sys.stderr)
            return 2
        found = timeline(database, Sealer(_data_key(settings)), product.stock_id)
    if arguments.json:
        print(json.dumps(_as_json(found, product), indent=2, ensure_ascii=False))
    else:
        _print(found, product, settings)
    return 0


def _find(catalogue: Catalogue, text: str) -> Product | None:
    digits = text if text.isascii() and text.isdigit() else ""
    return (
        catalogue.find_barcode(digits.zfill(14) if len(digits) >= 8 else None, text)
        or (catalogue.find_number(int(digits)) if digits and len(digits) <= 9 else None)
    )  # fmt: skip


def _data_key(settings: Settings) -> bytes:
    """The key to customers' names; without it they are shown as sealed."""
    try:
        return Keyring.load(settings.till.keys_file).data_key
    except KeyringError:
        return bytes(KEY_BYTES)


def _print(found: Timeline, product: Product, settings: Settings) -> None:
    print(plain(f"{product.name}, SKU {product.sku or 'none'}"))
    if not found.moves:
        print("The shop does not count it, or this till has not heard yet.")
        return
    print(f"{'When':<17}{'Where':<12}{'Who':<20}{'Before':>7}{'Change':>8}{'After':>7}  What")
    for move in found.moves:
        print(_row(move, settings))
    print(f"Sum of the timeline: {found.total}. Stock: {found.on_hand}.")
    if found.disagreed_at is None:
        print("Shelf and shop never disagreed.")
    else:
        print(f"They first disagreed at {_when(found.disagreed_at, settings)} (marked *).")


def _row(move: Move, settings: Settings) -> str:
    mark = "*" if move.is_odd else ""
    told = "" if move.is_told else " (the shop has not heard yet)"
    change = f"{move.change:+d}" if move.change else "0"
    return (
        f"{_when(move.at, settings):<17}{move.channel.value:<12}{plain(move.who)[:19]:<20}{move.before:>7}{change:>8}"
        f"{move.after:>7}  {mark}{plain(move.why)}{told}"
    )


def _when(at: datetime, settings: Settings) -> str:
    return at.astimezone(settings.zone).strftime("%Y-%m-%d %H:%M")


def _as_json(found: Timeline, product: Product) -> dict[str, object]:
    return {
        "product": product.name,
        "sku": product.sku,
        "stock_id": found.stock_id,
        "on_hand": found.on_hand,
        "sum": found.total,
        "disagreed_at": found.disagreed_at.isoformat() if found.disagreed_at else None,
        "moves": [
            {
                "at": move.at.isoformat(),
                "channel": move.channel.value,
                "who": move.who,
                "why": move.why,
                "before": move.before,
                "change": move.change,
                "after": move.after,
                "told": move.is_told,
                "odd": move.is_odd,
            }
            for move in found.moves
        ],
    }
