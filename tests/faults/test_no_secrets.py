"""A day on which everything secret was typed: nothing of it is in any file that leaves the till, nor in a log.

Searched: the database with its log and index, a backup, an export, the stick, and every line that was logged.
"""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Iterator
from datetime import UTC, tzinfo
from pathlib import Path

import pytest

from appliance.domain.approval import Guarded
from appliance.domain.card_numbers import is_card_like
from appliance.domain.tender import TenderKind
from appliance.shops.contract import ShopError
from appliance.shops.http import HttpClient
from appliance.shops.woocommerce import WooCommerce
from appliance.storage import chain
from appliance.storage.backup import Backups
from appliance.storage.backup_files import Keep
from appliance.storage.export import Export
from appliance.storage.oversold import OversoldUnits
from appliance.storage.second_medium import SecondMedium
from appliance.storage.stick_owner import Owner
from appliance.till.errors import WrongPinError
from tests.faults.secret_till import EUR, PINS, Till
from tests.storage.samples import TILL_ID

WRONG_PIN = "5519"
CARDS = ("4111111111111111", "5555 5555 5555 4444", "3782-822463-10005", "6304000000000000000")
SHOP_KEY, SHOP_SECRET = "ck_" + "7d1e" * 10, "cs_" + "b3c9" * 10
CUSTOMER = "Wilhelmina Featherstonehaugh"


