"""The kiosk's program: window, devices and activities, put together and started."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from appliance.domain.errors import DomainError
from appliance.kiosk.begin_page import BeginPage, is_to_begin, show_begin_page
from appliance.kiosk.checkup import Checkup
from appliance.kiosk.counter import build_counter
from appliance.kiosk.devices import SCAN_AGAIN, Devices, ScannerWatch, build_devices
from appliance.kiosk.first_page import first_page, show_first_page
from appliance.kiosk.panel import to_fingers
from appliance.kiosk.rescue import AGAIN, Rescue, begin_anew, show_trouble, try_to_write
from appliance.kiosk.second import FIRST_LOOK_SECONDS, build_keeping
from appliance.machine.computer import Computer
from appliance.machine.hardware import ROOT
from appliance.machine.keyring import KeyringError
from appliance.machine.notify import ALIVE, READY, Supervisor
from appliance.machine.terminal import deafen
from appliance.settings import Settings, SettingsError, load
from appliance.storage.database import Database
from appliance.storage.errors import StorageError
from appliance.ui.counter import Counter
from appliance.ui.guard import Watcher
from appliance.ui.sounds import Sounds
from appliance.ui.window import WindowPlan, configure
from drivers.devices import Scan, ScanRejected
from drivers.hotplug import HotplugMonitor

if TYPE_CHECKING:
    from appliance.ui.app import TillApp


STDIN: Final = 0
"""The virtual terminal, on a card."""

log = logging.getLogger("appliance.kiosk")


def connect(app: TillApp, devices: Devices, counter: Counter, stack: ExitStack) -> None:
    """Start the devices; from here on they call the app, each on its own thread."""

    def on_scan(scan: Scan | ScanRejected) -> None:
        if isinstance(scan, Scan):
            app.scan(scan.text, scan.symbology)
        else:
            log.warning("A scan was refused: %s", scan.reason)
            app.reject_scan(SCAN_AGAIN)

    counter.printing.start()
    stack.callback(counter.printing.stop)
    devices.scanner.start(on_scan, lambda _present: app.notice())
    stack.callback(devices.scanner.stop)
    if devices.display is not None:
        devices.display.start(lambda _present: None)
        stack.callback(devices.display.stop)
    if devices.panel is not None:
        devices.panel.start(to_fingers(app.fingers), lambda _present: None)
        stack.callback(devices.panel.stop)


def watcher_of(supervisor: Supervisor) -> Watcher:
    """What the window tells whom systemd set to watch it; once it is there, its terminal hears no key any more."""

    def ready() -> None:
        deafen(STDIN)
        supervisor.tell(READY)

    return Watcher(ready, lambda: supervisor.tell(ALIVE), supervisor.feed_seconds)


def run(settings: Settings, remote: Path | None, place: tuple[int, int] | None, root: Path = ROOT) -> int:
    """Build everything, show the screen, and go on until stopped."""
    plan = WindowPlan(
        settings.screen.width,
        settings.screen.height,
        f"Gapless, {settings.till.name}",
        is_kiosk=settings.screen.touch == "panel",
        place=place,
        rotation=settings.screen.rotation,
    )
    configure(plan)
    computer = Computer.of(settings.till.keys_file, settings.till.data, root)
    rescue = Rescue(settings, computer, watcher_of(Supervisor.of(os.environ, os.getpid())))
    try:
        database = rescue.open()
    except StorageError as error:
        trouble = rescue.words(error)
        if trouble is None:
            raise
        return show_trouble(rescue, trouble, plan, remote)
    return sell(settings, computer.with_journal_in(database.path.parent), database, plan, remote, rescue)


def sell(
    settings: Settings,
    computer: Computer,
    database: Database,
    plan: WindowPlan,
    remote: Path | None,
    rescue: Rescue,
) -> int:
    """Put the till together on its file, and go on until stopped."""
    from appliance.ui.app import Outside, TillApp  # noqa: PLC0415  # opens the window, so not before configure

    with ExitStack() as stack:
        stack.callback(database.close)
        checkup = stack.enter_context(Checkup(database.path, computer.clock.now))
        hotplug = HotplugMonitor()
        hotplug.start()
        stack.callback(hotplug.stop)
        devices = build_devices(settings, hotplug)
        stack.callback(devices.printer.close)
        # The print thread starts once the app is there to be told.
        apps: list[TillApp] = []

        def notice() -> None:
            for app in apps:
                app.notice()

        def stop(code: int) -> None:
            apps[0].stop(code)

        keeping = build_keeping(settings, computer, database, notice)
        if keeping is not None:
            keeping.start()
            stack.callback(keeping.stop)
            keeping.wait_for_first_look(FIRST_LOOK_SECONDS)
        counter = build_counter(settings, computer, database, devices, notice, keeping)
        counter.selling.resume()
        watch = ScannerWatch(lambda: devices.scanner.present, time.monotonic)
        outside = Outside(
            changed=_changes(database, counter),
            scanner_present=watch,
            play=Sounds(settings.sound.volume),
            remote=remote,
            watcher=rescue.watcher,
            trouble=lambda: rescue.words(database.failure or checkup.failure),
            on_trouble=rescue.keys(
                lambda: try_to_write(database) and checkup.failure is None,
                stop,
                lambda: counter.selling.cashier,
                lambda: rescue.words(database.failure or checkup.failure),
            ),
        )
        app = TillApp(counter, plan, settings.screen.theme, outside)
        apps.append(app)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: app.stop())

        def ready() -> None:
            watch.begin()
            connect(app, devices, counter, stack)

        return app.run(ready)


def _changes(database: Database, counter: Counter) -> Callable[[], bool]:
    """Whether another program, or the print thread, wrote since the last question."""
    seen = database.version()

    def changed() -> bool:
        nonlocal seen
        version = database.version()
        is_new, seen = version != seen, version
        if is_new and counter.timekeeping is not None:
            counter.timekeeping.listen()
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
    parser.add_argument("--hardware-root", type=Path, default=ROOT, help="where /proc and /sys are: tests")
    arguments = parser.parse_args()
    place = tuple(arguments.place) if arguments.place else None
    os.umask(0o007)  # what the till writes is its own: names, books and PIN hashes are nobody else's
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger("kivy").setLevel(logging.WARNING)
    try:
        page = first_page(arguments.settings, os.environ)
        if page is not None:
            watcher = watcher_of(Supervisor.of(os.environ, os.getpid()))
            code = show_first_page(page, os.environ, arguments.remote, place, watcher)
        elif is_to_begin(arguments.settings, os.environ):
            watcher = watcher_of(Supervisor.of(os.environ, os.getpid()))
            begin = BeginPage(load(arguments.settings), os.environ)
            code = show_begin_page(begin, arguments.remote, place, watcher)
        else:
            code = run(load(arguments.settings), arguments.remote, place, arguments.hardware_root)
    except (SettingsError, KeyringError, DomainError) as error:
        log.error("%s", error)
        return 78
    except StorageError as error:
        log.error("%s", error)
        return 1
    if code == AGAIN:
        begin_anew()
    return code


if __name__ == "__main__":
    sys.exit(main())
