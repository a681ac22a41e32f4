"""What the keys of the sell screen do: ask the till, remember which line is chosen and what the band says.

Nothing here draws. After each deed `done` is called, and the screen fills its parts from what is remembered
here.
"""

from collections.abc import Callable
from functools import partial

from appliance.domain.sale import SaleLine
from appliance.till.recognising import Unknown
from appliance.till.selling import Added, ScanResult
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.screens.sell.column import Answer, Message
from appliance.ui.screens.sell.numbers import Typed
from appliance.ui.screens.sell.wording import code_text, unknown_note

UNDO_SECONDS = 5.0


class Deeds:
    """The chosen line, the digits typed, the band; and every deed that changes them.

    Attributes:
        chosen: position of the line that + and - act on, None without one.
        page: what stands on the left: "tiles", "keys" or "more".
    """

    def __init__(self, desk: Desk, counter: Counter, done: Callable[[], None]) -> None:
        self.selling, self.finding, self.currency = counter.selling, counter.finding, counter.currency
        self._refusals, self.open_drawer = counter.refusals, counter.open_drawer
        self._drawer_problem, self._awaits_drawer = counter.printing.drawer_problem, False
        self.chosen: int | None = None
        self.typed = Typed()
        self.message: Message | None = None
        self.page = "tiles"
        self.undo_seconds = UNDO_SECONDS
        self._desk, self._say, self._done = desk, desk.say, done
        self._forget: Callable[[], None] = lambda: None

    @property
    def line(self) -> SaleLine | None:
        """The chosen line."""
        sale = self.selling.sale
        lines = sale.lines if sale is not None else ()
        return next((line for line in lines if line.position == self.chosen), None)

    def begin(self) -> None:
        """The screen is shown again."""
        self._awaits_drawer = False
        self.typed, self.page = Typed(), "tiles"
        self._choose_newest()
        self.tell(None)

    def tell(self, message: Message | None) -> None:
        """Put a band up, or take it away."""
        self.rest()
        self.message = message
        self._done()

    def rest(self) -> None:
        """Forget what was to happen later by itself."""
        self._forget()
        self._forget = lambda: None

    def leave(self) -> None:
        """Take the band away."""
        self.tell(None)

    def turn(self, page: str) -> None:
        """Show another page on the left."""
        self.page = page
        self._done()

    def complain(self, sentence: str) -> None:
        """Say why something was refused."""
        self._desk.play("refused")
        self._put_up("stop", sentence, self._say("sell.refused_note"), Answer("", None))

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

    def take_off(self) -> None:
        """Take the chosen line off; for a few seconds it can be put back by one tap."""
        line = self.line
        if line is None or not self._dare(partial(self.selling.void, line.position)):
            return
        self._desk.play("taken-off")
        self._choose_newest()
        price = self.currency.amount(line.unit_price_minor)
        note = self._say("sell.taken_off_note", count=line.quantity, price=price)
        title = self._say("sell.taken_off", name=line.name)
        self._put_up("calm", title, note, Answer(self._say("sell.put_back"), self.put_back))
        self._forget = self._desk.after(self.undo_seconds, self.leave)

    def put_back(self) -> None:
        """Bring back the line that was taken off last."""
        self._desk.play("taken-off")
        self._change(self.selling.undo)

    def ask_take_all_off(self) -> None:
        """Cannot be undone, so it says its consequence and asks."""
        if (sale := self.selling.sale) is None:
            return
        title = self._say.count("sell.drop_title", sale.items)
        note = self._say("sell.drop_note", total=self.currency.price(sale.total_minor))
        drop = Answer(self._say("sell.drop"), self._take_all_off)
        self._put_up("look", title, note, drop, self._say("sell.keep"))

    def press_drawer(self) -> None:
        """Open the drawer without a sale."""
        if self.open_drawer is not None:
            self._awaits_drawer = self._dare(self.open_drawer)

    def look_at_drawer(self) -> None:
        """Say so if the drawer that was asked for stayed shut: it opens on another thread."""
        if self._awaits_drawer and (problem := self._drawer_problem()):
            self._awaits_drawer = False
            self._desk.play("refused")
            self._put_up("stop", self._say("till.drawer_shut"), problem, Answer("", None))

    def _take_all_off(self) -> None:
        if self._dare(self.selling.void_sale):
            self._desk.play("taken-off")
            self.begin()

    def _add(self, ask: Callable[[], ScanResult]) -> None:
        times, self.typed = self.typed.times, Typed()
        results: list[ScanResult] = []
        if self._dare(lambda: results.append(ask())):
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
            self._put_up(
                "stop",
                title,
                unknown_note(result.reason, self._say),
                Answer(self._say("sell.sell_at_price"), None),
            )
        else:
            self._desk.play("refused")
            title = self._say("sell.receipt_title", number=result.receipt_number)
            self._put_up(
                "calm", title, self._say("sell.receipt_note"), Answer(self._say("more.return"), None)
            )

    def _change(self, do: Callable[[], SaleLine | None]) -> None:
        lines: list[SaleLine | None] = []
        if self._dare(lambda: lines.append(do())):
            line = lines[0]
            if line is not None:
                self.chosen = line.position
            else:
                self._choose_newest()
            self.tell(None)

    def _dare(self, do: Callable[[], object]) -> bool:
        """Do it; a refusal becomes a band with the till's own sentence, and False."""
        try:
            do()
        except self._refusals as refused:
            self.complain(str(refused))
            return False
        return True

    def _put_up(self, kind: str, title: str, note: str, first: Answer, second: str = "") -> None:
        leave = Answer(second or self._say("sell.leave_it"), self.leave)
        self.tell(Message(kind, title, note, (first, leave)))

    def _choose_newest(self) -> None:
        sale = self.selling.sale
        newest = sale.last if sale is not None else None
        self.chosen = newest.position if newest is not None else None
