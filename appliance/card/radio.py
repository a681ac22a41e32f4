"""``radio``: which Wi-Fis are heard here, for the list on a new till's screen. None is joined for it.

The kiosk wishes it (till-radio.path); it has no network itself, not even to listen. Asked is the wpa_supplicant that
runs for the settings' own Wi-Fi, or one that is started for this and ends with the service.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Callable
from typing import Final

from appliance.card.credentials import CommandError, run_command
from appliance.card.disk import Disk
from appliance.card.places import Places
from appliance.card.records import keep_record

INTERFACE: Final = "wlan0"
LISTEN_SECONDS: Final = 20.0
LOOK_SECONDS: Final = 1.0
MOST: Final = 40
WISH: Final = "radio"
"""The kiosk's file, and the name of what answers it beside the settings."""
_ESCAPE: Final = re.compile(rb"\\(x[0-9a-fA-F]{2}|.)")
_SIGNS: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"e": b"\x1b"}
_WITH_PASSWORD: Final = re.compile(r"PSK|SAE")

Run = Callable[[list[str]], bytes]

log = logging.getLogger("appliance.card")


def names_in(said: str) -> list[str]:
    """The names of Wi-Fis that a till can join, the nearest first.

    That is WPA with a password: not those without one, and none that want a company's login. Hidden ones have no name.

    Args:
        said: by ``wpa_cli scan_results``: a head, then address, frequency, signal (dBm), ways and name of each.
    """
    nearest: dict[str, int] = {}
    for line in said.splitlines():
        fields = line.split("\t", 4)
        if len(fields) == 5 and _WITH_PASSWORD.search(fields[3]) and re.fullmatch(r"-?\d+", fields[2]):
            name, signal = _name(fields[4]), int(fields[2])
            if name.strip():
                nearest[name] = max(signal, nearest.get(name, signal))
    return sorted(nearest, key=lambda name: (-nearest[name], name))[:MOST]


def _name(text: str) -> str:
    r"""As wpa_cli writes what is no plain letter: ``\xc3\xa9`` for é; "" for what is no UTF-8, or cannot be typed."""
    plain = _ESCAPE.sub(_sign, text.encode())
    try:
        name = plain.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return name if name.isprintable() else ""


def _sign(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code[1:], 16)]) if code[:1] == b"x" and len(code) == 3 else _SIGNS.get(code, code)


def listen(
    places: Places, run: Run, seconds: Callable[[], float], sleep: Callable[[float], None]
) -> list[str]:
    """Listen, for as long as nothing is heard.

    Raises:
        CommandError: there is no radio, or it does not listen.
    """
    own = places.root / "run/till-radio"
    joined = places.root / "run/wpa_supplicant"
    folder = joined if (joined / INTERFACE).exists() else own
    if folder == own:
        run(["wpa_supplicant", "-B", "-i", INTERFACE, "-C", str(own)])
    # Its own end of the line goes there too: services do not see each other's /tmp.
    ask = ["wpa_cli", "-p", str(folder), "-s", str(folder), "-i", INTERFACE]
    end, names = seconds() + LISTEN_SECONDS, list[str]()
    while not names and seconds() < end:
        run([*ask, "scan"])  # "FAIL-BUSY" where it is at it already: that is as good
        for _look in range(4):
            sleep(LOOK_SECONDS)
            names = names_in(run([*ask, "scan_results"]).decode(errors="replace")) or names
    return names


def main(arguments: list[str]) -> int:
    """Listen, and write down what was heard; 1 if it cannot listen: then nothing was."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    if arguments:
        sys.stderr.write("usage: python -m appliance.card radio\n")
        return 2
    places, code = Places(), 0
    names: list[str] = []
    try:
        names = listen(places, run_command, time.monotonic, time.sleep)
    except CommandError as error:
        log.warning("Nothing can be heard: %s", error)
        code = 1
    keep_record(Disk(), places.heard, {"names": names}, mode=0o644)
    return code
