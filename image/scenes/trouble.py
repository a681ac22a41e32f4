"""The kiosk is killed and hangs, the sync service is killed, the disk fills up and locks: the till says it and goes on.

What the screen must show in trouble is drawn on this computer too, and compared.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Final

from appliance.card.health import LOCKED, SYNC
from image.machine.counter import KIOSK, STEP_SECONDS, Counter, cents, good
from image.machine.errors import SceneError
from image.machine.page import Page, see_trouble
from image.machine.twin import FIRST_SKU
from image.scenes.at_the_till import sign_in_anew
from image.scenes.network_cut import agree

DROP_IN: Final = f"/run/systemd/system/{KIOSK}.d/zz-scene.conf"
WATCHDOG_SECONDS: Final = 90
"""The card's own 30 are less than an emulated computer needs for a moment."""
FILLER: Final = "/data/filler"
LEFT_BYTES: Final = 24 << 20
"""Written to byte by byte: what can be taken at one go leaves a rest."""
MOST_SALES_ON_A_FULL_CARD: Final = 12
GOODS: Final = ("340", "347", "810", "1044", "402", "415", "921", "518", "1188", "33")
BELOW_TITLE: Final = ((0, 100, 800, 480),)
WORDS: Final = (
    "This till cannot start.",
    "Nothing is lost: all sales are on the card.",
    "Take the power away",
)
OFF_SECONDS: Final = 240.0
RELOAD_SECONDS: Final = 300.0


def play(counter: Counter) -> None:
    """One trouble after the other, on the same day."""
    counter.be_on()
    counter.inside.wait_until_all_is_started()
    sign_in_anew(counter)
    try:
        kiosk_dies(counter)
        kiosk_hangs(counter)
        sync_dies(counter)
        kiosk_cannot_start(counter)
    finally:
        if counter.machine.is_on:
            counter.machine.shell.ask(f"rm -f {DROP_IN} && systemctl daemon-reload")
    disk_is_full(counter)
    disk_is_locked(counter)
    agree(counter)


def begin_sale(counter: Counter) -> None:
    """Scan one thing."""
    counter.scan(good(FIRST_SKU))
    counter.sees("sell-one")


def finish_sale(counter: Counter) -> None:
    """Sign in and take the money for what was scanned before."""
    before = len(counter.inside.till_books().sales)
    counter.sign_in()
    counter.sees("sell-one")
    counter.tap("sell-one", "Pay")
    counter.sees("pay")
    counter.tap("pay", "Exact cash")
    counter.wait_for_sales(before + 1)
    counter.taken.append(cents(good(FIRST_SKU)))


def wait_for_another(counter: Counter, process: str, seconds: float) -> float:
    """Wait until the kiosk is ready again as another process; returns the seconds."""
    start = time.monotonic()
    while main_process(counter) in (process, "0", ""):
        if time.monotonic() - start > seconds:
            raise SceneError(f"The kiosk did not come back in {seconds:.0f} seconds.")
        time.sleep(1)
    counter.wait_until_ready(time.monotonic())
    return time.monotonic() - start


def main_process(counter: Counter) -> str:
    """The kiosk's process, "0" for none."""
    return counter.machine.shell.run(f"systemctl show -P MainPID {KIOSK}").strip()


def change_unit(counter: Counter, settings: str) -> None:
    """Change settings of the kiosk's unit, for its next start."""
    shell = counter.machine.shell
    shell.run(f"mkdir -p {DROP_IN.rpartition('/')[0]} && printf '[Service]\\n{settings}\\n' >{DROP_IN}")
    shell.run("systemctl daemon-reload", RELOAD_SECONDS)


def kiosk_dies(counter: Counter) -> None:
    """Killed in the middle of a sale: it is back by itself, with the sale."""
    begin_sale(counter)
    change_unit(counter, f"WatchdogSec={WATCHDOG_SECONDS}")
    process = main_process(counter)
    counter.machine.shell.run(f"kill -KILL {process}")
    seconds = wait_for_another(counter, process, STEP_SECONDS)
    counter.album.figure("Killed: from dead to READY", f"{seconds:.0f} s, emulated")
    finish_sale(counter)
    counter.keep("The kiosk was killed, and the sale that was begun was paid")


def kiosk_hangs(counter: Counter) -> None:
    """Stopped in the middle of a sale: the watchdog kills it, and it is back with the sale."""
    sign_in_anew(counter)
    begin_sale(counter)
    process = main_process(counter)
    counter.machine.shell.run(f"kill -STOP {process}")
    seconds = wait_for_another(counter, process, WATCHDOG_SECONDS + STEP_SECONDS)
    if counter.machine.shell.ask(f"journalctl -b -q --no-pager -o cat -u {KIOSK} | grep 'Watchdog timeout'")[
        0
    ]:
        raise SceneError("The kiosk came back, but not by its watchdog.")
    words = f"{seconds:.0f} s, with a watchdog of {WATCHDOG_SECONDS}, emulated"
    counter.album.figure("Hung: from stopped to READY", words)
    finish_sale(counter)


def sync_dies(counter: Counter) -> None:
    """Killed: it is back by itself, and the sale of meanwhile reaches the shop."""
    sign_in_anew(counter)
    counter.machine.shell.run(f"systemctl kill --signal=KILL {SYNC}")
    counter.sell(good("340"))
    agree(counter)


