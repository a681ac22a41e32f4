"""Somebody at the counter: strange keyboards, plugs and sticks get them nowhere, and there is no way to log in.

Beside what must not work the scene tries what must: else nobody would know that it was tried.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from PIL.Image import Image

from image.machine.counter import KIOSK, Counter, good
from image.machine.errors import SceneError
from image.machine.keyboard import MATCH, press, scan
from image.machine.screen import difference
from image.machine.stick import Stick
from image.machine.usb_keyboard import KeyboardIdentity, UsbKeyboard
from image.machine.visitors import Visitors
from image.scenes.at_the_till import sign_in_anew

SETTLE_SECONDS: Final = 8.0
"""Until udev has judged what was plugged in, on an emulated computer."""
PATIENCE_SECONDS: Final = 120.0
REST_SECONDS: Final = 180.0
BELOW_HEADER: Final = ((0, 50, 800, 480),)
KEYS: Final = (("alt", "f2"), ("ctrl", "alt", "f3"), ("ctrl", "alt", "delete"), ("alt", "sysrq", "b"))
"""Another console, off and on again, and the kernel's own key to do so at once."""
SOMEBODY: Final = KeyboardIdentity()
LIAR: Final = KeyboardIdentity(subclass=0, protocol=0, name="Touch panel")
CLONE: Final = KeyboardIdentity(int(MATCH[:4], 16), int(MATCH[5:], 16), name="Scanner")
STRANGERS: Final = {"usb-net": "02 0a", "usb-audio": "01 01", "usb-ccid": "0b", "usb-mtp": "06"}
"""QEMU's devices without a role, with the classes of their interfaces."""
_ASK_MODE: Final = (
    "import array, fcntl; mode = array.array('i', [9]); "
    "fcntl.ioctl(open('/dev/tty1', 'rb', buffering=0), 0x4B44, mode); print(mode[0])"
)
CARDS_ID: Final = "0x6a1e55ed"


def play(counter: Counter) -> None:
    """Keys, plugs, consoles, packets in, packets out, files."""
    sign_in_anew(counter)
    counter.screen.wait_settled(REST_SECONDS, BELOW_HEADER)
    shell = counter.machine.shell
    boot = shell.run("cat /proc/sys/kernel/random/boot_id")
    terminal_is_deaf(counter)
    with visitors(counter) as there:
        keyboards(counter, there)
        strangers(counter, there)
        sticks(counter, there)
    scanner_out_of_its_mind(counter)
    no_way_to_log_in(counter)
    nothing_can_be_written(counter)
    if shell.run("cat /proc/sys/kernel/random/boot_id") != boot:
        raise SceneError("The till started again.")
    counter.sell(good("340"))
    counter.keep("After all of it: a sale")


@contextmanager
def visitors(counter: Counter) -> Iterator[Visitors]:
    """Somebody with a bag full of devices, who takes them along again."""
    there = Visitors(counter.machine.qmp, counter.machine.folder)
    try:
        yield there
    finally:
        there.pull_all()


# -- at the counter


def keyboards(counter: Counter, there: Visitors) -> None:
    """One that says what it is, one that does not, and one with the numbers of the scanner: none types anything."""
    for name, identity in {"keyboard": SOMEBODY, "liar": LIAR, "clone": CLONE}.items():
        before = counter.screen.picture()
        keyboard = UsbKeyboard(there.socket(name), identity)
        keyboard.plug()
        end = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < end:  # from the first moment on: the kernel is quicker than any rule
            for keys in KEYS:
                keyboard.press(*keys)
        keyboard.type("1209")
        time.sleep(2)
        counter.album.figure(f"Reports of the {name} that the kernel took", str(keyboard.heard))
        wait_for(counter, "03=1" if name == "clone" else "03=0", f"The {name}")
        nothing_happened(counter, f"the {name}", before)
        if name == "keyboard" and keyboard.heard:
            raise SceneError(f"The keyboard was let in: the kernel took {keyboard.heard} reports.")
        keyboard.unplug()
        there.pull(name)
    counter.keep("Three keyboards typed: the screen is as before")


def terminal_is_deaf(counter: Counter) -> None:
    """No key reaches the till's terminal, whatever the rules let in and however quickly they put it out again.

    Raises:
        SceneError: keys do (KDGKBMODE says anything but K_OFF).
    """
    mode = counter.machine.shell.run(f'python3 -IS -c "{_ASK_MODE}"').strip()
    if mode != "4":
        raise SceneError(f"Keys reach the till's terminal: its keyboard mode is {mode}.")


