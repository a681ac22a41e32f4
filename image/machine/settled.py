"""The technician at a till that runs: settings are changed on the card, and what reads them is started again."""

from __future__ import annotations

from typing import Final

from image.machine.counter import STEP_SECONDS, Counter
from image.machine.errors import SceneError

_BOOT: Final = "/boot/firmware"
_SETTINGS: Final = f"{_BOOT}/till.toml"


def change_settings(counter: Counter, old: str, new: str) -> None:
    """Replace a text of till.toml on the card, or put one at its end, and let the till take it in.

    Args:
        counter: whose till it is.
        old: what stands there; "" for the end.
        new: what is to stand there.

    Raises:
        SceneError: the old text is not there.
    """
    shell = counter.machine.shell
    text = shell.get(_SETTINGS).decode()
    if old not in text:
        raise SceneError(f"{old!r} does not stand in till.toml.")
    shell.run(f"mount -o remount,rw {_BOOT}")
    try:
        shell.put(_SETTINGS, (text.replace(old, new) if old else text + new).encode())
        shell.run("sync")
    finally:
        shell.run(f"mount -o remount,ro {_BOOT}")
    shell.run("systemctl restart till-setup.service", STEP_SECONDS)
