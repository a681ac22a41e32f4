"""What runs out over both channels, what sells fastest for what is left first."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from appliance.cli import now
from appliance.cli._books import file_of
from appliance.settings import load
from appliance.storage.database import Database
from appliance.storage.stock_list import LowStock, StockList


def options(parser: argparse.ArgumentParser) -> None:
    """What may be given."""
    parser.add_argument("--json", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """Look now."""
    settings = load(arguments.settings)
    with Database.open(file_of(settings), now=now) as database:
        found = StockList(database).look_low(now(), settings.stock.low_at, settings.stock.low_days)
    if arguments.json:
        print(json.dumps([asdict(each) for each in found], indent=2, ensure_ascii=False))
        return 0
    print(f"{'Left':>5}{'Here':>6}{'Online':>8}{'Lasts':>9}  Product (pieces sold in the last 30 days)")
    for each in found:
        print(_row(each))
    if not found:
        print("Nothing runs out.")
    return 0


def _row(low: LowStock) -> str:
    lasts = "" if low.days_left is None else f"{low.days_left} d"
    return f"{low.available:>5}{low.sold_here:>6}{low.sold_online:>8}{lasts:>9}  {low.name} ({low.sku or 'no SKU'})"
