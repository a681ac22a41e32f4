"""SKUs and barcodes of the shop that will fail at the counter: missing, doubled, in other capitals, mistyped."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from appliance.cli import now
from appliance.cli._books import file_of
from appliance.settings import load
from appliance.storage.database import Database
from appliance.storage.stock_list import StockList


def options(parser: argparse.ArgumentParser) -> None:
    """What may be given."""
    parser.add_argument("--json", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """Look through the whole catalogue now; 1 when something is found."""
    with Database.open(file_of(load(arguments.settings)), now=now) as database:
        found = StockList(database).look_numbers()
    if arguments.json:
        print(json.dumps([asdict(each) for each in found], indent=2, ensure_ascii=False))
        return int(bool(found))
    for each in found:
        print(f"{' / '.join(each.names)}{f' ({each.code})' if each.code else ''}\n    {each.advice}")
    print(f"{len(found)} findings." if found else "Every product can be found by its number or its barcode.")
    return int(bool(found))
