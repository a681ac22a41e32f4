"""The sell screen: its parts in their places, filled from the sale."""

from appliance.domain.sale import Sale, SaleLine
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.marks import Area
from appliance.ui.screen import Screen
from appliance.ui.screens.sell.column import SaleColumn
from appliance.ui.screens.sell.deeds import Deeds
from appliance.ui.screens.sell.first import FirstStart
from appliance.ui.screens.sell.keypad import LargeKeypad
from appliance.ui.screens.sell.left import LeftBlock
from appliance.ui.screens.sell.wording import line_text
from appliance.ui.widgets.header import Header
from appliance.ui.widgets.lines import LineText


class Sell(Screen):
    """Where a sale is made."""

    name = "sell"

    def __init__(self, desk: Desk, counter: Counter) -> None:
        super().__init__(desk)
        self.deeds = Deeds(desk, counter, self.fill)
        self._products_at_first, self._has_moved = counter.products_at_first, counter.has_moved
        look, sizes = self.look, self.look.sizes
        right = Area(sizes.width - sizes.margin - sizes.sale, sizes.head, sizes.sale, sizes.body)
        self.left = LeftBlock(desk, self.deeds)
        self.column = SaleColumn(look, self.say, right, self.deeds.choose, self._press_lit)
        self.first = FirstStart(look, self.say, self.column.body, None)
        header = Header(look, on_menu=lambda: desk.show("menu"), on_state=lambda: desk.show("waiting"))
        self.add_header(header)
        self.add_all([*self.left.parts, *self.column.parts, *self.first.parts, *self.column.over])
        self.round_off(self.left.area, self.left.pad_area, right)

    # what the desk calls

    def enter(self, **why: object) -> None:
        """Shown: afresh, or with something to add (`barcode` and `symbology`, or `product_id`).

        No sale begins while a person must confirm that this is another till now: its number might be used already.
        """
        sale = self.deeds.selling.sale
        if (sale is None or sale.is_empty) and self._has_moved():
            self.desk.show("moved")
            return
        self.left.begin()
        self.deeds.begin()
        barcode, product_id, symbology = why.get("barcode"), why.get("product_id"), why.get("symbology")
        if isinstance(barcode, str):
            self.deeds.scan(barcode, symbology if isinstance(symbology, str) else None)
        elif isinstance(product_id, int):
            self.deeds.add_product(product_id)

    def leave(self) -> None:
        """The screen goes: no band comes or goes any more."""
        self.deeds.rest()

    def refresh(self) -> None:
        """Prices, counts or hints may have changed."""
        self.left.tiles.load()
        self.deeds.whole.look_at_drawer()
        self.fill()

    def on_barcode(self, text: str, symbology: str | None) -> None:
        """A scan becomes a line."""
        self.deeds.scan(text, symbology)

    def complain(self, sentence: str) -> None:
        """Say why something was refused."""
        self.deeds.complain(sentence)

    # filling

    def fill(self) -> None:
        """Show the sale as it is now; only what differs is drawn again."""
        deeds, now = self.deeds, self.desk.seconds()
        self.left.fill()
        self.column.field.show(deeds.page == "keys" and deeds.message is None, now)
        self.column.tell(deeds.message, now)
        sale = deeds.selling.sale
        positions = [line.position for line in sale.lines] if sale is not None else []
        self.column.fill(positions, self._line_text, deeds.chosen)
        is_quiet = deeds.message is None and deeds.page != "keys"
        self.first.show(self._products_at_first() if is_quiet and not positions else None, now)
        self._fill_typed()
        self._fill_lit(sale)

    def _line_text(self, position: int) -> LineText:
        selling = self.deeds.selling
        sale = selling.sale
        if sale is None:
            return LineText(position, "")
        line, hint = sale.line(position), selling.hint(position)
        return line_text(sale, line, hint, self.deeds.currency, self.say)

    def _fill_typed(self) -> None:
        """What is typed: in the pad's own field, or on the small panel over the lit key."""
        typed, say = self.deeds.typed, self.say
        name = "sell.how_many" if typed.is_quantity else "sell.new_price" if typed.is_price else "sell.number"
        times = say("sell.times_of", count=typed.times) if typed.times > 1 else ""
        amount = self.deeds.currency.amount(typed.value) if typed.is_price else ""
        field = self.left.pad.field if isinstance(self.left.pad, LargeKeypad) else self.column.field
        value = "" if typed.is_price else f"{times} {typed.digits}".strip()
        has_caret = not typed.is_price and (bool(value) or not self.look.is_large)
        field.change(label=say(name), value=value, amount=amount, has_caret=has_caret)
        if isinstance(self.left.pad, LargeKeypad):
            verb = say("sell.set" if typed.is_quantity or typed.is_price else "sell.add")
            self.left.pad.fill(verb, can_add=bool(typed.digits))

    def _fill_lit(self, sale: Sale | None) -> None:
        if not self.look.is_large and self.deeds.typed.digits and self.deeds.page == "keys":
            self._fill_lit_typed()
            return
        currency, say, payment = self.deeds.currency, self.say, self.deeds.selling.payment
        if sale is None or sale.is_empty:
            note, amount, is_lit = say("sell.nothing_yet"), 0, False
        else:
            note, amount, is_lit = say.count("till.items", sale.items), sale.total_minor, True
            if payment is not None:
                note = say("sell.paid", items=note, amount=currency.amount(payment.paid_minor))
                amount = payment.due_minor
        self.column.lit.change(verb=say("sell.pay"), note=note, amount=currency.price(amount), is_lit=is_lit)

    def _fill_lit_typed(self) -> None:
        """On the small panel the lit key adds what is typed: it names the product before it is added."""
        typed, deeds, say, lit = self.deeds.typed, self.deeds, self.say, self.column.lit
        line = deeds.line
        if typed.is_price:
            self._fill_lit_price(line, typed.value)
            return
        if typed.is_quantity:
            note = f"{typed.value} × {line.name}" if line is not None else ""
            amount = deeds.currency.price(typed.value * line.unit_price_minor) if line is not None else ""
            lit.change(verb=say("sell.set"), note=note, amount=amount, is_lit=typed.value > 0)
            return
        product = None if typed.is_barcode else deeds.finding.number(typed.value)
        if product is None:
            note = typed.digits if typed.is_barcode else say("sell.no_such_number", number=typed.value)
            lit.change(verb=say("sell.add"), note=note, amount="", is_lit=typed.is_barcode)
            return
        price = deeds.currency.price(deeds.selling.unit_price(product) * typed.times)
        lit.change(verb=say("sell.add"), note=product.name, amount=price, is_lit=True)

    def _fill_lit_price(self, line: SaleLine | None, price_minor: int) -> None:
        """Setting a price names the line, or says that a manager will be asked."""
        note = line.name if line is not None else ""
        if line is not None and not self.deeds.pricing.is_free(line, price_minor):
            note = self.say("sell.manager")
        price = self.deeds.currency.price(price_minor)
        self.column.lit.change(verb=self.say("sell.set"), note=note, amount=price, is_lit=line is not None)

    def _press_lit(self) -> None:
        """Pay; on the small panel first add what is typed."""
        if not self.look.is_large and self.deeds.page == "keys" and self.deeds.typed.digits:
            self.deeds.add_typed()
        else:
            self.desk.show("pay")