class Listening(logging.Handler):
    """Keeps all that is logged, with its tracebacks."""

    def __init__(self, logged: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._logged = logged

    def emit(self, record: logging.LogRecord) -> None:
        self._logged.append(logging.Formatter().format(record))


@pytest.fixture(scope="module")
def till(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Till]:
    made = Till(tmp_path_factory.mktemp("till"))
    yield made
    made.printing.stop()
    made.db.close()


@pytest.fixture(scope="module")
def places(till: Till) -> dict[str, bytes]:
    """The bytes of every place in which something could have stayed, after the day."""
    logged: list[str] = []
    handler = Listening(logged)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        sell_with_secrets(till)
        ask_the_shop(till)
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    export(till)
    found = {"logs": "\n".join(logged).encode()}
    for name in ("data", "backups", "export", "stick"):
        files = [path for path in (till.folder / name).rglob("*") if path.is_file()]
        assert files, name
        found |= {f"{name}: {path.name}": path.read_bytes() for path in files}
    assert "data: till.db-wal" in found
    return found


def sell_with_secrets(till: Till) -> None:
    """All that can be typed is typed in the wrong field once."""
    with pytest.raises(WrongPinError):
        till.signing_in.sign_in(till.mara.person_id, WRONG_PIN)
    till.selling.hand_over(till.signing_in.sign_in(till.mara.person_id, PINS["Mara"]))
    for card in CARDS:
        receipt = till.sell(slip=f"  {card} 12/28")
        till.selling.scan(card)
        sold = till.refunding.find(receipt)
        plan, code = (
            till.refunding.of_sale(sold, {1: 1}),
            till.journal.chain_code(sold.completed.sale.sale_id),
        )
        till.refunding.give_back(plan, TenderKind.CARD, f"Back to {card}", slip=card, code=code)
        till.selling.add_product(4)
        held = till.holding.hold(f"{card} will fetch it")
        assert held.note.startswith("**** ")  # it is sealed as well, so the search would not see it
        till.holding.recall(held.sale.sale_id)
        till.tendering.take_cash(till.tendering.payment.cash_due_minor)
        till.cash.pay_in(500, f"from {card}")
        word = till.approving.approve(Guarded.NO_SALE, till.sean.person_id, PINS["Sean"], f"For {card}")
        till.tendering.no_sale(word)
    till.cash.close_day()


def ask_the_shop(till: Till) -> None:
    """A shop that is not there, asked with a key and a secret; and a customer who bought the last piece."""
    http = HttpClient("http://127.0.0.1:9", deadline_seconds=2.0, connect_seconds=1.0)
    shop = WooCommerce(http, SHOP_KEY, SHOP_SECRET, EUR, now=till.clock, new_id=lambda: "1" * 32)
    completed = till.journal.last(1)[0]
    try:
        shop.reserve(completed)
    except ShopError as error:
        logging.getLogger("appliance.sync").warning("lost: %s", error, exc_info=True)
        till.journal.note("shop-lost", 0, till.clock(), {"why": str(error)})
    OversoldUnits(till.db, till.sealer).found(
        product_id=3,
        product_name="Mug",
        units=1,
        sale_id=completed.sale.sale_id,
        found_at=till.clock(),
        order_id=17,
        order_number="17",
        customer=CUSTOMER,
    )


def export(till: Till) -> None:
    """All ways on which the journal leaves the till."""
    (till.folder / "backups").mkdir()
    Backups(till.folder / "backups", Keep(days=7, weeks=4, months=12)).make(till.db)
    zone: tzinfo = UTC
    verifier = Path(chain.__file__).parents[1] / "verify.py"
    Export(till.db, EUR, zone, verifier).write(till.folder / "export")
    (till.folder / "stick").mkdir()
    owner = Owner(TILL_ID, "T1", "EUR", till.keys.public_key.hex(), "Till 1")
    stick = SecondMedium(till.folder / "stick", owner, is_mount=False)
    stick.open()
    stick.append([chain.Entry(*row) for row in till.db.rows(f"{chain.ENTRIES} ORDER BY seq")])
    stick.close()


def found_in(places: dict[str, bytes], wanted: bytes | re.Pattern[bytes]) -> list[str]:
    pattern = wanted if isinstance(wanted, re.Pattern) else re.compile(re.escape(wanted))
    return [name for name, data in places.items() if pattern.search(data)]


def test_the_search_finds_what_is_there(till: Till, places: dict[str, bytes]) -> None:
    kept = found_in(places, b"**** 1111")
    assert any(name.startswith("data") for name in kept)
    assert {"export: journal.jsonl", "stick: journal.jsonl"} <= set(kept)
    assert any(name.startswith("backups") for name in kept)
    assert found_in(places, b"lost: ") == ["logs"]
    assert found_in(places, till.keys.public_key.hex().encode())


@pytest.mark.parametrize("pin", [*PINS.values(), WRONG_PIN])
def test_no_pin_is_anywhere(places: dict[str, bytes], pin: str) -> None:
    assert found_in(places, re.compile(rb"(?<![0-9A-Za-z+/.])%b(?![0-9A-Za-z+/=])" % pin.encode())) == []


@pytest.mark.parametrize("name", ["signing_key", "pepper", "data_key"])
def test_no_key_of_the_till_is_anywhere_in_any_writing(
    till: Till, places: dict[str, bytes], name: str
) -> None:
    key = bytes(getattr(till.keys, name))
    assert key.hex() in (till.folder / "keys.toml").read_text()
    for written in (key, key.hex().encode(), key.hex().upper().encode()):
        assert found_in(places, written) == []
    for shift in range(3):  # base64 looks different by where the key begins
        inner = base64.b64encode(bytes(shift) + key)[4 * ((shift + 2) // 3) : 40]
        assert found_in(places, inner) == []
        assert found_in(places, inner.translate(bytes.maketrans(b"+/", b"-_"))) == []


@pytest.mark.parametrize("secret", [SHOP_KEY, SHOP_SECRET])
def test_no_key_of_the_shop_is_anywhere(places: dict[str, bytes], secret: str) -> None:
    assert found_in(places, secret.encode()) == []
    assert found_in(places, base64.b64encode(f"{SHOP_KEY}:{SHOP_SECRET}".encode())[:40]) == []


def test_no_customer_is_named_anywhere(till: Till, places: dict[str, bytes]) -> None:
    assert [each.customer for each in OversoldUnits(till.db, till.sealer).open()] == [CUSTOMER]
    assert found_in(places, CUSTOMER.split()[1].encode()) == []


def test_no_number_that_could_be_a_cards_is_anywhere(places: dict[str, bytes]) -> None:
    for card in CARDS:
        assert found_in(places, card.encode()) == []
        assert found_in(places, re.sub("[^0-9]", "", card).encode()) == []
    # Any other: digits that stand alone. Ids, hashes and signatures are hexadecimal, 32 or more digits long.
    alone = re.compile(rb"(?<![0-9A-Fa-f])(?:[0-9](?:[ -]?[0-9]){12,18})(?![0-9A-Fa-f])")
    for name, data in places.items():
        like = {match[0] for match in alone.finditer(data)}
        digits = {re.sub("[^0-9]", "", each.decode()) for each in like}
        assert not {each for each in digits if is_card_like(each)}, name
