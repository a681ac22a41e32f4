"""Runs the shop: ``python -m appliance.demo.shop --port 0 --data FILE``; its first line of output is its address."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from appliance.demo.shop.seed import fill
from appliance.demo.shop.server import KEY, SECRET, DemoShop


def main() -> int:
    """Run until a signal."""
    parser = argparse.ArgumentParser(prog="shop", description="A small online shop to sell against")
    parser.add_argument("--port", type=int, default=0, help="0 for any free one")
    parser.add_argument(
        "--data", type=Path, required=True, help="the shop's file; filled with goods when new"
    )
    parser.add_argument("--key", default=KEY)
    parser.add_argument("--secret", default=SECRET)
    chosen = parser.parse_args()
    shop = DemoShop(chosen.data, port=chosen.port, key=chosen.key, secret=chosen.secret)
    if shop.is_new:
        fill(shop.database)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with shop:
        print(json.dumps({"url": shop.url}), flush=True)
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
