"""A few words of one's own: a field, and the keyboard of the search."""

from __future__ import annotations

from collections.abc import Callable

from appliance.ui.desk import Desk
from appliance.ui.marks import Area, split
from appliance.ui.screen import Screen
from appliance.ui.typed import typed
from appliance.ui.widgets.field import Field
from appliance.ui.widgets.header import Header
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.notice import Notice
from appliance.ui.widgets.pad import Keyboard
from appliance.ui.widgets.points import Point, Points

LONGEST = 120


class Note(Screen):
    """Shown with a `title`, what the note is `about`, its `text` so far, and what to do with it when it is `done`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._text = ""
        self._done: Callable[[str], None] = lambda _text: None
        self._back = "sell"
        look, say, sizes = self.look, self.say, self.look.sizes
        self.add_header(Header(look, back=say("approve.back"), title=say("note.title"), on_back=self._leave))
        width = sizes.width - 2 * sizes.margin
        block = Area(sizes.margin, sizes.head, width, sizes.body)
        self.field = self.add(
            Field(look, block._replace(h=sizes.row - sizes.seam), icon="note", on_clear=self._clear)
        )
        letters = (4 if look.is_large else 3) * sizes.row
        keyboard = Area(block.x, sizes.slab_top - letters, width, letters - sizes.seam)
        top = sizes.head + sizes.row
        self.about = self.add(Points(look, Area(block.x, top, width, keyboard.y - sizes.seam - top)))
        self.keyboard = Keyboard(look, keyboard, self._press)
        self.add_all(self.keyboard.parts)
        base = Area(block.x, sizes.slab_top, width, sizes.slab)
        first, space, lit = split(base, (300, 456, 500) if look.is_large else (112, 230, 442))
        self.page_key = self.add(
            Key(look, first, "" if look.is_large else say("search.digits"), self._turn, is_off=look.is_large)
        )
        self.add(Key(look, space, say("search.space"), lambda: self._press(" ")))
        self.lit = self.add(LitKey(look, lit, say("note.key"), self._finish, icon="next"))
        self.notice = self.add(Notice(look, self.field.area))
        self.round_off(block)

    def enter(self, **why: object) -> None:
        """Begin with the text so far; shown without anything to do, go back to selling."""
        done = why.get("done")
        if not callable(done):
            self.desk.show("sell")
            return
        self._done, self._back = done, str(why.get("back", "sell"))
        self._text = str(why.get("text", ""))
        self.about.change(points=(Point("info", str(why.get("about", ""))),))
        self.notice.change(is_shown=False)
        page = why.get("page")
        self.keyboard.turn(page if isinstance(page, int) else 0)
        self._fill()

    def on_barcode(self, text: str, symbology: str | None) -> None:
        """A scan waits for the note."""
        self.desk.play("refused")

    def complain(self, sentence: str) -> None:
        """Say it over the field."""
        super().complain(sentence)
        self.notice.say("stop", sentence, self.desk.seconds())

    def _press(self, key: str) -> None:
        text = typed(self._text, key, LONGEST)
        self._text = text if self._text else text.upper()
        self.notice.change(is_shown=False)
        self._fill()

    def _clear(self) -> None:
        self._text = ""
        self._fill()

    def _turn(self) -> None:
        self.keyboard.turn(1 - self.keyboard.page)
        text = self.say("search.letters" if self.keyboard.page else "search.digits")
        self.page_key.change(text=text, name=text)

    def _finish(self) -> None:
        self._done(" ".join(self._text.split()))
        self._leave()

    def _leave(self) -> None:
        if self.desk.screen is self:
            self.desk.show(self._back)

    def _fill(self) -> None:
        self.field.change(value=self._text, has_caret=True, can_clear=bool(self._text))
        name = "note.keep" if self._text.strip() else "note.none"
        self.lit.change(note=self.say(name))
