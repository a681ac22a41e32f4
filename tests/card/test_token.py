"""The technician's token: made by ``image/token``, judged as on the card."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance.card.places import Places
from appliance.card.records import read_record
from appliance.card.token import TokenError, read_token
from appliance.card.way_in import UNIT, WayIn
from appliance.machine.number import till_number
from appliance.machine.signatures import is_signed_by

MAKE = Path(__file__).parents[2] / "image" / "token"
NUMBER = "10000000abcdef01"
FROM = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
NOON = FROM + timedelta(hours=4)


def make(keys: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = ["bash", str(MAKE), "--keys", str(keys), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def token(keys: Path, path: Path, number: str = NUMBER, hours: int = 10, minutes: int = 60) -> Path:
    words = ["--for", number, "--by", "Nora Quinn", "--why", "the printer does not answer"]
    words += ["--from", f"{FROM:%Y-%m-%dT%H:%MZ}", "--hours", str(hours), "--minutes", str(minutes)]
    done = make(keys, *words, str(path))
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    assert make(folder, "new-key").returncode == 0
    return folder


class Till:
    """A card in a board with a number, and a clock."""

    def __init__(self, root: Path, keys: Path) -> None:
        self.places = Places(root)
        for folder in ("sys/firmware/devicetree/base", "usr/lib/gapless", "data/system", "run/till"):
            (root / folder).mkdir(parents=True)
        (root / "sys/firmware/devicetree/base/serial-number").write_text(f"{NUMBER}\0")
        self.places.technicians.write_bytes((keys / "token.pub").read_bytes())
        self.now, self.synced = NOON, True
        self.ran: list[list[str]] = []

    def open(self, path: Path) -> str:
        return WayIn(self.places, self._run, lambda: self.now, lambda: self.synced).open(path)

    def _run(self, command: list[str], typed: bytes, environment: Mapping[str, str]) -> bytes:
        self.ran.append(command)
        return b""

    @property
    def seconds(self) -> int:
        text = (self.places.console / "environment").read_text()
        return int(text.removeprefix("SECONDS_LEFT="))


@pytest.fixture
def till(tmp_path: Path, keys: Path) -> Till:
    return Till(tmp_path / "card", keys)


def test_a_token_for_this_till_opens_it_for_as_long_as_it_says(
    till: Till, keys: Path, tmp_path: Path
) -> None:
    said = till.open(token(keys, tmp_path / "a.token", number="1000 0000 ABCD EF01"))
    assert said.startswith(
        "The technician Nora Quinn is in for 60 minutes (the printer does not answer; token "
    )
    assert till.seconds == 3600
    assert till.ran == [["systemctl", "--no-block", "start", UNIT]]
    assert "for Nora Quinn" in (till.places.console / "banner").read_text()
    till.now = FROM + timedelta(hours=9, minutes=30)
    till.open(tmp_path / "a.token")
    assert till.seconds == 1800, "no longer than the token holds"


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (FROM - timedelta(minutes=1), "holds from 2026-11-22 08:00 UTC on. It is 2026-11-22 07:59 UTC now."),
        (FROM + timedelta(hours=10), "held until 2026-11-22 18:00 UTC. It is 2026-11-22 18:00 UTC now."),
    ],
)
def test_before_and_after_its_time_it_opens_nothing(
    till: Till, keys: Path, tmp_path: Path, now: datetime, words: str
) -> None:
    till.now = now
    with pytest.raises(TokenError, match=words):
        till.open(token(keys, tmp_path / "a.token"))
    assert till.ran == []


def test_another_tills_token_opens_nothing_and_both_numbers_are_said(
    till: Till, keys: Path, tmp_path: Path
) -> None:
    with pytest.raises(TokenError, match=f"is for the till 1000. This one is {NUMBER}."):
        till.open(token(keys, tmp_path / "a.token", number="1000"))
    assert till.ran == []


def test_another_fleets_token_and_one_that_was_changed_open_nothing(
    till: Till, keys: Path, tmp_path: Path
) -> None:
    make(tmp_path / "other", "new-key")
    with pytest.raises(TokenError, match="was not signed with this fleet's key"):
        till.open(token(tmp_path / "other", tmp_path / "a.token"))
    good = token(keys, tmp_path / "b.token").read_bytes()
    public = [bytes.fromhex((keys / "token.pub").read_text())]
    by_mail = read_token(good.replace(b"\n", b"\r\n"), public, is_signed_by)
    assert by_mail.till == NUMBER, "a mail program may end lines so"
    for at in range(len(good) - 1):
        changed = good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]
        with pytest.raises(TokenError):
            read_token(changed, public, is_signed_by)
    for other in (b"", b"\0" * 4096, good * 20, good[:-20], b"signature: "):
        with pytest.raises(TokenError):
            read_token(other, public, is_signed_by)


def test_what_was_signed_for_another_use_opens_nothing(till: Till, keys: Path, tmp_path: Path) -> None:
    body = token(keys, tmp_path / "a.token").read_bytes().partition(b"signature: ")[0]
    other = tmp_path / "other"
    other.write_bytes(body.replace(b"Gapless technician's token 1", b"Another thing of ours"))
    sign = ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", str(keys / "token.key"), "-in", str(other)]
    signature = subprocess.run(sign, capture_output=True, check=True).stdout
    path = tmp_path / "b.token"
    encoded = subprocess.run(
        ["openssl", "base64", "-A"], input=signature, capture_output=True, check=True
    ).stdout
    path.write_bytes(other.read_bytes() + b"signature: " + encoded + b"\n")
    with pytest.raises(TokenError, match="is no technician's token"):
        till.open(path)


def test_a_clock_that_is_behind_is_moved_on_by_the_token_but_opens_once(
    till: Till, keys: Path, tmp_path: Path
) -> None:
    """A till without a network, whose clock came back from a file of months ago."""
    till.now, till.synced = FROM - timedelta(days=90), False
    path = token(keys, tmp_path / "a.token", minutes=480, hours=4)
    till.open(path)
    assert till.seconds == 4 * 3600
    with pytest.raises(TokenError, match="was used before"):
        till.open(path)
    till.synced, till.now = True, NOON - timedelta(hours=1)
    till.open(path)


def test_a_clock_that_is_behind_does_not_make_an_old_token_hold_again(
    till: Till, keys: Path, tmp_path: Path
) -> None:
    """What the till knew of the time once, it knows for good."""
    newer = tmp_path / "newer.token"
    words = ["--for", NUMBER, "--by", "N", "--why", "w", "--from", "2027-01-01T08:00Z"]
    assert make(keys, *words, str(newer)).returncode == 0
    till.now, till.synced = FROM - timedelta(days=90), False
    till.open(newer)
    with pytest.raises(TokenError, match="held until 2026-11-22 18:00 UTC. It is 2027-01-01 08:00 UTC now."):
        till.open(token(keys, tmp_path / "a.token"))


def test_a_token_is_noted_before_it_opens(till: Till, keys: Path, tmp_path: Path) -> None:
    def refuse(command: list[str], typed: bytes, environment: Mapping[str, str]) -> bytes:
        raise OSError("the power went")

    path = token(keys, tmp_path / "a.token")
    with pytest.raises(OSError, match="the power went"):
        WayIn(till.places, refuse, lambda: NOON, lambda: False).open(path)
    record = read_record(till.places.system / "tokens.json")
    assert record["used"] == [path.read_text().partition("id: ")[2].partition("\n")[0]]


def test_a_card_without_a_key_says_so_and_a_link_is_not_followed(
    till: Till, keys: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link.token"
    link.symlink_to(token(keys, tmp_path / "a.token"))
    with pytest.raises(OSError, match=r"link\.token"):
        till.open(link)
    till.places.technicians.unlink()
    with pytest.raises(TokenError, match="was built without a key"):
        till.open(tmp_path / "a.token")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--hours", "745"], "--hours is no number from 1 to 744"),
        (["--minutes", "0"], "--minutes is no number from 1 to 480"),
        (["--from", "someday"], "--from is no time"),
        (["--why", "two\nlines"], "on one line"),
    ],
)
def test_a_token_that_no_till_would_take_is_not_made(
    keys: Path, tmp_path: Path, words: list[str], said: str
) -> None:
    done = make(keys, "--for", NUMBER, "--by", "N", "--why", "w", *words, str(tmp_path / "a.token"))
    assert done.returncode == 1
    assert said in done.stderr
    assert not (tmp_path / "a.token").exists()


def test_a_key_is_never_written_over(keys: Path) -> None:
    before = (keys / "token.key").read_bytes()
    assert make(keys, "new-key").returncode == 1
    assert (keys / "token.key").read_bytes() == before


def test_a_till_without_a_number_of_its_own_has_one_of_its_card(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    assert till_number(tmp_path) == ""
    (tmp_path / "etc/machine-id").write_text("0123456789abcdef0123456789abcdef\n")
    number = till_number(tmp_path)
    assert len(number) == 16
    assert number not in "0123456789abcdef0123456789abcdef"
