"""The price list as a page for an office printer: one file, nothing fetched, two columns on A4."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape
from typing import Final

from appliance.domain.money import Currency
from appliance.receipts.price_list import HOW, TITLE, PriceRow, PriceSection
from appliance.receipts.wording import counted, short_day

_STYLE: Final = """
@page { size: A4; margin: 12mm 12mm 14mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 8mm; max-width: 210mm; color: #000; background: #fff;
  font: 9.5pt/1.28 "Inter", "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; }
@media print { body { padding: 0; } }
header { display: flex; align-items: baseline; justify-content: space-between; gap: 1em;
  border-bottom: 1.2pt solid #000; padding-bottom: 2mm; }
h1 { margin: 0; font-size: 17pt; line-height: 1.1; }
header p, .how { margin: 0; }
.how { padding: 1.5mm 0 3mm; color: #333; }
main { columns: 2; column-gap: 9mm; column-rule: .4pt solid #bbb; }
h2 { margin: 3mm 0 .6mm; font-size: 10.5pt; break-after: avoid; }
main > section:first-child h2 { margin-top: 0; }
table { width: 100%; border-collapse: collapse; }
caption { display: none; }
tr { break-inside: avoid; border-bottom: .3pt solid #ccc; }
td { padding: .7mm 0; vertical-align: baseline; }
.number { width: 4.4em; padding-right: .8em; text-align: right; font-weight: 700; font-size: 10.5pt; }
.price { width: 5.4em; text-align: right; font-weight: 600; white-space: nowrap; }
.name { overflow-wrap: anywhere; }
small { color: #666; font-size: 7.5pt; white-space: nowrap; }
footer { margin-top: 4mm; padding-top: 1.5mm; border-top: .6pt solid #000; color: #333; break-inside: avoid; }
""".strip()


def price_page(sections: Sequence[PriceSection], shop: str, currency: Currency, at: datetime) -> str:
    """The page, as HTML.

    Args:
        sections: what stands on it.
        shop: its name.
        currency: of the till.
        at: when the prices were these, in the shop's time zone.
    """
    when = f"{short_day(at)} {at.year}, {at:%H:%M}"
    title = f"{TITLE}, {shop}" if shop else TITLE
    products = counted(sum(len(section.rows) for section in sections), "product", "products")
    return "\n".join(
        (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f"<title>{escape(title)}, {escape(when)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>",
            f"<header><h1>{escape(title)}</h1><p>{escape(when)}</p></header>",
            f'<p class="how">{escape(HOW)}</p>\n<main>',
            *(line for section in sections for line in _section(section, currency)),
            f"</main>\n<footer>{products}. Prices in {escape(currency.code)} as of {escape(when)}.</footer>",
            "</body>\n</html>\n",
        )
    )


def _section(section: PriceSection, currency: Currency) -> Iterator[str]:
    name = escape(section.name)
    yield f"<section><h2>{name}</h2><table><caption>{name}</caption>"
    for row in section.rows:
        yield _row(row, currency)
    yield "</table></section>"


def _row(row: PriceRow, currency: Currency) -> str:
    sku = f" <small>{escape(row.sku)}</small>" if row.sku else ""
    price = escape(currency.amount(row.price_minor))
    return (
        f'<tr><td class="number">{row.number}</td><td class="name"><bdi>{escape(row.name)}</bdi>{sku}</td>'
        f'<td class="price">{price}</td></tr>'
    )
