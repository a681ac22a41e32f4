"""A thin wrapper of umockdev's testbed; every trap of umockdev 0.17 is handled here and nowhere else.

Runs only in the bench's own process, under the system's Python (python3-gi). Callbacks come on umockdev's
worker thread.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import gi  # Debian's python3-gi, not in our venv

gi.require_version("UMockdev", "1.0")
from gi.repository import GLib, UMockdev  # noqa: E402

Client = Any  # UMockdev.IoctlClient: one open file of the program under test
ClientGoneError: type[Exception] = GLib.Error
"""The program was killed in the middle of a call; umockdev goes on to say that it is connected."""


class Handler:
    """Answers the ioctls and gates the reads of one device node.

    Args:
        on_ioctl: (client, request) -> True when it was answered.
        on_open: A program opened the node. That it closed it again is not told: ask ``is_open``.
        on_read: client -> True when it was answered; None lets every read through.
    """

    def __init__(
        self,
        on_ioctl: Callable[[Client, int], bool],
        on_open: Callable[[Client], None] | None = None,
        on_read: Callable[[Client], bool] | None = None,
    ) -> None:
        self.base = UMockdev.IoctlBase()
        self.base.connect("handle-ioctl", lambda _base, client: on_ioctl(client, client.props.request))
        if on_open is not None:
            self.base.connect("client-connected", lambda _base, client: on_open(client))
        if on_read is not None:
            self.base.connect("handle-read", lambda _base, client: on_read(client))


def is_open(client: Client) -> bool:
    """Whether the program still has the file open.

    umockdev declares signals for the end ("client-vanished", notify::connected) and never sends them (read in its
    source, seen in 0.17), so it is asked where it matters.
    """
    return bool(client.props.connected)


class Bed:
    """The directory that stands in for /sys and /dev, and the uevents that programs under test hear."""

    def __init__(self) -> None:
        self._testbed = UMockdev.Testbed.new()
        self.root = Path(self._testbed.get_root_dir())

    def attach(self, node: str, handler: Handler) -> None:
        """Answer for ``node``; call it before ``add``: an eager program must not meet a node without ioctls.

        0.17 looks a handler up by the path that was opened and follows no link: attach each by-id link as
        well.
        """
        self._testbed.attach_ioctl(node, handler.base)

    def add(self, *lines: str) -> None:
        """Add one device in umockdev's text form; its "add" uevent is sent."""
        self._testbed.add_from_string("\n".join(lines) + "\n\n")

    def pty(self, node: str) -> tuple[int, Path]:
        """The descriptor on which we are the hardware behind an input node, and the pty's other end."""
        return int(self._testbed.get_dev_fd(node)), (self.root / node.lstrip("/")).readlink()

    def remove(self, syspaths: list[str], nodes: list[str]) -> None:
        """Unplug, children first. Never use a node's number again: 0.17 keeps its descriptor's entry."""
        leftovers = [self.root / node.lstrip("/") for node in nodes]
        for target in [str(path.readlink()) for path in leftovers if path.is_symlink()]:
            # 0.17 leaves this map behind and asserts on it when the pty's number comes back
            leftovers.append(self.root / "dev/.ptymap" / target.replace("/", "_"))
        for syspath in syspaths:
            self._testbed.uevent(syspath, "remove")  # remove_device() sends none
        for node in nodes:
            self._testbed.detach_ioctl(node)
        for syspath in syspaths:
            self._testbed.remove_device(syspath)
        for path in leftovers:
            with suppress(FileNotFoundError):
                path.unlink()

    def close(self) -> None:
        """Remove the directory; umockdev does so only when it is finalised, which os._exit never does."""
        shutil.rmtree(self.root, ignore_errors=True)


def fill(client: Client, data: bytes, size: int) -> None:
    """Write ``data``, cut or padded to ``size``, where the ioctl's argument points to."""
    if size:
        client.props.arg.resolve(0, size).update(0, list(data[:size].ljust(size, b"\0")))
