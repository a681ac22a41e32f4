"""Putting a new version on the card: when that may begin, and the steps up to its first start.

Nothing is touched that the running system needs. The new one is written beside it, and is started, once, only if at
that moment nobody sells, every sale is in a tested backup, and the shop stays closed for a while yet.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from appliance.card.bundles import Bundle, BundleError, CommandError, Release, Run, check_newer, read_bundle
from appliance.card.disk import keep
from appliance.card.health import Health
from appliance.card.trial import INTERRUPTED, AtBoot, Stage, Trial, at_boot
from appliance.card.trying import Card
from appliance.settings.updates import Hours
from appliance.storage.backup_files import backups_in
from appliance.storage.condition import Condition

TO_BEGIN: Final = timedelta(minutes=45)
"""So much of the night must be left to write a system, start it and, if need be, come back."""
TO_START: Final = timedelta(minutes=15)
LEFT: Final = timedelta(hours=12)
"""A sale that was opened so long ago, and of which nothing is paid, was left; it is there again after the restart."""
INSTALL_SECONDS: Final = 2400.0
BACKUP_SECONDS: Final = 900.0
AS_TILL: Final = ("runuser", "-u", "till", "--")
LOOKS, LOOK_SECONDS = 30, 10.0
"""How long a sale in progress is waited for at the end, before the night's work is left for another."""

log = logging.getLogger(__name__)


class NotNowError(Exception):
    """No update now. The text says why."""


@dataclass(slots=True)
class Updating:
    """The parts of an update. A test gives its own.

    Attributes:
        hours: when the shop is closed, None for never.
        local: a moment by the shop's clock.
        backups: the folder of the journal's tested backups.
        run: runs a command.
        look: how the card is.
        sleep: waits.
    """

    card: Card
    hours: Hours | None
    local: Callable[[datetime], datetime]
    backups: Path
    run: Run
    look: Callable[[], Health]
    sleep: Callable[[float], object] = time.sleep

    def check_time(self, needed: timedelta) -> None:
        """Only when the shop is closed, and stays so for long enough.

        Raises:
            NotNowError: it may be open.
        """
        at = self.local(self.card.now())
        left = self.hours.left(at) if self.hours else timedelta()
        if left < needed:
            raise NotNowError(
                f"It is {at:%H:%M} in the shop. Updates are made in the hours of [update] hours, and "
                f"{needed.seconds // 60} minutes of them must be left."
            )

    def check_free(self) -> None:
        """Only while no other update is under way; what one left that died is tidied up.

        Raises:
            NotNowError: a system is on trial.
        """
        card = self.card
        trial = card.record.trial
        if trial is None:
            return
        if at_boot(trial, card.running, card.choice()) is not AtBoot.INTERRUPTED:
            raise NotNowError(f"Version {trial.version} is on trial.")
        card.end(INTERRUPTED, "The update did not come to an end.")

    def check_sales(self) -> Condition:
        """Only while nobody sells; and all that was sold must be safe.

        Raises:
            NotNowError: a sale is in progress, or one that the shop has not heard of is in no backup.
        """
        condition = self.look().condition
        if condition is None:
            raise NotNowError("The till's file cannot be read.")
        since = condition.unpaid_since
        if condition.is_selling and (since is None or self.card.now() - since < LEFT):
            raise NotNowError("A sale is in progress.")
        saved = max((each.seq for each in backups_in(self.backups)), default=0)
        if saved < condition.last_unsent:
            raise NotNowError(f"{condition.unsent} sales are neither with the shop nor all in a backup.")
        return condition

    def backup(self) -> None:
        """Make a backup now, as the till's own user.

        Raises:
            NotNowError: there is none.
        """
        try:
            self.run(
                (*AS_TILL, "till", "--settings", str(self.card.places.settings), "backup"), BACKUP_SECONDS
            )
        except CommandError as error:
            raise NotNowError(f"No backup could be made: {error}") from error

    def choose(self, paths: Iterable[Path]) -> tuple[Bundle | None, list[str]]:
        """The newest bundle that this card takes, and why it does not take the others."""
        running, record = Release.read(self.card.places.root), self.card.record
        taken, refused = [], []
        for path in paths:
            try:
                bundle = read_bundle(path, self.run)
                check_newer(bundle, running)
                if record.is_refused(bundle.hash):
                    raise BundleError(f"{bundle.words}, was tried and did not do; it is not tried again.")
                taken.append(bundle)
            except BundleError as error:
                refused.append(str(error))
        return max(taken, key=lambda each: each.release.order, default=None), refused

    def put_in(self, bundle: Bundle) -> None:
        """Write the new system and start it.

        Raises:
            NotNowError: not now; nothing that runs was changed.
            BundleError: the bundle could not be written; it is not what was signed, or the card fails.
        """
        card = self.card
        self.check_time(TO_BEGIN)
        self.check_free()
        self.backup()
        self.check_sales()
        slot = card.running.other
        release = bundle.release
        card.keep(card.record.begun(Trial(bundle.hash, release.version, release.build, slot)))
        try:
            self.run(("rauc", "install", str(bundle.path)), INSTALL_SECONDS)
        except CommandError as error:
            card.end(INTERRUPTED, f"It could not be written: {error}")
            raise BundleError(f"{bundle.words}, could not be written: {error}") from error
        card.slots.mark(slot, good=True)
        card.keep(card.record.at_stage(Stage.WRITTEN))
        try:
            self._start(bundle)
        except NotNowError:
            card.end(INTERRUPTED, "It was written, but there was no quiet moment to start it.")
            raise

    def _start(self, bundle: Bundle) -> None:
        """Set the trial and start the machine anew, at a quiet moment."""
        card = self.card
        for look in range(LOOKS):
            self.check_time(TO_START)
            try:
                condition = self.check_sales()
                break
            except NotNowError:
                if look == LOOKS - 1:
                    raise
                self.sleep(LOOK_SECONDS)
        health, slot, release = self.look(), card.running.other, bundle.release
        card.keep(
            card.record.begun(
                Trial(
                    bundle=bundle.hash,
                    version=release.version,
                    build=release.build,
                    slot=slot,
                    stage=Stage.WRITTEN,
                    sales=condition.sales,
                    devices=health.devices,
                    well=health.well,
                )
            )
        )
        card.slots.try_once(slot)
        log.warning("System %s (%s) is started on trial.", slot.value, bundle.words)
        card.reboot()


def say(card: Card, words: list[str]) -> None:
    """Leave for others what came of it: the kiosk, the support file."""
    at = card.now().isoformat(timespec="seconds")
    text = json.dumps({"at": at, "words": words}, indent=1) + "\n"
    keep(card.disk, card.places.run / "update.json", text.encode("utf-8"), 0o644)
