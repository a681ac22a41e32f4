"""What the set-up works on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from appliance.card.credentials import Credentials, Run
from appliance.card.disk import Disk
from appliance.card.places import Places


@dataclass(frozen=True, slots=True)
class Machine:
    """The card: its folders, and what acts on them.

    Attributes:
        places: the folders.
        disk: the steps that write.
        run: runs the system's programs.
        owner: user and group of the till's folder; None to leave it to whoever runs this.
        as_till: what stands before a command that the till's own user runs.
    """

    places: Places
    disk: Disk
    run: Run
    owner: tuple[int, int] | None = None
    as_till: tuple[str, ...] = ()

    @property
    def credentials(self) -> Credentials:
        """The secrets."""
        return Credentials(self.places.credentials, self.places.host_key, self.disk, self.run)

    @property
    def state(self) -> Path:
        """Where the set-up keeps what lasts."""
        return self.places.system / "settings.json"
