"""What a machine does in a rehearsal of updates: the card's own programs, and a stand-in for the kiosk."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from appliance.card.bundles import Release
from appliance.card.disk import Disk
from appliance.card.health import check
from appliance.card.places import Places
from appliance.card.slots import COMMAND_LINE, Slots, booted
from appliance.card.trying import Card, watch
from appliance.card.update import main as update
from appliance.card.update import reboot
from appliance.domain.staff import Person, Role
from appliance.storage.backup import Backups
from appliance.storage.backup_files import Keep
from appliance.storage.condition import look, quick_check
from appliance.storage.database import Database
from appliance.storage.errors import StorageError
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from tests.storage.samples import fresh_till, paid, sale, seal

FASTER = 10.0
"""So much faster time goes for who watches a trial."""
FILE = Path("/var/lib/till/till.db")
WORDS = COMMAND_LINE.read_text("ascii").split()
STICKS = [
    each
    for word in WORDS
    if word.startswith("rehearsal.sticks=")
    for each in word.partition("=")[2].split(",")
]
"""The disks with bundles that are plugged in, one after the other."""
PART = json.loads(Path("/usr/lib/gapless/rehearsal.json").read_text("utf-8"))
"""What this system is to do: {"kiosk": "draws" or "crashes"}."""


def now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


def tell(what: str, **facts: object) -> None:
    """Say something to the harness, in a line of the console."""
    line = json.dumps({"what": what, **facts})
    Path("/dev/console").write_text(f"\nREHEARSAL {line}\n", encoding="utf-8")


def sell(how_many: int) -> None:
    """Complete sales."""
    with Database.open(FILE, now=now) as db:
        ((person_id, name),) = db.rows("SELECT person_id, name FROM person")
        ((sales,),) = db.rows("SELECT count(*) FROM sale")
        journal = Journal(db, Identity(db).get(), seal=seal())
        for number in range(sales, sales + how_many):
            made = sale(number)
            journal.record(made, paid(made), Person(person_id, name, Role.CASHIER), now())
            tell("sold", sales=number + 1)


def state() -> dict[str, object]:
    """How the card is."""
    try:
        found = look(FILE)
        facts: dict[str, object] = {
            "sales": found.sales,
            "schema": found.version,
            "can_sell": not found.is_newer,
        }
        facts["sound"] = quick_check(FILE) == ""
    except StorageError as error:
        facts = {"can_sell": False, "problem": str(error)}
    slot = Path("/boot/firmware/slot.txt").read_bytes().decode("ascii").split("\n\n")[0]
    return facts | {
        "slot": booted(COMMAND_LINE.read_text("ascii")).value,
        "version": Release.read(Path("/")).version,
        "sector": slot.strip().splitlines(),
    }


def kiosk(is_up: bool) -> None:
    """What systemd is to say of the kiosk."""
    said = (
        "ActiveState=active\nSubState=running" if is_up else "ActiveState=activating\nSubState=auto-restart"
    )
    Path("/run/kiosk").write_text(f"{said}\nNRestarts=0\n", encoding="utf-8")


def day() -> None:
    """From the start to switching off, or to starting anew."""
    Path("/run/till/till.toml").write_text('[update]\nhours = "00:00-23:59"\n', encoding="utf-8")
    if not FILE.exists():
        fresh_till(FILE)[0].close()
        sell(3)
    update(["boot"])
    if Path("/run/reboot").exists():
        tell("goes forward", **state())
        again()
    tell("boot", **state(), uptime=round(float(Path("/proc/uptime").read_text("ascii").split()[0])))
    if is_on_trial():
        be_tried()
    elif state()["can_sell"]:
        sell(1)
    for stick in STICKS:
        if not Path("/run/reboot").exists():
            be_updated(stick)
    if Path("/run/reboot").exists():
        again()
    tell("done", **state())


def is_on_trial() -> bool:
    """Whether this system is; systemd reads the same off slot.txt (till-trial.service)."""
    places = Places()
    card = Card(places, Disk(), Slots(places), reboot)
    trial = card.record.trial
    return trial is not None and card.running is trial.slot


def be_tried() -> None:
    """This system is on trial: its kiosk opens the file, and draws and sells or does not."""
    kiosk(PART["kiosk"] == "draws")
    Database.open(FILE, now=now).close()
    places = Places()
    card = Card(places, Disk(), Slots(places), reboot)
    verdict = watch(card, lambda: check(places), lambda: time.monotonic() * FASTER)
    tell("verdict", verdict=verdict.value, **state())


def be_updated(stick: str) -> None:
    """A stick is plugged in, and an update looked for."""
    kiosk(True)
    subprocess.run(["mount", "-o", "ro", f"/dev/{stick}", "/media/till"], check=True)
    tell("update begins", stick=stick)
    began = time.monotonic()
    update(["run"])
    said = json.loads(Path("/run/till/update.json").read_text("utf-8"))["words"]
    tell("update ends", stick=stick, seconds=round(time.monotonic() - began, 1), words=said, **state())
    Path("/dev/console").write_text(Path("/run/rauc.log").read_text("utf-8", "replace"), encoding="utf-8")
    subprocess.run(["umount", "/media/till"], check=True)


def again() -> None:
    """Start the machine anew, the file systems unmounted, as systemd does."""
    tell("starts anew")
    subprocess.run(["sync"], check=True)
    for place in ("/var/lib/till", "/data", "/boot/firmware"):
        subprocess.run(["umount", place], check=False, capture_output=True)
    subprocess.run(["/usr/sbin/reboot", "-f"], check=True)
    time.sleep(60)


def backup() -> None:
    """Make a backup, as ``till backup`` does."""
    with Database.open(FILE, now=now) as db:
        Backups(FILE.parent / "backups", Keep(7, 4, 12)).make(db)


if __name__ == "__main__":
    backup() if "backup" in sys.argv else day()
