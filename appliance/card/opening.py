"""``open``: comes before the data partition is checked and mounted, where a board has a key or a card is encrypted.

A new card in a board with a key becomes an encrypted one (``sealing``); such a card is opened at each start; a plain
one is left as it is. A card that cannot be opened is never made anew: the screen says so.
"""

from __future__ import annotations

import enum
import logging
import pwd
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from appliance.card.board_key import is_set, passphrase
from appliance.card.credentials import CommandError, run_command
from appliance.card.disk import Disk, forget, keep, make_folders
from appliance.card.growing import partition_at
from appliance.card.places import Places
from appliance.card.sealing import Found, Sealing
from appliance.machine.hardware import board_number

DEVICE: Final = "/dev/disk/by-partuuid/6a1e55ed-04"

_BOARD: Final = """

Only the Raspberry Pi that it was made in can read it: put it back there.
Is that one broken? Begin with a new card, from the stick."""
NO_KEY: Final = "This memory card is encrypted, and this Raspberry Pi has no key." + _BOARD
OTHER_KEY: Final = "This memory card is encrypted, and this is another Raspberry Pi." + _BOARD
NOT_OPENED: Final = """This memory card is encrypted, and cannot be read.

Take the power away, wait ten seconds, and give it back. If this page
comes again: keep the card, and begin with a new one, from the stick."""
NOT_MADE: Final = """This memory card could not be encrypted. No sale is on it yet.

Take the power away, wait ten seconds, and give it back. If this page
comes again, flash another card."""

log = logging.getLogger("appliance.card")


class Does(enum.Enum):
    """What is to be done."""

    LEAVE = "leave it"
    SEAL = "encrypt it"
    FINISH = "open it, or encrypt it again"
    OPEN = "open it"
    REFUSE = "refuse it"


class OpeningError(Exception):
    """The partition cannot be used. The text is what the screen says, line by line."""


def decide(found: Found, *, has_key: bool) -> Does:
    """What is done with a partition on this board."""
    if found is Found.PLAIN or (found is Found.NEW and not has_key):
        return Does.LEAVE
    if not has_key:
        return Does.REFUSE
    return {Found.NEW: Does.SEAL, Found.BEGUN: Does.FINISH, Found.SEALED: Does.OPEN}[found]


def open_data(sealing: Sealing, key: str, board: str) -> None:
    """Look, decide, and do it.

    Args:
        key: the board's, in hexadecimal; "" or zeros for none.
        board: its number.

    Raises:
        OpeningError: the partition cannot be used.
    """
    has_key, found = is_set(key), sealing.look()
    what = decide(found, has_key=has_key)
    words = "a key" if has_key else "no key"
    log.info("The data partition is %s, the board has %s: %s", found.value, words, what.value)
    if what is Does.LEAVE:
        return
    if what is Does.REFUSE:
        raise OpeningError(NO_KEY)
    secret = passphrase(key, board)
    try:
        if what is Does.OPEN:
            sealing.open(secret)
        elif what is Does.SEAL or not sealing.finish(secret):
            sealing.seal(secret)
    except (CommandError, OSError) as error:
        log.warning("That failed: %s", error)
        raise OpeningError(_words(what, str(error))) from error


def _words(what: Does, said: str) -> str:
    if what is not Does.OPEN:
        return NOT_MADE
    return OTHER_KEY if "No key available" in said else NOT_OPENED


def main(arguments: list[str]) -> int:
    """Open it, with the board's key as it is typed; 1 if it cannot be used: then a file has words for the screen."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    if arguments:
        sys.stderr.write("usage: python -m appliance.card open <KEY\n")
        return 2
    places, disk = Places(), Disk()
    found, person = partition_at(str(Path(DEVICE).resolve())), pwd.getpwnam("till")
    if found is None:
        return 0  # there is none, or it is no card: what would mount it says so
    device, whole = f"/dev/{found.name}", f"/dev/{found.disk}"
    sealing = Sealing(device, whole, found.number, places.root, _run, (person.pw_uid, person.pw_gid))
    try:
        open_data(sealing, sys.stdin.readline().strip(), board_number())
    except OpeningError as error:
        make_folders(disk, places.run, 0o755)
        keep(disk, places.no_data, f"{error}\n".encode(), 0o644)
        return 1
    forget(disk, places.no_data)
    return 0


def _run(command: list[str], typed: bytes, environment: Mapping[str, str]) -> bytes:
    return run_command(command, typed, environment)
