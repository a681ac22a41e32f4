"""A till that runs by itself, for the tests that look at the program from outside.

    python -m tests.screens.program FOLDER WIDTH HEIGHT

Draws off screen, listens to a remote hand at FOLDER/hand.sock, and takes a scan from each line of its input; the line
"fail" raises on the UI thread, the line "measure" prints memory and processor time as JSON, the line "shop knows more"
does what the sync service does when the shop holds receipts of this till that the file does not.
"""

import json
import os
import sys
import threading
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from appliance.machine.notify import ALIVE, READY, Supervisor
from appliance.storage.binding import SHOP_HEAD, Bindings
from appliance.storage.database import Database
from appliance.storage.facts import ShopFacts
from appliance.storage.identity import Identity
from appliance.till.identifying import Identifying
from appliance.ui.guard import Watcher
from appliance.ui.window import WindowPlan, configure
from tests.screens.shelf import fill_shelf
from tests.screens.till import Till

HARDWARE = "c" * 64


def main(folder: Path, width: int, height: int) -> int:
    plan = WindowPlan(width, height, is_kiosk=True)
    configure(plan)
    from appliance.ui.app import Outside, TillApp

    till = fill_shelf(Till(folder / "till.db"))
    till.counter.selling.hand_over(None)
    till.printing.start()
    bindings = Bindings(till.db)
    bindings.begin(till.journal, HARDWARE, till.clock())
    identifying = Identifying(
        Identity(till.db), bindings, till.facts, till.journal, till.outbox, HARDWARE, till.clock, new_id
    )
    counter = replace(till.counter, identifying=identifying)
    seen = [till.db.version()]

    def changed() -> bool:
        seen.append(till.db.version())
        return seen.pop(0) != seen[0]

    systemd = Supervisor.of(os.environ, os.getpid())
    watcher = Watcher(lambda: systemd.tell(READY), lambda: systemd.tell(ALIVE))
    app = TillApp(counter, plan, "dark", Outside(changed, remote=folder / "hand.sock", watcher=watcher))
    threading.Thread(target=read_lines, args=(app, till.path), daemon=True).start()
    code = app.run(lambda: print("ready", flush=True))
    till.close()
    return code


def new_id() -> str:
    return uuid.uuid4().hex


def note_shop_head(path: Path) -> None:
    with Database.open(path, now=lambda: datetime.now(UTC)) as database:
        head = {"hash": "ab" * 32, "receipt": "T1-009999", "seq": 99_999}
        ShopFacts(database).set(SHOP_HEAD, json.dumps(head))


def read_lines(app, path: Path) -> None:  # type: ignore[no-untyped-def]
    for line in sys.stdin:
        text = line.strip()
        if text == "fail":
            app.desk.post(lambda: int("not a number"))
        elif text == "shop knows more":
            note_shop_head(path)
        elif text == "measure":
            status = Path("/proc/self/status").read_text().splitlines()
            kilobytes = next(int(row.split()[1]) for row in status if row.startswith("VmRSS"))
            seconds = sum(os.times()[:2])
            print(json.dumps({"rss_mib": kilobytes / 1024, "cpu_seconds": seconds}), flush=True)
        else:
            app.scan(text)
    app.stop()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
