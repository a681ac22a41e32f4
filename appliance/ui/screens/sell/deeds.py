"""What the keys of the sell screen do: ask the till, remember which line is chosen and what the band says.

Nothing here draws. After each deed `done` is called, and the screen fills its parts from what is remembered
here.
"""

from collections.abc import Callable
from functools import partial

from appliance.domain.approval import Approval
from appliance.domain.sale import SaleLine
from appliance.till.recognising import Unknown
from appliance.till.selling import Added, ScanResult
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.screens.sell.column import Answer
from appliance.ui.screens.sell.numbers import Typed
from appliance.ui.screens.sell.telling import Telling
from appliance.ui.screens.sell.whole import WholeSale
from appliance.ui.screens.sell.wording import code_text, unknown_note


class Deeds(Telling):
    """The chosen line, the digits typed, the band; and every deed that changes them.

    Attributes:
        chosen: position of the line that + and - act on, None without one.
        page: what stands on the left: "tiles", "keys" or "more".
    """

    def __init__(self, desk: Desk, counter: Counter, done: Callable[[], None]) -> None:
        super().__init__(desk, counter, done)
        self.selling, self.finding, self.currency = counter.selling, counter.finding, counter.currency
        self.pricing = counter.pricing
        self.whole = WholeSale(self, desk, counter, self.begin)
        self.chosen: int | None = None
        self.typed = Typed()
        self.page = "tiles"

    @property
    def line(self) -> SaleLine | None:
        """The chosen line."""
        sale = self.selling.sale
        lines = sale.lines if sale is not None else ()
        return next((line for line in lines if line.position == self.chosen), None)

    def begin(self) -> None:
        """The screen is shown again."""
        self.whole.drawer.forget()
        self.typed, self.page = Typed(), "tiles"
        self._choose_newest()
        self.tell(None)

    def turn(self, page: str) -> None:
        """Show another page on the left."""
        self.page = page
        self._done()

    # adding

    def scan(self, text: str, symbology: str | None) -> None:
        """A barcode becomes a line, or a band says why not."""
        self._add(lambda: self.selling.scan(text, symbology))

    def add_product(self, product_id: int) -> None:
        """A tile, or what was found by searching."""
        self._add(lambda: self.selling.add_product(product_id))

    def press_digit(self, key: str) -> None:
        """A key of the pad."""
        self.typed = self.typed.press(key)
        self.tell(None)

    def multiply(self) -> None:
        """What is typed is how many of the next thing."""
        self.typed = self.typed.multiply()
        self._done()

    def add_typed(self) -> None:
        """Do what is typed: a quantity, a barcode or a number."""
        typed, position = self.typed, self.chosen
        if not typed.digits:
            return
        if typed.is_quantity and position is not None:
            self.typed = Typed()
            self._change(lambda: self.selling.set_quantity(position, typed.value))
        elif typed.is_price and position is not None:
            self._set_price(position, typed.value)
        elif typed.is_barcode:
            self._add(lambda: self.selling.scan(typed.digits))
        else:
            self._add(lambda: self.selling.add_number(typed.value))

    # changing lines

    def choose(self, position: int) -> None:
        """A line was tapped: + and - act on it."""
        self.chosen = position
        self._done()

    def one_more(self) -> None:
        """Raise the chosen line's quantity."""
        if (line := self.line) is not None:
            self._change(lambda: self.selling.change_quantity(line.position, 1))

    def one_less(self) -> None:
        """Lower the chosen line's quantity; the last piece takes the line off."""
        line = self.line
        if line is not None and line.quantity > 1:
            self._change(lambda: self.selling.change_quantity(line.position, -1))
        elif line is not None:
            self.take_off()

    def ask_how_many(self) -> None:
        """Type a quantity for the chosen line."""
        self.typed, self.page = Typed(is_quantity=True), "tiles" if self._desk.look.is_large else "keys"
        self.tell(None)

    def ask_price(self) -> None:
        """Type a new price for one piece of the chosen line."""
        self.typed, self.page = Typed(is_price=True), "tiles" if self._desk.look.is_large else "keys"
        self.tell(None)

    def take_off(self) -> None:
        """Take the chosen line off; for a few seconds it can be put back by one tap."""
        line = self.line
        if line is None or not self.dare(partial(self.selling.void, line.position)):
            return
        self._desk.play("taken-off")
        self._choose_newest()
        price = self.currency.amount(line.unit_price_minor)
        note = self._say("sell.taken_off_note", count=line.quantity, price=price)
        title = self._say("sell.taken_off", name=line.name)
        self.put_up("calm", title, note, Answer(self._say("sell.put_back"), self.put_back))
        self.forget_soon()

    def put_back(self) -> None:
        """Bring back the line that was taken off last."""
        self._desk.play("taken-off")
        self._change(self.selling.undo)

    def _add(self, ask: Callable[[], ScanResult]) -> None:
        times, self.typed = self.typed.times, Typed()
        results: list[ScanResult] = []
        if self.dare(lambda: results.append(ask())):
            self._show(results[0], times)

    def _show(self, result: ScanResult, times: int) -> None:
        if isinstance(result, Added):
            self.chosen = result.line.position
            if times > 1:
                self._change(
                    lambda: self.selling.set_quantity(result.line.position, result.line.quantity + times - 1)
                )
            hint = self.selling.hint(result.line.position)
            self._desk.play("scanned" if hint is None else "scanned-look")
            self.tell(None)
        elif isinstance(result, Unknown):
            self._desk.play("unknown")
            title = self._say("sell.unknown", code=code_text(result.code))
            self.put_up(
                "stop",
                title,
                unknown_note(result.reason, self._say),
                Answer(self._say("sell.sell_at_price"), None),
            )
        else:
            self._desk.play("refused")
            title = self._say("sell.receipt_title", number=result.receipt_number)
            receipt = f"{result.receipt_number} {result.chain_code}"
            give_back = Answer(self._say("more.return"), lambda: self._desk.show("return", receipt=receipt))
            self.put_up("calm", title, self._say("sell.receipt_note"), give_back)

    def _change(self, do: Callable[[], SaleLine | None]) -> None:
        lines: list[SaleLine | None] = []
        if self.dare(lambda: lines.append(do())):
            line = lines[0]
            if line is not None:
                self.chosen = line.position
            else:
                self._choose_newest()
            self.tell(None)

    def _set_price(self, position: int, price_minor: int) -> None:
        """Lowered by much it needs a manager; until then the line keeps its price."""
        self.typed = Typed()

        def approved(approval: Approval) -> None:
            self.pricing.set_price(position, price_minor, approval)
            self._desk.show("sell")
            self.choose(position)

        was = self.line.regular_minor if self.line is not None else 0
        prices = self._say(
            "sell.price_to", was=self.currency.amount(was), now=self.currency.amount(price_minor)
        )
        if self.dare(lambda: self.pricing.set_price(position, price_minor), approved, prices):
            self.tell(None)

    def _choose_newest(self) -> None:
        sale = self.selling.sale
        newest = sale.last if sale is not None else None
        self.chosen = newest.position if newest is not None else None
