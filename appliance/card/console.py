"""``console open|close``: the second virtual terminal comes to the front with a keyboard, and goes again.

A keyboard that was not paired types nothing on this till (60-till-usb.rules); while a technician is in, it does.
"""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import sys
import time
from contextlib import suppress
from typing import Final

from appliance.card.credentials import CommandError, run_command
from appliance.card.places import Places

TERMINAL: Final = 2
_KIOSKS: Final = 1
_VT_ACTIVATE: Final = 0x5606
_VT_WAITACTIVE: Final = 0x5607
_VT_DISALLOCATE: Final = 0x5608
_PATIENCE_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.2
_HUMAN: Final = "03"
_AGAIN: Final = ("udevadm", "trigger", "--action=add", "--subsystem-match=usb", "--subsystem-match=input")

log = logging.getLogger("appliance.card")


def let_keyboards_in(places: Places) -> list[str]:
    """Give each input device on USB that was put out its driver; which ones."""
    (places.console / "keyboards").touch()  # usb-put-out leaves them alone while this is there
    found = []
    for interface in sorted((places.root / "sys/bus/usb/devices").glob("*:*")):
        with suppress(OSError):
            is_human = (interface / "bInterfaceClass").read_text("ascii").strip() == _HUMAN
            if is_human and (interface / "authorized").read_text("ascii").strip() == "0":
                (interface / "authorized").write_text("1")
                (places.root / "sys/bus/usb/drivers_probe").write_text(interface.name)
                found.append(interface.name)
    return found


def put_keyboards_out(places: Places) -> None:
    """Judge all input devices anew, as if they had just been plugged in."""
    (places.console / "keyboards").unlink(missing_ok=True)
    run_command(list(_AGAIN))


def to_front(terminal: int) -> None:
    """Show a virtual terminal (ioctl_vt: VT_ACTIVATE)."""
    _ask((_VT_ACTIVATE, _VT_WAITACTIVE), terminal)


def take_away(terminal: int) -> None:
    """Let a virtual terminal be gone that is not shown (ioctl_vt: VT_DISALLOCATE).

    To one that is there any key could switch, the scanner's too, while no kiosk holds the screen. systemd lets it go
    when the shell ends (TTYVTDisallocate), in vain: it is shown then. Who had it open may still hold it for a moment.
    """
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return _ask((_VT_DISALLOCATE,), terminal)
        except OSError as error:
            if error.errno != errno.EBUSY or time.monotonic() > end:
                raise
        time.sleep(_LOOK_SECONDS)


def _ask(requests: tuple[int, ...], terminal: int) -> None:
    descriptor = os.open("/dev/tty0", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        for request in requests:
            fcntl.ioctl(descriptor, request, terminal)
    finally:
        os.close(descriptor)


def main(arguments: list[str]) -> int:
    """Open or close; a keyboard or a screen that does not obey is told, and the rest is done."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    if arguments not in (["open"], ["close"]):
        sys.stderr.write("usage: python -m appliance.card console open|close\n")
        return 2
    places, is_open = Places(), arguments == ["open"]
    try:
        if is_open:
            log.info("The technician's console opens; keyboards: %s", let_keyboards_in(places) or "none new")
        else:
            log.info("The technician's console closes.")
            put_keyboards_out(places)
        to_front(TERMINAL if is_open else _KIOSKS)
        if not is_open:
            take_away(TERMINAL)
    except (CommandError, OSError) as error:
        log.warning("%s", error)
    return 0
