"""What the page says: the list with names and prices, row by row, and the lit key."""

from __future__ import annotations

from datetime import date

from appliance.domain.money import Currency
from appliance.receipts.wording import weekday_and_day
from appliance.till.booking_rows import ListRow, Preview
from appliance.ui.screens.book.sheet import Sheet
from appliance.ui.strings import Words
from appliance.ui.widgets.lines import LineText

OF_SALE = 100_000
"""Keys of rows from here on are those of a sale's own row."""


def rows_of(
    preview: Preview, sheet: Sheet, currency: Currency, say: Words
) -> tuple[list[LineText], int | None]:
    """A row for each item, under a row for each sale where there are several; and which row the keys change."""
    texts: list[LineText] = []
    chosen = None
    for key, row in enumerate(preview.rows):
        written = row.written
        if preview.count > 1 and written.item == 1:
            name, amount = (
                say("book.sale", number=written.sale),
                currency.amount(preview.amount_of(written.sale)),
            )
            texts.append(
                LineText(OF_SALE + written.sale, name, amount, icon="receipt", icon_colour="sand", strong=99)
            )
        is_typed = sheet.key_of(written.sale, written.item) == sheet.at
        chosen = key if is_typed else chosen
        texts.append(_row(key, row, currency, say("book.typing") if is_typed else ""))
    return texts, chosen


def _row(key: int, row: ListRow, currency: Currency, typing: str) -> LineText:
    written = row.written
    if row.wrong and typing:
        return LineText(key, written.text, note=typing, is_off=True)
    if row.wrong:
        return LineText(key, written.text, note=row.wrong, icon="unknown", icon_colour="coral")
    price, quantity = currency.amount(row.unit_price_minor), written.quantity
    note = f"{written.number} · {quantity:,} × {price}" if quantity > 1 else f"{written.number}"
    return LineText(
        key,
        row.name,
        currency.amount(row.amount_minor),
        quantity=f"{quantity:,}",
        note=note,
        hint=", ".join(row.hints).capitalize(),
        is_one=quantity == 1,
    )


def day_words(day: date, today: date, say: Words) -> tuple[str, str]:
    """The day's key: "Today" over "Fri 21 Nov", "Wed 19 Nov" over "2 days ago"."""
    ago, name = (today - day).days, weekday_and_day(day)
    if ago > 1:
        return name, say("book.days_ago", count=ago)
    return say("book.yesterday" if ago else "book.today"), name


def lit_words(preview: Preview, day: str, currency: Currency, say: Words) -> dict[str, str | bool]:
    """What the lit key says: how many sales, how they were paid, for how much."""
    if not preview.rows:
        return {"verb": say("book.key"), "note": say("book.nothing_yet"), "amount": "", "is_lit": False}
    is_ready = not preview.troubles
    items = say.count("till.items", preview.items)
    note = say("book.key_note", items=items, paid=say(f"book.{preview.tender.value}"), day=day)
    return {
        "verb": say.count("book.key", preview.count),
        "note": note if is_ready else preview.day_trouble or say("book.mend"),
        "amount": currency.price(preview.total_minor),
        "is_lit": is_ready,
    }
