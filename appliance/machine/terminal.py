"""The virtual terminal that the till's screen stands on: it takes no keys."""

from __future__ import annotations

import errno
import fcntl
import logging
from typing import Final

_SET_KEYBOARD_MODE: Final = 0x4B45
_OFF: Final = 4
"""KDSKBMODE and K_OFF of <linux/kd.h>."""
_NO_VIRTUAL_TERMINAL: Final = (errno.ENOTTY, errno.EINVAL, errno.EBADF)

log = logging.getLogger("appliance.machine")


def deafen(terminal: int) -> None:
    """Keep what any keyboard types from the virtual terminal behind this file descriptor, for as long as it is ours.

    What is typed there would reach the program as a terminal's keys do: Ctrl and a backslash end it, Alt and a function
    key show another terminal. SDL does the same, but only if there was a keyboard when it began: in a sandbox without
    the kernel's messages it never learns of one that came later, and its terminal hears. So this comes after SDL has
    begun, which sets the terminal to hear. Where there is no virtual terminal, as on a desktop, it does nothing.
    """
    try:
        fcntl.ioctl(terminal, _SET_KEYBOARD_MODE, _OFF)
    except OSError as error:
        if error.errno not in _NO_VIRTUAL_TERMINAL:
            log.warning("Keys can still reach the terminal: %s", error)