def nothing_happened(counter: Counter, who: str, before: Image | None = None) -> None:
    """The console and the machine are as they were, and the screen, if there is a picture to compare it with.

    Raises:
        SceneError: they are not.
    """
    if console := active_console(counter):
        raise SceneError(f"By {who} the console changed to {console}.")
    if not counter.machine.is_on:
        raise SceneError(f"By {who} the computer went off.")
    share = 0.0 if before is None else difference(counter.screen.picture(), before, BELOW_HEADER)
    if share > 0.002:
        raise SceneError(f"By {who} {share:.1%} of the screen changed.")


def active_console(counter: Counter) -> str:
    """The console that is shown, "" for the till's."""
    name = counter.machine.shell.run("cat /sys/class/tty/tty0/active").strip()
    return "" if name == "tty1" else name


def interfaces(counter: Counter) -> str:
    """Behind the hub: the class of each interface, and whether it was let in: "03=0 0a=1"."""
    look = 'for i in /sys/bus/usb/devices/1-4.*:*; do echo "$(cat $i/bInterfaceClass)=$(cat $i/authorized)"; done'
    return " ".join(counter.machine.shell.run(look).split())


def strangers(counter: Counter, there: Visitors) -> None:
    """A network adapter, a sound card, a reader of smart cards, a telephone: no driver, and no network."""
    shell = counter.machine.shell
    counter.machine.qmp.monitor("audiodev none,id=none")
    for driver, classes in STRANGERS.items():
        options = {"rootdir": str(counter.folder)} if driver == "usb-mtp" else {}
        before = shell.run("ls /sys/class/net").split()
        there.plug(driver, driver, **options)
        wanted = " ".join(f"{each}=0" for each in classes.split())
        wait_for(counter, wanted, driver)
        time.sleep(SETTLE_SECONDS / 4)
        if (now := shell.run("ls /sys/class/net").split()) != before or interfaces(counter) != wanted:
            raise SceneError(f"{driver} was let in: {interfaces(counter)}, networks {now}.")
        there.pull(driver)
    counter.machine.qmp.ask("chardev-add", id="cable", backend={"type": "null", "data": {}})
    there.plug("usb-serial", "cable", chardev="cable", always_plugged=True)
    wait_for(counter, "ff=1", "A serial cable, which has a role,")
    look = "stat -c '%a %G' /dev/ttyUSB0"
    found = shell.run(
        f"for n in $(seq 60); do {look} | grep -q dialout && break; sleep 1; done; {look}"
    ).strip()
    if found != "660 dialout":
        raise SceneError(f"The serial cable's device is {found}.")
    there.pull("cable")
    counter.album.figure("Devices without a role that were refused", ", ".join(STRANGERS))


def wait_for(counter: Counter, wanted: str, what: str) -> None:
    """Wait until the interfaces are as they should be.

    Raises:
        SceneError: they do not become so.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    while (found := interfaces(counter)) != wanted:
        if time.monotonic() > end:
            raise SceneError(f"{what} should be {wanted}, it is {found}.")
        time.sleep(0.5)


def sticks(counter: Counter, there: Visitors) -> None:
    """One that is a stick, and one with the card's own numbers."""
    shell, script = counter.machine.shell, counter.folder / "run-me.sh"
    script.write_text("#!/bin/sh\necho it ran\n", encoding="utf-8")
    script.chmod(0o4755)
    for kind in ("vfat", "ext4"):
        file = Stick(counter.folder / f"{kind}.stick").make([script], kind).path
        there.stick(kind, file)
        options = wait_for_stick(counter)
        if missing := {"nosuid", "nodev", "noexec"} - set(options.split(",")):
            raise SceneError(f"The {kind} stick is mounted without {missing}: {options}")
        if "it ran" in shell.ask("/media/till/run-me.sh")[1]:
            raise SceneError("A program on a stick was run.")
        shell.run("setpriv --reuid=till --regid=till --init-groups touch /media/till/sale && sync")
        there.pull(kind)
        shell.run("for n in $(seq 60); do findmnt /media/till >/dev/null || break; sleep 1; done")
    evil = counter.folder / "evil.stick"
    Stick(evil).make([script], "ext4")
    mark_as_card(evil)
    there.stick("evil", evil)
    wait_for(counter, "08=1", "A stick with the card's numbers")
    time.sleep(SETTLE_SECONDS)
    names = shell.run("readlink /dev/disk/by-partuuid/*").split()
    if any("sd" in name for name in names):
        raise SceneError(f"A stick with the card's numbers took its names: {' '.join(names)}.")
    there.pull("evil")


