"""The technician's way in: a console on the screen, as root, for as long as a token says and the stick stays in.

There is no other: no login, no getty, no door on the network. The kiosk makes room for it (till-console.service), and
a sale in progress waits in its draft. Everything typed and answered goes to a file beside the log that lasts.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from appliance.card.credentials import Run, run_command
from appliance.card.disk import Disk, keep, make_folders
from appliance.card.places import Places
from appliance.card.records import keep_record, read_record
from appliance.card.token import MOST_BYTES, Moment, Token, TokenError, opens, read_token
from appliance.machine.clock import is_synced, wall
from appliance.machine.number import till_number
from appliance.machine.signatures import is_signed_by

UNIT: Final = "till-console.service"
_MOST_IDS: Final = 200
_KEY_DIGITS: Final = 64


class WayIn:
    """Judges tokens, and opens."""

    def __init__(
        self,
        places: Places,
        run: Run = run_command,
        now: Callable[[], datetime] = wall,
        synced: Callable[[], bool] = is_synced,
    ) -> None:
        self._places, self._run = places, run
        self._now, self._synced = now, synced

    def open(self, path: Path) -> str:
        """Open the console if the token says so; what is said then.

        Raises:
            TokenError: it does not open this till.
            CommandError, OSError: it does, and the console did not start.
        """
        token = read_token(_read(path), self._keys(), is_signed_by)
        record = read_record(self._record)
        used = [str(each) for each in record.get("used", [])]
        moment = Moment(max(self._now(), _time(record.get("latest"))), self._synced())
        left = opens(token, till_number(self._places.root), moment, used)
        seconds = int(left.total_seconds())
        self._note(token, moment.now, used)
        self._hand_over(token, seconds)
        self._run(["systemctl", "--no-block", "start", UNIT], b"", {})
        return f"The technician {token.by} is in for {-(-seconds // 60)} minutes ({token.why}; token {token.id})."

    @property
    def _record(self) -> Path:
        return self._places.system / "tokens.json"

    def _keys(self) -> list[bytes]:
        """The fleet's, one a line in hexadecimal digits; several while one takes the place of another."""
        try:
            lines = self._places.technicians.read_text("ascii").split()
        except OSError:
            raise TokenError("This card was built without a key for technicians' tokens.") from None
        return [bytes.fromhex(line) for line in lines if len(line) == _KEY_DIGITS]

    def _note(self, token: Token, now: datetime, used: list[str]) -> None:
        """Kept before it opens: a power cut must not give a token back its first use."""
        latest = max(now, token.begin)
        record: dict[str, Any] = {
            "latest": latest.isoformat(),
            "used": [*(each for each in used if each != token.id), token.id][-_MOST_IDS:],
        }
        keep_record(Disk(), self._record, record)

    def _hand_over(self, token: Token, seconds: int) -> None:
        """For the unit: how long, and what stands over the prompt."""
        folder = self._places.console
        make_folders(Disk(), folder, 0o700)
        keep(Disk(), folder / "environment", f"SECONDS_LEFT={seconds}\n".encode(), 0o600)
        banner = (
            f"Gapless: the technician's console, for {token.by} ({token.why}).\n"
            f"It closes in {-(-seconds // 60)} minutes, with exit, or when the stick is pulled. All of it is kept.\n\n"
        )
        keep(Disk(), folder / "banner", banner.encode(), 0o600)


def _read(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(MOST_BYTES + 1)


def _time(text: object) -> datetime:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