def kiosk_cannot_start(counter: Counter) -> None:
    """Its program is broken: after ten tries the console says so; put right, it is back without a hand."""
    change_unit(counter, 'ExecStart=\\nExecStart=/usr/bin/python3 -c "raise SystemExit(3)"')
    shell, start = counter.machine.shell, time.monotonic()
    shell.run(f"systemctl kill --signal=KILL {KIOSK}")
    while counter.inside.state_of("till-words.service") != "activating":
        if time.monotonic() - start > 4 * STEP_SECONDS:
            raise SceneError(f"Nothing was said: {counter.inside.words_of(KIOSK)}")
        time.sleep(1)
    time.sleep(3)
    said = counter.inside.plain_letters()
    counter.keep("Plain letters: the kiosk cannot start")
    if missing := [each for each in WORDS if each not in said]:
        raise SceneError(f"The console does not say {missing}: {said}")
    if shell.run("cat /sys/class/tty/tty0/active").strip() != "tty1":
        raise SceneError("The console that says so is not the one that is shown.")
    shell.run(f"rm {DROP_IN} && systemctl daemon-reload", RELOAD_SECONDS)
    start = time.monotonic()
    while counter.inside.state_of(KIOSK) != "active":
        if time.monotonic() - start > counter.machine.arch.boot_seconds:
            raise SceneError("The kiosk was put right and did not come back by itself.")
        time.sleep(1)
    counter.album.figure("Put right: to READY without a hand", f"{time.monotonic() - start:.0f} s, emulated")
    sign_in_anew(counter)


def sees_page(counter: Counter, page: Page, seconds: float = STEP_SECONDS) -> None:
    """Wait for a page of trouble, as it was drawn here; a finger that was too quick may have changed its title."""
    counter.screen.wait_for(replace(page.golden, regions=BELOW_TITLE), seconds=seconds)
    if seconds:
        counter.keep(f"The screen says: {page.words[1]}")


def disk_is_full(counter: Counter) -> None:
    """Not a byte is left: the till says so sooner or later, loses nothing, and sells on when there is room."""
    page = see_trouble("DiskFullError", counter.folder)
    shell = counter.machine.shell
    shell.run(f"fallocate -l $(($(stat -f -c '%a*%S' /data) - {LEFT_BYTES})) {FILLER}", 300)
    shell.ask(f"dd if=/dev/zero of={FILLER}.2 bs=64k; dd if=/dev/zero of={FILLER}.3 bs=512; sync", 300)
    sold = 0
    try:
        while not shows(counter, page) and sold < MOST_SALES_ON_A_FULL_CARD:
            sold += sell_if_possible(counter, GOODS[sold % len(GOODS)])
        if sold < MOST_SALES_ON_A_FULL_CARD:
            sees_page(counter, page)
    finally:
        shell.run(f"rm -f {FILLER}*; sync")
    counter.album.figure("Sales on a full card before it said so", str(sold))
    if shows(counter, page):
        counter.panel.tap(*page.keys["Try again"])
        sign_in_anew(counter)
        last = good(GOODS[sold % len(GOODS)])
        if (
            last.name in counter.inside.till_books().draft
        ):  # full after its scan, not before: it waits to be paid
            counter.pay()
            counter.taken.append(cents(last))


def shows(counter: Counter, page: Page) -> bool:
    """Whether this page is shown now."""
    try:
        sees_page(counter, page, seconds=0)
    except SceneError:
        return False
    return True


def sell_if_possible(counter: Counter, sku: str) -> int:
    """Sell one thing, as a cashier does who does not know better; 1 if it is in the books."""
    sign_in_anew(counter)
    before = len(counter.inside.till_books().sales)
    counter.scan(good(sku))
    time.sleep(3)
    counter.tap("sell-one", "Pay")
    time.sleep(3)
    counter.tap("pay", "Exact cash")
    time.sleep(5)
    if len(counter.inside.till_books().sales) == before:
        return 0
    counter.taken.append(cents(good(sku)))
    return 1


def disk_is_locked(counter: Counter) -> None:
    """The file system has an error and takes nothing more: words, off by the screen, and well at the next start."""
    page = see_trouble("ReadOnlyError", counter.folder)
    shell = counter.machine.shell
    counter.scan(good(FIRST_SKU))
    counter.sees("sell-one")
    shell.run(
        "echo 'the scene made it' >/sys/fs/ext4/$(basename $(realpath /dev/disk/by-partuuid/*-04))/trigger_fs_error"
    )
    if takes_writing(counter):
        raise SceneError("After an error of its file system /data can still be written.")
    counter.tap("sell-one", "Pay")
    time.sleep(3)
    counter.tap("pay", "Exact cash")
    sees_page(counter, page)
    shell.ask("systemctl start till-health.service", STEP_SECONDS)
    if LOCKED not in (said := shell.run("cat /run/till/health.json")):
        raise SceneError(f"The till's own look at its health does not say that the card is locked: {said}")
    counter.panel.tap(*page.keys["Switch off"])
    counter.machine.wait_off(OFF_SECONDS)
    counter.pull_devices()
    seconds = counter.switch_on()
    counter.album.figure("Off by the screen, on again: to READY", f"{seconds:.0f} s, emulated")
    if not takes_writing(counter):
        raise SceneError("The file system was not repaired at the start.")
    finish_sale(counter)
    counter.keep("On again: the sale that was begun was paid")


def takes_writing(counter: Counter) -> bool:
    """Whether /data takes anything; what mount says of it does not tell since Linux 6.12."""
    return not counter.machine.shell.ask("touch /data/written && rm /data/written")[0]