def wait_for_stick(counter: Counter) -> str:
    """The options of the stick's mount.

    Raises:
        SceneError: it is not mounted.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    while (found := counter.machine.shell.ask("findmnt -rno OPTIONS /media/till"))[0]:
        if time.monotonic() > end:
            raise SceneError(f"The stick is not mounted: {interfaces(counter)}.")
        time.sleep(0.5)
    return found[1].strip()


def mark_as_card(stick: Path) -> None:
    """Write the card's disk number on a stick, which anybody can look up in our sources."""
    with stick.open("r+b") as file:
        file.seek(440)
        file.write(int(CARDS_ID, 16).to_bytes(4, "little"))


def scanner_out_of_its_mind(counter: Counter) -> None:
    """A barcode may set a scanner up to send any keys: also the paired one gets nowhere with them, kiosk or none."""
    for keys in KEYS:
        press(counter.machine.qmp, *keys)
    time.sleep(2)
    nothing_happened(counter, "the scanner")  # the screen may say that a scan came in pieces
    shell = counter.machine.shell
    shell.run(
        f"systemctl kill --signal=STOP {KIOSK}"
    )  # it hangs, and holds the scanner and the console all the same
    for keys in KEYS:
        press(counter.machine.qmp, *keys)
    time.sleep(1)
    shell.run(f"systemctl kill --signal=CONT {KIOSK}")
    nothing_happened(counter, "the scanner of a till that hangs")
    shell.run(f"systemctl stop {KIOSK}")
    for keys in KEYS:
        press(counter.machine.qmp, *keys)
    scan(counter.machine.qmp, "root")
    time.sleep(2)
    if console := active_console(counter):
        raise SceneError(f"While the kiosk was off, the scanner changed the console to {console}.")
    start = time.monotonic()
    shell.run(f"systemctl start {KIOSK}", counter.machine.arch.boot_seconds)
    counter.album.figure("The kiosk started again", f"{time.monotonic() - start:.0f} s, emulated")
    sign_in_anew(counter)


def no_way_to_log_in(counter: Counter) -> None:
    """No password, no program that asks for one, nothing that listens."""
    shell = counter.machine.shell
    open_names = shell.run("awk -F: '$2 !~ /^[!*]/ { print $1 }' /etc/shadow").split()
    units = shell.run(
        "systemctl list-units --all --no-legend --plain '*getty*' '*login*' '*ssh*' debug-shell.service "
        "emergency.service rescue.service | awk '$3 == \"active\" { print $1 }'"
    ).split()
    asking = shell.ask("grep -hsE 'getty|login|sshd|telnetd|dropbear' /proc/[0-9]*/comm")[1].split()
    heard = [
        line
        for line in shell.run("ss -Htuln").splitlines()
        if not any(each in line for each in ("127.0.0.5", ":68 ", "]:546 "))
    ]
    if open_names or units or asking or heard:
        raise SceneError(f"There is a way in: {open_names} {units} {asking} {heard}")


# -- files


def nothing_can_be_written(counter: Counter) -> None:
    """The system is read only for everybody; the till's users write in the till's folder alone."""
    shell = counter.machine.shell
    places = ("/", "/etc", "/usr/lib/gapless", "/usr/lib/systemd/system", "/boot/firmware", "/root", "/home")
    for place in places:
        if not shell.ask(f"touch {place}/x")[0]:
            raise SceneError(f"Root can write to {place}.")
    if not shell.ask("mount -o remount,rw / && touch /etc/x")[0]:
        raise SceneError("The system can be made writable.")
    for user, folder in (("till", "/data/system"), ("till-sync", "/run/till"), ("till", "/var")):
        if not shell.ask(f"setpriv --reuid={user} --regid=till --init-groups touch {folder}/x")[0]:
            raise SceneError(f"{user} can write to {folder}.")
    options = shell.run("findmnt -rno OPTIONS /data").strip().split(",")
    if missing := {"nosuid", "nodev", "noexec", "noatime", "errors=remount-ro"} - set(options):
        raise SceneError(f"/data is mounted without {', '.join(sorted(missing))}.")
    shell.run("setpriv --reuid=till --regid=till --init-groups touch /var/lib/till/x && rm /var/lib/till/x")
