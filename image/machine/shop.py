"""The online shop at the other end of the network: the demo's, as a program of its own on this computer.

The computer under test reaches it at 10.0.2.2, which is this computer's loopback in QEMU's user network.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from appliance.demo.books import ShopBooks, read_books
from image.machine.errors import MachineError, SceneError
from image.machine.qmp import Qmp

HOST_FROM_INSIDE: Final = "10.0.2.2"
NETWORK_CARD: Final = "card"


class Shop:
    """A running shop.

    Args:
        folder: for its file.
        port: 0 for any free one; a fixed one where a snapshot remembers it.
        key, secret: of the shop; new ones are made where they are "".
    """

    def __init__(self, folder: Path, port: int = 0, key: str = "", secret: str = "") -> None:
        self.file = folder / "shop.db"
        self.key, self.secret = key or f"ck_{secrets.token_hex(20)}", secret or f"cs_{secrets.token_hex(20)}"
        keys = ["--key", self.key, "--secret", self.secret]
        command = [
            sys.executable,
            "-m",
            "appliance.demo.shop",
            "--port",
            str(port),
            "--data",
            str(self.file),
            *keys,
        ]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise MachineError("The online shop did not start.")
        self.port = int(str(json.loads(line)["url"]).rsplit(":", 1)[1])

    @property
    def url_inside(self) -> str:
        """Its address for the computer under test."""
        return f"http://{HOST_FROM_INSIDE}:{self.port}"

    def books(self) -> ShopBooks:
        """What it says was sold."""
        return read_books(self.file)

    def wait_for_sales(self, count: int, seconds: float) -> ShopBooks:
        """Its books, once so many sales of the till are in them.

        Raises:
            SceneError: they are not in time, or one is there twice.
        """
        books = self._wait(
            lambda books: len(books.sale_ids) >= count and not books.unfinished, count, seconds
        )
        if books.doubled:
            raise SceneError(f"{books.doubled} sales are in the shop twice.")
        return books

    def _wait(self, true: Callable[[ShopBooks], bool], count: int, seconds: float) -> ShopBooks:
        end = time.monotonic() + seconds
        while not true(books := self.books()):
            if time.monotonic() > end:
                found = len(books.sale_ids)
                raise SceneError(f"The shop has {found} of {count} sales after {seconds:.0f} seconds.")
            time.sleep(0.5)
        return books

    def stop(self) -> None:
        """Close it."""
        self._process.terminate()
        self._process.wait(10)
        if self._process.stdout is not None:
            self._process.stdout.close()


def set_network(qmp: Qmp, *, connected: bool) -> None:
    """Pull the network's cable, or plug it in again."""
    qmp.ask("set_link", name=NETWORK_CARD, up=connected)
