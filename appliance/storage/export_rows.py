"""The table of an export: one row for each sale and each refund, as a spreadsheet shows it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from decimal import Decimal
from typing import Final

from appliance.domain.money import Currency
from appliance.domain.tender import CompletedSale, TenderKind
from appliance.storage.chain import SALE, Entry
from appliance.storage.codec import completed_from_text
from appliance.storage.database import Database
from appliance.storage.instants import to_instant
from appliance.storage.refund_codec import refund_from_dict
from appliance.storage.refunds import REFUND

_RATES: Final = """
SELECT DISTINCT rate_ppm FROM (SELECT rate_ppm FROM sale_line UNION SELECT rate_ppm FROM refund_line)
ORDER BY rate_ppm DESC"""


class SaleTable:
    """Makes the rows. Amounts are decimal numbers of the currency; those of refunds are below nothing."""

    def __init__(self, db: Database, currency: Currency, zone: tzinfo) -> None:
        """Use a connection of the calling thread; the tax rates that were ever used become columns."""
        self._db, self._currency, self._zone = db, currency, zone
        self._rates = [row[0] for row in db.rows(_RATES)]

    @property
    def heading(self) -> list[str]:
        """The names of the columns."""
        taxes = [f"tax {Decimal(rate) / 10_000:f}%" for rate in self._rates]
        tenders = [kind.value for kind in TenderKind]
        return [
            "entry",
            "receipt",
            f"time ({self._zone})",
            "time UTC",
            "clock",
            "cashier",
            "lines",
            "total",
        ] + ([*taxes, *tenders, "change"])

    def rows(self, entries: Sequence[Entry]) -> list[list[str]]:
        """The rows of those entries that are sales or refunds."""
        made = {SALE: self._sale, REFUND: self._refund}
        return [made[entry.kind](entry) for entry in entries if entry.kind in made]

    def _sale(self, entry: Entry) -> list[str]:
        completed: CompletedSale = completed_from_text(entry.body)
        sale, payment = completed.sale, completed.payment
        taxes: dict[int, int] = defaultdict(int)
        for line in sale.lines:
            taxes[line.rate_ppm] += sale.line_tax_minor(line)
        paid: dict[str, int] = defaultdict(int)
        for tender in payment.tenders:
            paid[tender.kind.value] += tender.amount_minor
        said = [self._line(each.quantity, each.name, sale.line_gross_minor(each)) for each in sale.lines]
        who = (completed.receipt_number, completed.cashier_name)
        return self._row(entry, who, said, sale.total_minor, taxes, paid, payment.change_minor)

    def _refund(self, entry: Entry) -> list[str]:
        completed = refund_from_dict(json.loads(entry.body))
        refund = completed.refund
        taxes: dict[int, int] = defaultdict(int)
        for line in refund.lines:
            taxes[line.rate_ppm] -= line.tax_minor
        said = [self._line(line.quantity, line.name, -line.amount_minor) for line in refund.lines]
        who = (completed.receipt_number, completed.cashier_name)
        paid = {completed.tender.value: -completed.paid_minor}
        return self._row(entry, who, said, -refund.total_minor, taxes, paid, 0)

    def _row(
        self,
        entry: Entry,
        who: tuple[str, str],
        lines: list[str],
        total_minor: int,
        taxes: Mapping[int, int],
        paid: Mapping[str, int],
        change_minor: int,
    ) -> list[str]:
        at = to_instant(entry.at)
        amounts = [total_minor, *(taxes.get(rate, 0) for rate in self._rates)]
        amounts += [*(paid.get(kind.value, 0) for kind in TenderKind), change_minor]
        here = at.astimezone(self._zone).strftime("%Y-%m-%d %H:%M:%S")
        told = [str(entry.seq), who[0], here, entry.at, entry.clock or "not kept", who[1], "; ".join(lines)]
        return [*map(_harmless, told), *map(self._amount, amounts)]

    def _line(self, quantity: int, name: str, amount_minor: int) -> str:
        return f"{quantity} x {name} = {self._amount(amount_minor)}"

    def _amount(self, minor: int) -> str:
        return f"{Decimal(minor).scaleb(-self._currency.exponent):f}"


def _harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: a product may be called "=1+1"."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
