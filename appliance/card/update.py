"""``python -m appliance.card update``: boot (at each one), watch (a new one), run (look for a new one)."""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Final

from appliance.card.bundles import BundleError, run
from appliance.card.disk import Disk
from appliance.card.fetching import FetchError, Fetching
from appliance.card.health import check, is_new
from appliance.card.places import Places
from appliance.card.slots import SlotError, Slots
from appliance.card.trial import GIVE_UP_SECONDS, Verdict
from appliance.card.trying import Card, at_each_boot, watch
from appliance.card.updating import TO_BEGIN, NotNowError, Updating, say
from appliance.settings import SettingsError, load
from appliance.storage.errors import StorageError

STICK: Final = Path("media/till")
"""Where udev mounts a stick."""
MOST_ON_STICK: Final = 8
_FAILURES: Final = (SlotError, StorageError, SettingsError, BundleError, FetchError, OSError)


def main(arguments: list[str]) -> int:
    """Do one of them; 1 if it failed, or (watch) if the system on trial is given up."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(prog="python -m appliance.card update")
    what = parser.add_subparsers(dest="what", required=True)
    what.add_parser("boot").set_defaults(do=_boot)
    what.add_parser("run").set_defaults(do=look_now)
    watching = what.add_parser("watch")
    watching.add_argument(
        "--seconds", type=float, default=GIVE_UP_SECONDS, help="it is given up after so many"
    )
    watching.set_defaults(do=_watch)
    asked = parser.parse_args(arguments)
    places = Places()
    card = Card(places, Disk(), Slots(places), reboot)
    try:
        return int(asked.do(card, asked))
    except _FAILURES as error:
        sys.stderr.write(f"update {asked.what}: {error}\n")
        return 1


def reboot() -> None:
    """Start the machine anew; systemd stops the till properly first."""
    subprocess.run(["systemctl", "--no-block", "reboot"], check=True, timeout=60)


def _boot(card: Card, _asked: argparse.Namespace) -> int:
    sys.stdout.write(f"{at_each_boot(card).value}\n")
    return 0


def _watch(card: Card, asked: argparse.Namespace) -> int:
    verdict = watch(card, lambda: check(card.places), limit_seconds=asked.seconds)
    return 0 if verdict is Verdict.CONFIRM else 1


def look_now(card: Card, _asked: argparse.Namespace) -> int:
    """Look for a new version and put it in, if one may; 0 whatever came of it, which is said.

    Raises:
        SettingsError: it is not known when: the settings cannot be read.
    """
    if is_new(card.places):  # nobody has said yet when the shop is closed
        sys.stdout.write("The till is not set up yet.\n")
        return 0
    settings = load(card.places.settings)
    updating = Updating(
        card=card,
        hours=settings.update.when,
        local=lambda at: at.astimezone(settings.zone),
        backups=settings.backups,
        run=run,
        look=lambda: check(card.places),
    )
    url, folder = settings.update.url, card.places.system / "update"
    fetching = Fetching(url, folder, card.disk, go_on=lambda: _has_time(updating, TO_BEGIN)) if url else None
    stick = card.places.root / STICK if settings.update.stick else None
    try:
        words = look_for_one(updating, stick, fetching)
    except NotNowError as error:
        words = [str(error)]
    sys.stdout.write("".join(f"{each}\n" for each in words))
    say(card, words)
    return 0


def look_for_one(updating: Updating, stick: Path | None, fetching: Fetching | None) -> list[str]:
    """Look on the stick and at the server, and put in the newest; what came of it, in words.

    What was fetched stays until it runs, or is refused for good: a trial may have to be repeated.

    Raises:
        NotNowError: the shop may be open, or another one is on trial; nothing was looked at.
    """
    updating.check_time(TO_BEGIN)
    updating.check_free()
    words, fetched = _fetch(fetching)
    on_stick = _on_stick(stick) if stick else []
    bundle, refused = updating.choose([*on_stick, *([fetched] if fetched else [])])
    if fetching and fetched and (own := [each for each in refused if each.startswith(fetched.name)]):
        fetching.finish(is_spoilt="not signed" in own[0])
    words += refused
    if bundle is None:
        return words or ["There is nothing new."]
    try:
        updating.put_in(bundle)
    except BundleError as error:
        if fetching and bundle.path == fetched:
            fetching.finish(is_spoilt=True)
        return [*words, str(error)]
    except NotNowError as error:
        return [*words, f"{bundle.words}, waits. {error}"]
    return [*words, f"{bundle.words}, is started on trial."]


def _fetch(fetching: Fetching | None) -> tuple[list[str], Path | None]:
    try:
        return [], fetching.fetch() if fetching else None
    except FetchError as error:
        return [str(error)], None


def _has_time(updating: Updating, needed: timedelta) -> bool:
    try:
        updating.check_time(needed)
    except NotNowError:
        return False
    return True


def _on_stick(stick: Path) -> list[Path]:
    """The bundles at the top of a stick; a few are enough."""
    return sorted(path for path in stick.glob("*.raucb") if path.is_file())[:MOST_ON_STICK]
