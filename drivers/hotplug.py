"""Tells drivers that something was plugged or pulled, in a thread of its own.

It says only that a subsystem changed: whoever hears it looks again at what is there. So a lost or doubled
notice does no harm, and a device that udev never announced is found all the same by looking at the directory
once a second.
"""

from __future__ import annotations

import logging
import os
import select
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyudev

_LOG = logging.getLogger(__name__)

Listener = Callable[[], None]

# Where the nodes of a subsystem appear.
DIRECTORIES = {"input": Path("/dev/input"), "usb": Path("/dev/bus/usb"), "tty": Path("/dev/serial")}


class HotplugMonitor:
    """Calls listeners when a device of their subsystem comes or goes; one serves all drivers of a program.

    Args:
        look_seconds: How often the directories are looked at where udev is silent (no udevd, a lost message).
        directories: Where the nodes of each subsystem appear.
    """

    def __init__(self, look_seconds: float = 1.0, directories: Mapping[str, Path] | None = None) -> None:
        self._look_seconds = look_seconds
        self._directories = DIRECTORIES if directories is None else directories
        self._listeners: dict[str, list[Listener]] = {subsystem: [] for subsystem in self._directories}
        self._lock = threading.RLock()
        self._thread: threading.Thread | None = None
        self._stop_reader, self._stop_writer = -1, -1

    def listen(self, subsystem: str, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` on the monitor's thread after each change; the answer ends that.

        Args:
            subsystem: "input", "usb" or "tty".
            listener: Must be quick and must not raise: wake your own thread. Not called again once forgotten.
        """
        with self._lock:
            self._listeners[subsystem].append(listener)

        def forget() -> None:
            with self._lock:
                self._listeners[subsystem].remove(listener)

        return forget

    def start(self) -> None:
        """Start the thread; a second call does nothing."""
        if self._thread is not None:
            return
        monitor = self._udev()
        self._stop_reader, self._stop_writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        seen = {subsystem: _names(path) for subsystem, path in self._directories.items()}
        self._thread = threading.Thread(target=self._run, args=(monitor, seen), name="hotplug", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; no listener is called after the return."""
        if self._thread is None:
            return
        os.write(self._stop_writer, b"!")
        self._thread.join()
        self._thread = None
        os.close(self._stop_reader)
        os.close(self._stop_writer)

    def _udev(self) -> Any:
        """The "udev" source: its messages come after the rules ran, so the node has its permissions."""
        try:
            monitor = pyudev.Monitor.from_netlink(pyudev.Context(), source="udev")
            for subsystem in self._directories:
                monitor.filter_by(subsystem)
            monitor.start()
        except (OSError, ImportError) as error:
            _LOG.warning("udev does not answer (%s); looking at /dev once a second", error)
            return None
        return monitor

    def _run(self, monitor: Any, seen: dict[str, frozenset[str]]) -> None:
        files = [self._stop_reader] + ([monitor.fileno()] if monitor is not None else [])
        while True:
            ready = select.select(files, [], [], self._look_seconds)[0]
            if self._stop_reader in ready:
                return
            changed: set[str] = set()
            if ready:
                changed |= self._drain(monitor)
            for subsystem, path in self._directories.items():
                names = _names(path)
                if names != seen[subsystem]:
                    seen[subsystem] = names
                    changed.add(subsystem)
            self._tell(changed)

    def _drain(self, monitor: Any) -> set[str]:
        changed: set[str] = set()
        try:
            while (device := monitor.poll(timeout=0)) is not None:
                changed.add(str(device.subsystem))
        except OSError as error:  # ENOBUFS: messages were lost, so anything may have changed
            _LOG.info("udev messages were lost (%s); looking again", error)
            changed |= set(self._directories)
        return changed

    def _tell(self, changed: set[str]) -> None:
        with self._lock:  # held while they run: who has forgotten is certainly not called any more
            for subsystem in sorted(changed):
                for listener in list(self._listeners.get(subsystem, [])):
                    listener()


def _names(directory: Path) -> frozenset[str]:
    """Nodes below a directory, each with when its rights last changed (a node appears before its rights)."""
    names = set()
    for path in directory.rglob("*") if directory.is_dir() else ():
        try:
            names.add(f"{path} {path.stat().st_ctime_ns}")
        except OSError:  # gone between the listing and the look
            continue
    return frozenset(names)
