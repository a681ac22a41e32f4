"""What a test does on the page on which money is given back."""

from typing import Any

from appliance.domain.catalogue import CatalogueChanges
from appliance.domain.tender import TenderKind
from tests.screens.conftest import UI
from tests.screens.looks import head, offer
from tests.screens.shelf import product
from tests.screens.till import PIN, Till

MUG, BLANKET, TAPE, BULB = 1, 2, 3, 4


def code_of(till: Till, sale_id: str) -> str:
    completed = till.journal.sale(sale_id)
    return f"{completed.receipt_number} {till.journal.chain_code(sale_id).replace(' ', '')}"


def sell(till: Till, *numbers: tuple[int, int], by_card: bool = False) -> str:
    """Sell; the text of the receipt's code."""
    return code_of(till, till.pay(*numbers, by_card=by_card).completed.sale.sale_id)


def sell_the_picture(till: Till) -> str:
    """Mugs, blanket, tape and bulbs by card, three days ago; the bulbs came back a day later."""
    goods = (
        (933, "Wool blanket, moss", 8900),
        (347, "Masking tape 38 mm", 395),
        (1044, "LED bulb E27 7 W", 695),
    )
    till.catalogue.apply(
        CatalogueChanges(
            tuple(product(10_000 + number, number, name, price, 9) for number, name, price in goods)
        )
    )
    till.sign_in("Aoife")
    code = sell(till, (1209, 3), (933, 1), (347, 1), (1044, 2), by_card=True)
    till.clock.pass_by(days=1)
    refunding = till.counter.refunding
    plan = refunding.of_sale(refunding.find(code), {BULB: 2})
    refunding.give_back(plan, TenderKind.CARD, "Faulty", "9", code=code.split(" ")[1])
    till.clock.pass_by(days=2)
    return code


def show(ui: UI, till: Till, **why: object) -> Any:
    if till.counter.selling.cashier is None:
        till.sign_in()
    offer(ui, till)
    head(ui, "14:32")
    return ui.show("return", **({"back": "sell"} | why))


def scan(ui: UI, text: str) -> None:
    ui.seconds.now += 1
    ui.desk.scan(text)
    ui.frames()


def refunds(till: Till) -> list[tuple[int, str, str]]:
    """What was given back: how much, how, and why."""
    return [tuple(row) for row in till.db.rows("SELECT total_minor, tender, reason FROM refund ORDER BY seq")]


def say_why(ui: UI, reason: str) -> None:
    """On the small panel the reasons come when the lit key is tapped."""
    if not ui.look.is_large:
        ui.tap("Give back")
    ui.tap(reason)


def approve(ui: UI, reason: str = "Receipt is lost") -> None:
    """The manager comes, says why, and types the PIN."""
    assert ui.screen.name == "approve"
    ui.tap(reason)
    for digit in PIN:
        ui.tap(digit)
    ui.wait(lambda: ui.screen.name != "approve")
