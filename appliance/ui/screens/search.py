"""Search: an own keyboard, the best hit on the lit key, and a scan still works."""

from appliance.domain.catalogue import Product
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.marks import Area, split
from appliance.ui.screen import Screen
from appliance.ui.screens.sell.wording import FEW, number_text
from appliance.ui.typed import typed
from appliance.ui.widgets.field import Field
from appliance.ui.widgets.header import Header
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lines import LineList, LineText
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.pad import Keyboard

MOST_HITS = 30
LONGEST = 40


class Search(Screen):
    """Find a product by letters of its name, its number or its category."""

    name = "search"

    def __init__(self, desk: Desk, counter: Counter) -> None:
        super().__init__(desk)
        self._finding, self._selling, self._currency = counter.finding, counter.selling, counter.currency
        self._text = ""
        self._hits: dict[int, Product] = {}
        self._chosen: int | None = None
        self._first = 0
        self._categories: dict[int, str] = {}
        self._build()

    def _build(self) -> None:
        look, say, desk, sizes = self.look, self.say, self.desk, self.look.sizes
        self.add_header(
            Header(
                look,
                back=say("till.sale"),
                title=say("search.title"),
                on_back=lambda: desk.show("sell"),
                on_state=lambda: desk.show("waiting"),
            )
        )
        width = sizes.width - 2 * sizes.margin
        block = Area(sizes.margin, sizes.head, width, sizes.body)
        field = block._replace(h=sizes.row - sizes.seam)
        self.field = self.add(
            Field(look, field, icon="search", on_clear=self._clear, on_more=self._turn_hits)
        )
        letters = (4 if look.is_large else 3) * sizes.row
        keyboard = Area(block.x, sizes.slab_top - letters, width, letters - sizes.seam)
        top = sizes.head + sizes.row
        rows = (keyboard.y - top) // sizes.row
        middle = 130 + 200 if look.is_large else 90 + 110
        hits = Area(block.x, top, width, rows * sizes.row - sizes.seam)
        self.list = LineList(look, hits, rows, self._choose, has_quantity=False, middle_width=middle)
        self.keyboard = Keyboard(look, keyboard, self._press)
        self.add_all([*self.list.parts, *self.keyboard.parts])
        self._build_base(Area(block.x, sizes.slab_top, width, sizes.slab))
        self.round_off(block)

    def _build_base(self, base: Area) -> None:
        look, say = self.look, self.say
        first, space, lit = split(base, (300, 456, 500) if look.is_large else (112, 230, 442))
        if look.is_large:
            self.page_key = self.add(Key(look, first, say("search.scan_too"), colour="sand", bed="panel"))
        else:
            self.page_key = self.add(Key(look, first, say("search.digits"), self._turn))
        self.add(Key(look, space, say("search.space"), lambda: self._press(" ")))
        self.lit = self.add(LitKey(look, lit, say("search.add"), self._add, is_lit=False))

    def enter(self, **why: object) -> None:
        """Shown: empty, or with a text to look up (`text`)."""
        text = why.get("text")
        self._text = text if isinstance(text, str) else ""
        self._categories = {each.category_id: each.name for each in self._finding.categories()}
        self.keyboard.turn(0)
        self._search()

    def refresh(self) -> None:
        """Counts or prices may have changed."""
        chosen, first = self._chosen, self._first
        self._search()
        if chosen in self._hits:
            self._chosen, self._first = chosen, first if first < len(self._hits) else 0
            self._fill()

    def _press(self, key: str) -> None:
        self._text = typed(self._text, key, LONGEST)
        self._search()

    def _clear(self) -> None:
        self._text = ""
        self._search()

    def _turn(self) -> None:
        self.keyboard.turn(1 - self.keyboard.page)
        text = self.say("search.letters" if self.keyboard.page else "search.digits")
        self.page_key.change(text=text, name=text)

    def _search(self) -> None:
        self._hits = {each.product_id: each for each in self._finding.search(self._text, MOST_HITS)}
        self._chosen = next(iter(self._hits), None)
        self._first = 0
        self._fill()

    def _turn_hits(self) -> None:
        """Show the hits that follow, and after the last ones the first again."""
        rows, hits = len(self.list.rows), list(self._hits)
        self._first = self._first + rows if self._first + rows < len(hits) else 0
        self._chosen = hits[self._first]
        self._fill()

    def _choose(self, product_id: int) -> None:
        """A row was tapped: it goes on the lit key; tapped again it is added."""
        if product_id == self._chosen:
            self._add()
            return
        self._chosen = product_id
        self._fill()

    def _add(self) -> None:
        if self._chosen is not None:
            self.desk.show("sell", product_id=self._chosen)

    def _fill(self) -> None:
        found = self.say.count("search.found", len(self._hits)) if len(self._text.strip()) > 1 else ""
        hits, rows = list(self._hits), len(self.list.rows)
        more = "" if len(hits) <= rows else "down" if self._first + rows < len(hits) else "up"
        self.field.change(
            value=self._text, has_caret=True, count=found, more=more, can_clear=bool(self._text)
        )
        self.list.fill_from(hits[self._first :], lambda key: self._row(self._hits[key]), self._chosen)
        product = self._hits.get(self._chosen) if self._chosen is not None else None
        if product is None:
            note = self.say("search.nothing" if found else "search.type")
            self.lit.change(note=note, amount="", is_lit=False)
            return
        price = self._currency.price(self._selling.unit_price(product))
        self.lit.change(note=product.tile_name.replace("\n", " ") or product.name, amount=price, is_lit=True)

    def _row(self, product: Product) -> LineText:
        left = self._selling.left(product)
        known = (self._categories[each] for each in product.category_ids if each in self._categories)
        notes = (number_text(product.number, product.sku), next(known, ""))
        return LineText(
            key=product.product_id,
            name=product.name,
            strong=_matched(product.name, self._text),
            note=" · ".join(note for note in notes if note),
            middle="" if left is None else self.say("search.left", count=max(left, 0)),
            middle_is_low=left is not None and left <= FEW,
            amount=self._currency.amount(self._selling.unit_price(product)),
        )


def _matched(name: str, text: str) -> int:
    """How many of the name's first letters were typed; 0 if it was found by something else."""
    typed = text.strip()
    return len(typed) if typed and name.casefold().startswith(typed.casefold()) else 0
