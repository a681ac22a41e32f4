"""What a person with a terminal could look up inside the computer: units, the log, the till's own books."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from image.machine.errors import SceneError
from image.machine.shell import Shell

_SALES: Final = """
import json, sqlite3
books = sqlite3.connect('file:/var/lib/till/till.db?mode=ro', uri=True)
rows = books.execute('SELECT sale_id, series, number, total_minor FROM sale ORDER BY seq').fetchall()
sound = books.execute('PRAGMA integrity_check').fetchone()[0]
draft = books.execute('SELECT body FROM draft').fetchone() or ['']
print(json.dumps({'sales': rows, 'sound': sound, 'draft': draft[0]}))
"""


TIMED_OUT: Final = 124
"""What timeout(1) answers."""


@dataclass(frozen=True, slots=True)
class TillBooks:
    """The till's own side, read from its file.

    Attributes:
        sales: (sale, receipt number, cents) of each.
        sound: SQLite's own check, "ok".
        draft: the sale that was begun, as the till keeps it; "" if there is none.
    """

    sales: tuple[tuple[str, str, int], ...]
    sound: str
    draft: str = ""

    @property
    def receipts(self) -> list[str]:
        """The receipt numbers, in order."""
        return [number for _, number, _ in self.sales]


class Inside:
    """The computer from inside.

    Args:
        shell: asked for at each question, as it is another one after each start.
    """

    def __init__(self, shell: Callable[[], Shell]) -> None:
        self._shell = shell

    def till_books(self) -> TillBooks:
        """What is in the till's journal."""
        said = self._shell().run(f'python3 -IS -c "{_SALES}"')
        found = json.loads(said.splitlines()[-1])
        sales = tuple((each[0], f"{each[1]}-{each[2]:06d}", each[3]) for each in found["sales"])
        return TillBooks(sales, found["sound"], found["draft"])

    def wait_until_all_is_started(self, seconds: float = 1200.0) -> None:
        """Wait for what systemd starts after the till: nobody has to, but figures are whole then.

        Raises:
            SceneError: it is not finished in time; names what is still on its way.
        """
        code, state = self._shell().ask(
            f"timeout {seconds:.0f} systemctl is-system-running --wait", seconds + 60
        )
        if code == TIMED_OUT:
            jobs = self._shell().run("systemctl list-jobs --no-legend --no-pager")
            raise SceneError(f"The start is {state} after {seconds:.0f} seconds: {jobs}")

    def state_of(self, unit: str) -> str:
        """As systemd says it: "active", "activating", "failed" ..."""
        return self._shell().ask(f"systemctl is-active {unit}")[1].strip()

    def condition_of(self, unit: str) -> tuple[str, int]:
        """Its state, and how often systemd had to start it again; one question, as each costs the computer time."""
        said = self._shell().run(f"systemctl show -p ActiveState -p NRestarts {unit}")
        found = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
        return found.get("ActiveState", ""), int(found.get("NRestarts") or 0)

    def is_starting(self) -> bool:
        """Whether systemd has not yet started all that it was to start."""
        return self._shell().ask("systemctl is-system-running")[1].strip() in ("initializing", "starting")

    def words_of(self, unit: str) -> str:
        """A unit's last words in the log."""
        return self._shell().ask(f"journalctl --no-pager -o cat -u {unit} -n 12")[1]

    def plain_letters(self) -> str:
        """What stands on the first console, line by line: the screen while no kiosk runs."""
        return self._shell().run("fold -w $(stty -F /dev/tty1 size | cut -d' ' -f2) /dev/vcs1")

    def failed_units(self) -> list[str]:
        """Units that failed."""
        said = self._shell().run("systemctl --failed --no-legend --plain")
        return [line.split()[0] for line in said.splitlines() if line.strip()]

    def memory_mib(self) -> tuple[int, int]:
        """Memory in use, and all there is: what the kernel could not give to another program, in MiB."""
        found = self._shell().run("awk '/^Mem(Total|Available)/ { print $2 }' /proc/meminfo").split()
        whole, left = (int(each) // 1024 for each in found)
        return whole - left, whole

    def sectors_written(self, partition: int) -> int:
        """Sectors of 512 bytes written to a partition since the computer was switched on."""
        name = (
            self._shell().run(f"basename $(realpath /dev/disk/by-partuuid/*-0{partition} | head -1)").strip()
        )
        return int(self._shell().run(f"cat /sys/class/block/{name}/stat").split()[6])
