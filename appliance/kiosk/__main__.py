"""The kiosk's program: window, devices and activities, put together and started."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from appliance.domain.errors import DomainError
from appliance.kiosk.counter import build_counter
from appliance.kiosk.devices import Devices, ScannerWatch, build_devices
from appliance.machine.computer import Computer
from appliance.machine.keyring import KeyringError
from appliance.settings import Settings, SettingsError, load
from appliance.storage.database import Database
from appliance.storage.errors import StorageError
from appliance.ui.counter import Counter
from appliance.ui.sounds import Sounds
from appliance.ui.window import WindowPlan, configure
from drivers.devices import Scan, ScanRejected
from drivers.hotplug import HotplugMonitor
from drivers.touch_decoding import Touch, TouchDown, TouchMove

if TYPE_CHECKING:
    from appliance.ui.app import TillApp

SCAN_AGAIN: Final = "That scan arrived in pieces. Scan it again."

log = logging.getLogger("appliance.kiosk")


def connect(app: TillApp, devices: Devices, counter: Counter, stack: ExitStack) -> None:
    """Start the devices; from here on they call the app, each on its own thread."""

    def on_scan(scan: Scan | ScanRejected) -> None:
        if isinstance(scan, Scan):
            app.scan(scan.text, scan.symbology)
        else:
            log.warning("A scan was refused: %s", scan.reason)
            app.reject_scan(SCAN_AGAIN)

    def on_touch(touch: Touch) -> None:
        fingers = app.fingers
        match touch:
            case TouchDown():
                fingers.down(touch.slot, touch.x, touch.y)
            case TouchMove():
                fingers.move(touch.slot, touch.x, touch.y)
            case _ if touch.cancelled:
                # The panel lost it: the finger may still be there. Slide off the key, so that nothing is tapped.
                fingers.move(touch.slot, -1, -1)
                fingers.up(touch.slot, -1, -1)
            case _:
                fingers.up(touch.slot, touch.x, touch.y)

    counter.printing.start()
    stack.callback(counter.printing.stop)
    devices.scanner.start(on_scan, lambda _present: app.notice())
    stack.callback(devices.scanner.stop)
    if devices.panel is not None:
        devices.panel.start(on_touch, lambda _present: None)
        stack.callback(devices.panel.stop)


def run(settings: Settings, remote: Path | None, place: tuple[int, int] | None) -> int:
    """Build everything, show the screen, and go on until stopped."""
    plan = WindowPlan(
        settings.screen.width,
        settings.screen.height,
        f"Gapless, {settings.till.name}",
        is_kiosk=settings.screen.touch == "panel",
        place=place,
    )
    configure(plan)
    from appliance.ui.app import Outside, TillApp  # noqa: PLC0415  # opens the window, so not before configure

    with ExitStack() as stack:
        computer = Computer.of(settings.till.keys_file)
        database = Database.open(settings.database, now=computer.clock.now)
        stack.callback(database.close)
        hotplug = HotplugMonitor()
        hotplug.start()
        stack.callback(hotplug.stop)
        devices = build_devices(settings, hotplug)
        stack.callback(devices.printer.close)
        # The print thread starts once the app is there to be told.
        apps: list[TillApp] = []

        def notice() -> None:
            apps[0].notice()

        counter = build_counter(settings, computer, database, devices, notice)
        counter.selling.resume()
        watch = ScannerWatch(lambda: devices.scanner.present, time.monotonic)
        outside = Outside(
            changed=_changes(database),
            scanner_present=watch,
            play=Sounds(settings.sound.volume),
            remote=remote,
        )
        app = TillApp(counter, plan, settings.screen.theme, outside)
        apps.append(app)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: app.stop())

        def ready() -> None:
            watch.begin()
            connect(app, devices, counter, stack)

        return app.run(ready)


def _changes(database: Database) -> Callable[[], bool]:
    """Whether another program, or the print thread, wrote since the last question."""
    seen = database.version()

    def changed() -> bool:
        nonlocal seen
        version = database.version()
        is_new, seen = version != seen, version
        return is_new

    return changed


def main() -> int:
    """Run until a signal; 78 (a mistake in the settings) must not be restarted for ever."""
    parser = argparse.ArgumentParser(prog="kiosk", description="Gapless: the till's screen")
    parser.add_argument("--settings", type=Path, required=True, help="the till's till.toml")
    parser.add_argument(
        "--remote", type=Path, help="a socket for a hand from outside: demonstrations and tests"
    )
    parser.add_argument(
        "--place", type=int, nargs=2, metavar=("LEFT", "TOP"), help="where its window goes on a desktop"
    )
    arguments = parser.parse_args()
    place = tuple(arguments.place) if arguments.place else None
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger("kivy").setLevel(logging.WARNING)
    try:
        return run(load(arguments.settings), arguments.remote, place)
    except (SettingsError, KeyringError, DomainError) as error:
        log.error("%s", error)
        return 78
    except StorageError as error:
        log.error("%s", error)
        return 1


if __name__ == "__main__":
    sys.exit(main())
