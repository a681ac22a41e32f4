"""Updates at the counter: what a technician types about them, asks for, and can see of how they ended."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from image.machine.bundles import Bundles
from image.machine.counter import Counter
from image.machine.errors import MachineError, SceneError
from image.machine.stick import Stick
from image.machine.update_server import UpdateServer

UNIT: Final = "till-update.service"
ZONE: Final = ZoneInfo("Europe/Dublin")
"""Of the counter, as the technician typed it."""
INSTALL_SECONDS: Final = 1500.0
OFF_SECONDS: Final = 600.0
STICK_SECONDS: Final = 120.0
SETUP_SECONDS: Final = 600.0
TRIAL_SECONDS: Final = 1800.0
SHELL_SECONDS: Final = 60.0
WENT_DOWN: Final = "It is started on trial, and went down before it said so."
_TRUSTED: Final = "/run/update-server.pem"


def bundles_for(counter: Counter) -> Bundles:
    """Makes new versions of the card at this counter.

    Raises:
        MachineError: nobody said which keys the card trusts.
    """
    if counter.keys is None:
        raise MachineError(
            "An update must be signed: name the folder of the keys with --keys, as for image/build."
        )
    return Bundles(counter.image, counter.keys, counter.bundles or counter.folder / "bundles")


def settle_hours(counter: Counter, *, closed: bool, url: str = "") -> None:
    """Type [update] into till.toml, and have it read.

    Args:
        counter: the counter; it runs.
        closed: whether the shop is closed now, by these hours.
        url: of the server.
    """
    now = datetime.now(ZONE)
    begin, end = (-1, 8) if closed else (2, 6)
    hours = "-".join(f"{now + timedelta(hours=each):%H:%M}" for each in (begin, end))
    shell, file = counter.machine.shell, "/boot/firmware/till.toml"
    text = shell.run(f"cat {file}").partition("\n[update]")[0].rstrip()
    shell.put("/run/typed.toml", f'{text}\n\n[update]\nhours = "{hours}"\nurl = "{url}"\n'.encode())
    boot = "/boot/firmware"
    shell.run(f"mount -o remount,rw {boot} && cp /run/typed.toml {file} && mount -o remount,ro {boot}")
    shell.run("systemctl restart till-setup.service", SETUP_SECONDS)
    said = json.loads(shell.run("cat /run/till/setup.json"))
    if said["problems"]:
        raise SceneError(f"The settings were not taken: {said['problems']}")


def trust(counter: Counter, server: UpdateServer) -> None:
    """Have the card believe the server's certificate until it is switched off."""
    shell, folder = counter.machine.shell, f"/run/systemd/system/{UNIT}.d"
    shell.put(_TRUSTED, server.certificate.read_bytes())
    shell.run(
        f"mkdir -p {folder}; printf '[Service]\\nEnvironment=SSL_CERT_FILE={_TRUSTED}\\n' >{folder}/test.conf"
    )
    shell.run("systemctl daemon-reload")


def plug(counter: Counter, stick: Stick) -> None:
    """Plug a stick in, and wait until the card has mounted it.

    Raises:
        SceneError: it does not.
    """
    stick.plug(counter.machine.qmp)
    end = time.monotonic() + STICK_SECONDS
    while counter.machine.shell.ask("mountpoint -q /media/till")[0]:
        if time.monotonic() > end:
            raise SceneError(f"{STICK_SECONDS:.0f} seconds after it was plugged in the stick is not mounted.")
        time.sleep(1)


def be_signed_in(counter: Counter) -> None:
    """Sign in, unless somebody is."""
    if counter.sees("sign-in", "pin", "selling", "change") in ("sign-in", "pin"):
        counter.sign_in()


def begin(counter: Counter) -> None:
    """Have the till look for an update now, as its timer does now and then."""
    counter.machine.shell.run(f"rm -f /run/till/update.json; systemctl start --no-block {UNIT}")


def ask(counter: Counter) -> list[str]:
    """Have the till look for an update, and wait for its words.

    Raises:
        SceneError: it came to no end, or failed.
    """
    begin(counter)
    end = time.monotonic() + INSTALL_SECONDS
    while time.monotonic() < end:
        try:
            code, said = counter.machine.shell.ask("cat /run/till/update.json", SHELL_SECONDS)
            if not code:
                words: list[str] = json.loads(said)["words"]
                return words
            if counter.inside.state_of(UNIT) == "failed":
                reason = counter.inside.words_of(UNIT)
                if "is started on trial" in reason:
                    return [WENT_DOWN]
                raise SceneError(f"{UNIT} failed: {reason}")
        except MachineError:  # it goes down already, and takes the shell along
            return [WENT_DOWN]
        time.sleep(1)
    raise SceneError(f"{UNIT} has no end: {counter.inside.words_of(UNIT)}")


def restart(counter: Counter, seconds: float = OFF_SECONDS) -> None:
    """The card starts anew by itself, in this time, and the firmware starts what slot.txt names."""
    counter.machine.wait_for_reboot(seconds)
    counter.pull_devices()
    counter.plug_devices()


def restart_to_ready(counter: Counter, seconds: float = OFF_SECONDS) -> float:
    """As ``restart``, and wait until the till is ready; returns the seconds from power to READY."""
    restart(counter, seconds)
    start = time.monotonic()
    counter.wait_until_ready(start)
    return time.monotonic() - start


def version_of(counter: Counter) -> str:
    """Which version runs."""
    said: dict[str, Any] = json.loads(counter.machine.shell.run("cat /usr/lib/gapless/image.json"))
    return str(said["version"])


def record_of(counter: Counter) -> dict[str, Any]:
    """What the card keeps of its updates."""
    found: dict[str, Any] = json.loads(counter.machine.shell.run("cat /data/system/trial.json"))
    return found


def wait_for_end(counter: Counter, outcome: str) -> tuple[dict[str, Any], float]:
    """Wait until the trial is over and ended so; returns what was kept of it, and the seconds.

    Raises:
        SceneError: it is not, or ended in another way.
    """
    start = time.monotonic()
    while (record := record_of(counter))["trial"] is not None:
        if time.monotonic() - start > TRIAL_SECONDS:
            raise SceneError(f"The trial has no end: {counter.inside.words_of('till-trial.service')}")
        time.sleep(2)
    ending: dict[str, Any] = record["endings"][0]
    if ending["outcome"] != outcome:
        raise SceneError(f"The trial ended: {ending['outcome']}. {ending['why']}")
    return ending, time.monotonic() - start


def sector_of(counter: Counter) -> str:
    """What slot.txt says, without its empty lines."""
    return counter.machine.shell.run("grep . /boot/firmware/slot.txt").replace("\n", ", ")
