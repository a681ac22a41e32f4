"""Signing in: a person and four digits; the fourth opens the till."""

from collections.abc import Sequence
from dataclasses import replace

from appliance.domain.staff import Person
from appliance.till.signing_in import PIN_LENGTH
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.marks import Area, Box, Icon, Mark, middle, split, word
from appliance.ui.screen import Screen
from appliance.ui.screens.columns import between, foot, thirds, top_row, two_columns
from appliance.ui.theme import Type
from appliance.ui.widgets.header import Header, HeaderText
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.pad import BACKSPACE, number_pad
from appliance.ui.widgets.person_key import PersonKey
from appliance.ui.widgets.plain import Drawing
from appliance.ui.widgets.sentence import sentences, wrap

BRAND = "Gapless"
CLOCK = Type(116, 116)
CLOCK_GAP = 18
PIN_KEYS = ("7", "8", "9", "4", "5", "6", "1", "2", "3", "", "0", BACKSPACE)
FEW = 6
"""So many people fit on large keys; more get lower keys, five rows of them."""
MORE_PEOPLE = -1


class SignIn(Screen):
    """People on the left, the number pad on the right."""

    def __init__(self, desk: Desk, counter: Counter) -> None:
        super().__init__(desk)
        self.counter = counter
        self._people: Sequence[Person] = ()
        self._page = 0
        self._person: Person | None = None
        self._typed = ""
        self._refusal = ""
        self._time = ""
        left, right = two_columns(self.look.sizes, wide_first=True)
        self.add_header(Header(self.look, brand=BRAND))
        self._build_people(left)
        self._build_pad(right)
        self.round_off(left, right)

    def _build_people(self, left: Area) -> None:
        look, sizes = self.look, self.look.sizes
        self.hello = self.add(Drawing(look, top_row(left, sizes), self._draw_hello))
        room = between(left, sizes, 1)
        self.few = [self.add(PersonKey(look, cell, self._choose)) for cell in split(room, 2, 3)]
        self.many = [self.add(PersonKey(look, cell, self._choose)) for cell in split(room, 2, 5)]
        later = (
            ("practice", "sign_in.practise"),
            ("search", "sign_in.price_check"),
            ("globe", "sign_in.language"),
        )
        for (icon, name), cell in zip(later, split(foot(left, sizes), thirds(left.w)), strict=True):
            self.add(Key(look, cell, self.say(name), icon=icon, is_off=True))

    def _build_pad(self, right: Area) -> None:
        look, sizes = self.look, self.look.sizes
        pad = Area(right.x, sizes.slab_top - 4 * sizes.tile, right.w, 4 * sizes.tile - sizes.seam)
        self.prompt_area = Area(right.x, right.y, right.w, pad.y - sizes.seam - right.y)
        self.prompt = self.add(Drawing(look, self.prompt_area, self._draw_prompt))
        self.pad = number_pad(look, pad, self._type, PIN_KEYS)
        self.add_all(self.pad)
        self.lit = self.add(
            LitKey(look, foot(right, sizes), self.say("sign_in.open"), dots=(0, PIN_LENGTH), is_lit=False)
        )

    # life

    def enter(self, **why: object) -> None:
        """Start afresh: nobody is chosen, unless there is only one."""
        self._people = self.counter.signing_in.people()
        self._page = 0
        self._refusal = ""
        self._person = self._people[0] if len(self._people) == 1 else None
        self._type_none()

    def fill_header(self, text: HeaderText) -> None:
        """On the large panel the time stands large beside the header instead of in it. Midnight changes the date."""
        self._time = text.clock
        self.hello.change(is_stale=True)
        if self.look.is_large:
            self.prompt.change(is_stale=True)
            text = replace(text, clock="")
        super().fill_header(text)

    def on_barcode(self, text: str, symbology: str | None) -> None:
        """Nobody could pay for it yet."""
        self.complain(self.say("sign_in.scan"))

    def complain(self, sentence: str) -> None:
        """Say it where the PIN is asked for; what was typed so far is gone."""
        super().complain(sentence)
        self._refusal = sentence
        self._type_none()

    # what the fingers do

    def _choose(self, key: int) -> None:
        if key == MORE_PEOPLE:
            self._page += 1
        else:
            self._person = next(each for each in self._people if each.person_id == key)
        self._refusal = ""
        self._type_none()

    def _type(self, key: str) -> None:
        if self._person is None or len(self._typed) == PIN_LENGTH:
            return
        self._refusal = ""
        self._typed = self._typed[:-1] if key == BACKSPACE else self._typed + key
        if len(self._typed) == PIN_LENGTH:
            # The fourth dot is drawn before the PIN is checked, which takes a moment by design.
            self.desk.post(self._open)
        self._fill()

    def _open(self) -> None:
        person, pin = self._person, self._typed
        if person is None or len(pin) != PIN_LENGTH or self.desk.screen is not self:
            return
        try:
            signed_in = self.counter.signing_in.sign_in(person.person_id, pin)
        except self.counter.refusals as refused:
            self.complain(str(refused))
            return
        self._typed = ""
        self.counter.selling.hand_over(signed_in)
        self.desk.set_header(replace(self.desk.header, cashier=signed_in.name))
        if self.counter.has_moved():
            self.desk.show("moved")
        else:
            self.desk.show("pay" if self.counter.selling.payment is not None else "sell")

    # what is shown

    def _type_none(self) -> None:
        self._typed = ""
        self._fill()

    def _fill(self) -> None:
        self._fill_people()
        for key in self.pad:
            key.change(is_off=self._person is None or not (key.text or key.icon))
        self.lit.change(dots=(len(self._typed), PIN_LENGTH))
        self.prompt.change(is_stale=True)

    def _fill_people(self) -> None:
        are_few = len(self._people) <= FEW
        for key in self.few:
            key.change(is_shown=are_few)
        for key in self.many:
            key.change(is_shown=not are_few)
        keys = self.few if are_few else self.many
        for key, (person_id, name, note) in zip(keys, self._shown(len(keys)), strict=True):
            chosen = self._person is not None and self._person.person_id == person_id
            key.change(key=person_id, name=name, note=note, is_chosen=chosen)

    def _shown(self, places: int) -> list[tuple[int, str, str]]:
        """Who stands on the keys of this page; the last key turns the page when there are more."""
        people = list(self._people)
        turn: list[tuple[int, str, str]] = []
        if len(people) > places:
            step = places - 1
            start = self._page * step % (-(-len(people) // step) * step)
            people = people[start : start + step]
            turn = [(MORE_PEOPLE, self.say("sign_in.more"), self.say("sign_in.more_note"))]
        rows = [(each.person_id, each.name, self.say(f"sign_in.{each.role.value}")) for each in people]
        return rows + [(0, "", "")] * (places - len(rows) - len(turn)) + turn

    def _draw_hello(self) -> list[Mark]:
        area, sizes = self.hello.area, self.look.sizes
        today = self.counter.today()
        date = f"{today:%A} {today.day} {today:%B}"
        room = area.w - 3 * sizes.inner - self.look.width_of(date, "Medium", sizes.note.px)
        name = self.look.fit(self.counter.shop_name, "SemiBold", sizes.text.px, room)
        right = area.right - sizes.inner
        return [
            Box(area, "panel"),
            word(name, area.x + sizes.inner, middle(area, sizes.text.line), "SemiBold", sizes.text),
            word(date, right, middle(area, sizes.note.line), "Medium", sizes.note, "sand", "right"),
        ]

    def _draw_prompt(self) -> list[Mark]:
        area, sizes = self.prompt_area, self.look.sizes
        marks: list[Mark] = [Box(area, "panel")]
        x, top = area.x + sizes.inner, middle(area, sizes.text.line)
        if self.look.is_large:
            clock_top = middle(area, CLOCK.line + CLOCK_GAP + sizes.text.line)
            marks.append(word(self._time, x, clock_top, "Display", CLOCK))
            top = clock_top + CLOCK.line + CLOCK_GAP
        if self._refusal:
            return marks + self._draw_refusal()
        return [*marks, word(self._prompt(), x, top, "SemiBold", sizes.text)]

    def _prompt(self) -> str:
        if not self._people:
            return self.say("sign_in.nobody")
        if self._person is None:
            return self.say("sign_in.who")
        return self.look.fit(
            self.say("sign_in.pin", person=self._person.name),
            "SemiBold",
            self.look.sizes.text.px,
            self.prompt_area.w - 2 * self.look.sizes.inner,
        )

    def _draw_refusal(self) -> list[Mark]:
        """The sentence on a coral bed, one strong line or two small ones."""
        look, sizes = self.look, self.look.sizes
        row = sizes.row - sizes.seam
        area = Area(self.prompt_area.x, self.prompt_area.bottom - row, self.prompt_area.w, row)
        x = area.x + sizes.inner + sizes.icon + 10
        room = area.right - sizes.inner - x
        size, face = sizes.text, "SemiBold"
        lines = wrap(look, self._refusal, face, size, room)
        if len(lines) > 1:
            size, face = sizes.note, "Medium"
            lines = [look.fit(each, face, size.px, room) for each in sentences(self._refusal)[:2]]
        top = middle(area, size.line * len(lines))
        icon = Icon(area.x + sizes.inner, middle(area, sizes.icon), "stop", sizes.icon, "coral")
        text = [word(line, x, top + at * size.line, face, size) for at, line in enumerate(lines)]
        return [Box(area, "coral-bed"), icon, *text]
