"""The status page over real HTTP: started as systemd starts it, on a real till's file, and locked to looking."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from appliance.card.health import LOCKED
from appliance.card.status import find_status
from appliance.card.status_page import MOST_VISITORS
from appliance.demo.stage import wait_until
from appliance.settings import load
from appliance.storage.durability import sqlite_version
from appliance.till.printing import ReceiptFate
from tests.screens.till import PEOPLE, Till, open_till

AS_SYSTEMD: Final = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.environ['LISTEN_FDS'] = '1'; "
    "os.execv(sys.executable, [sys.executable, '-m', 'appliance.card', 'status', *sys.argv[2:]])"
)
HEALTH: Final[dict[str, Any]] = {
    "at": "2026-11-22T09:05:00+00:00",
    "problems": [],
    "clock_is_set": True,
}


@dataclass
class Page:
    """A card in a folder with its till, and the page of it."""

    root: Path
    till: Till
    port: int = 0
    process: subprocess.Popen[str] | None = None

    def ask(self, path: str = "/", method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        line.request(method, path, headers=headers)
        answer = line.getresponse()
        body = answer.read().decode()
        line.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body

    def facts(self) -> dict[str, Any]:
        time.sleep(2.1)  # an answer is given again for two seconds
        found: dict[str, Any] = json.loads(self.ask("/status.json")[2])
        return found

    def write(self, name: str, record: dict[str, Any]) -> None:
        (self.root / "run/till" / name).write_text(json.dumps(record))


def knock(root: Path, *more: str) -> tuple[subprocess.Popen[str], int]:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        process = subprocess.Popen(
            [
                *(sys.executable, "-c", AS_SYSTEMD, str(door.fileno())),
                *("--settings", str(root / "till.toml"), "--root", str(root), *more),
            ],
            pass_fds=[door.fileno()],
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        return process, int(door.getsockname()[1])


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    root = tmp_path_factory.mktemp("card")
    for folder in ("run/till", "usr/lib/gapless", "sys/bus/usb/devices/1-1:1.0", "data/backups"):
        (root / folder).mkdir(parents=True)
    (root / "sys/bus/usb/devices/1-1:1.0/bInterfaceClass").write_text("07\n")
    (root / "usr/lib/gapless/image.json").write_text('{"version": "1.4.0", "commit": "0123456789abcdef"}')
    made = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    (root / f"data/backups/till-{made}-12.db").write_bytes(b"")
    (root / "till.toml").write_text(
        f'[till]\nname = "Till <1>"\ndata = "{root}/data"\n[receipt]\naddress = "14 Quay Street"\n'
        'phone = "091 555 014"\n[shop]\nurl = "https://shop.example"\n[status]\npage = true\n'
    )
    with open_till(root / "data") as till:
        till.sign_in()
        sale = till.pay((331, 1)).completed.sale
        wait_until("its receipt is out", lambda: till.printing.fate(sale.sale_id) is ReceiptFate.OUT, 20)
        till.facts.note_contact(True, datetime.now(UTC))
        page = Page(root, till)
        page.write("health.json", HEALTH)
        page.process, page.port = knock(root)
        yield page
        page.process.terminate()
        assert page.process.communicate()[1] == ""


def test_it_says_what_a_person_far_away_wants_to_know(page: Page) -> None:
    found = page.facts()
    assert found["till"] == "Till <1>"
    facts = {name: fact["words"] for name, fact in found["facts"].items()}
    assert facts["version"] == "1.4.0 (0123456789)"
    assert facts["online shop"].startswith("answers, last ")
    assert facts["unsent"] == "1 waits for the shop"
    assert re.fullmatch(r"[\d.]+ of [\d.]+ GB free, not encrypted", facts["card"])
    assert re.fullmatch(r"\d\d:\d\d, set", facts["clock"])
    assert re.fullmatch(r"\d\d:\d\d", facts["last backup"])
    assert "printer plugged in" in facts["receipts"]
    assert found["trouble"] == []
    assert found["well"] is True
    status, headers, body = page.ask()
    assert status == 200
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert "Till &lt;1&gt;" in body
    assert "All is well" in body
    assert all(words in body for words in facts.values() if ":" not in words)


def test_what_is_wrong_is_said_and_is_seen(page: Page) -> None:
    page.write("health.json", HEALTH | {"problems": ["sync service: failed (exit-code)"]})
    page.write("setup.json", {"problems": [{"words": 'secret = "cs_typed" is wrong'}, {"words": "x"}]})
    page.till.facts.note_contact(False, datetime.now(UTC), "https://user:cs_secret@shop.example said no")
    try:
        found = page.facts()
    finally:
        page.write("health.json", HEALTH)
        page.write("setup.json", {"problems": []})
        page.till.facts.note_contact(True, datetime.now(UTC))
    assert found["well"] is False
    assert found["trouble"] == [
        "sync service: failed (exit-code)",
        "settings: 2 to put right, shown on the till's screen",
    ]
    assert found["facts"]["online shop"]["words"].startswith("out of reach, last ")
    assert "cs_" not in json.dumps(found)


def test_a_card_that_its_board_encrypts_says_so(page: Page) -> None:
    volume = page.root / "sys/block/dm-0/dm/name"
    volume.parent.mkdir(parents=True)
    volume.write_text("till-data\n")
    assert page.facts()["facts"]["card"]["words"].endswith(" GB free, encrypted")
    volume.write_text("another\n")
    assert page.facts()["facts"]["card"]["words"].endswith(" GB free, not encrypted")


def test_a_paper_that_did_not_come_out_is_said_with_its_reason(page: Page) -> None:
    page.till.printing.stop()
    jobs = page.root / "data/till.db"
    with sqlite3.connect(jobs) as other:
        other.execute("UPDATE print_job SET state = 'failed', reason = 'The printer is out of paper.'")
    other.close()
    found = page.facts()["facts"]["receipts"]
    assert found == {"words": "1 paper not printed: The printer is out of paper.", "well": False}


def test_no_name_no_amount_no_address_and_no_secret_is_said(page: Page) -> None:
    said = page.ask()[2] + page.ask("/status.json")[2]
    never = [name for name, _role in PEOPLE] + ["Quay", "091 555", "24.90", "shop.example", "hammer", "ck_"]
    assert [word for word in never if word in said] == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_nothing_but_looking_is_answered(page: Page, method: str) -> None:
    status, headers, body = page.ask("/", method)
    assert status == 405
    assert headers["allow"] == "GET, HEAD"
    assert body == "405 Method Not Allowed\n"


@pytest.mark.parametrize("path", ["/till.toml", "/../etc/passwd", "/status.json/", "/%2e%2e/", "/?/../x/"])
def test_there_are_two_pages_and_no_third(page: Page, path: str) -> None:
    status, _headers, body = page.ask(path)
    assert (status, body) == ((200, body) if path.startswith("/?") else (404, "404 Not Found\n"))


def test_a_browser_may_do_nothing_with_it_but_show_it(page: Page) -> None:
    _status, headers, body = page.ask()
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in headers
    assert headers["server"] == "Gapless "[:-1] or headers["server"].startswith("Gapless")
    assert "<script" not in body
    assert not re.search(r"(?:src|href)=", body)
    assert page.ask(method="HEAD")[2] == ""


def test_who_says_nothing_holds_nobody_up(page: Page) -> None:
    silent = [socket.create_connection(("127.0.0.1", page.port)) for _ in range(4)]
    begun = time.monotonic()
    assert page.ask()[0] == 200
    assert time.monotonic() - begun < 4
    for each in silent:
        each.close()


def test_a_crowd_is_sent_away_and_the_page_lives(page: Page) -> None:
    crowd = [socket.create_connection(("127.0.0.1", page.port)) for _ in range(MOST_VISITORS)]
    time.sleep(0.3)
    begun = time.monotonic()
    with pytest.raises((OSError, http.client.HTTPException)):
        page.ask()
    assert time.monotonic() - begun < 2, "at once"
    for each in crowd:
        each.close()
    until = time.monotonic() + 15
    while time.monotonic() < until:
        try:
            assert page.ask()[0] == 200
            break
        except (OSError, http.client.HTTPException):
            time.sleep(0.2)
    else:
        raise AssertionError("the page did not come back")


def test_rubbish_is_refused_in_three_words(page: Page) -> None:
    long = b"GET " + b"a" * 70000 + b"\r\n\r\n"
    for rubbish in (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", long):
        with socket.create_connection(("127.0.0.1", page.port), timeout=10) as line:
            line.sendall(rubbish)
            said = line.recv(65536)
        assert b"aaaa" not in said
        assert b"Traceback" not in said
    assert page.ask()[0] == 200


def test_the_tills_file_is_only_read(page: Page) -> None:
    before = page.till.db.version()
    assert page.ask()[0] == 200
    time.sleep(2.1)
    assert page.ask()[0] == 200
    assert page.till.db.version() == before
    assert sqlite_version()


def test_it_ends_when_nobody_looks_any_more(page: Page) -> None:
    process, _port = knock(page.root, "--idle-seconds", "0.3")
    assert process.wait(20) == 0
    assert process.communicate()[1] == ""


def test_without_a_door_of_systemds_it_does_not_begin(page: Page) -> None:
    command = [sys.executable, "-m", "appliance.card", "status", "--settings", str(page.root / "till.toml")]
    environment = {name: value for name, value in os.environ.items() if name != "LISTEN_FDS"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 2
    assert "till-status.socket" in done.stderr


def test_it_is_off_unless_somebody_wants_it(tmp_path: Path) -> None:
    (tmp_path / "till.toml").write_text("")
    assert load(tmp_path / "till.toml").status.page is False


def test_the_books_of_a_card_that_locked_itself_are_not_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "run/till").mkdir(parents=True)
    (tmp_path / "till.toml").write_text(f'[till]\ndata = "{tmp_path}"\n')
    (tmp_path / "till.db").write_bytes(b"EIO for every block")
    settings = load(tmp_path / "till.toml")
    now = datetime.now(UTC)
    (fact,) = (each for each in find_status(settings, tmp_path, now).facts if each.name == "Books")
    assert "damaged" in fact.words
    (tmp_path / "run/till/health.json").write_text(json.dumps(HEALTH | {"problems": [LOCKED]}))
    (fact,) = (each for each in find_status(settings, tmp_path, now).facts if each.name == "Books")
    assert fact.words == "cannot be read until the till was switched off and on"
    assert not fact.is_well
