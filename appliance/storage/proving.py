"""The test of a backup: is it a whole till? It is restored, as a technician would, and its parts must agree."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import apsw

from appliance.storage.chain import Link, head
from appliance.storage.database import Database
from appliance.storage.errors import StorageError
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal

_GROSS: Final = "l.quantity * l.unit_price_minor + iif(s.prices_include_tax, 0, l.tax_minor)"
_RULES: Final = (
    (
        "a sale's lines do not add up to its total",
        f"""SELECT count(*) FROM sale AS s WHERE (s.total_minor, s.tax_minor) IS NOT
        (SELECT coalesce(sum({_GROSS}), 0), coalesce(sum(l.tax_minor), 0) FROM sale_line AS l WHERE l.seq = s.seq)""",
    ),
    (
        "a sale's payments do not add up to its total",
        """SELECT count(*) FROM sale AS s WHERE s.total_minor + s.rounding_minor <>
        (SELECT coalesce(sum(t.amount_minor), 0) FROM sale_tender AS t WHERE t.seq = s.seq)""",
    ),
    (
        "the receipt numbers have a gap",
        """SELECT count(*) FROM (SELECT series, number FROM sale UNION ALL SELECT series, number FROM refund)
        GROUP BY series HAVING count(*) <> max(number) OR count(*) <> count(DISTINCT number) OR min(number) <> 1""",
    ),
    (
        "a sale is missing among those that the shop must hear of",
        "SELECT count(*) FROM sale WHERE seq NOT IN (SELECT seq FROM outbox)",
    ),
    (
        "a refund is missing among those that the shop must hear of",
        "SELECT count(*) FROM refund WHERE seq NOT IN (SELECT seq FROM refund_outbox)",
    ),
    (
        "a stock move is missing among those that the shop must hear of",
        "SELECT count(*) FROM stock_move WHERE seq NOT IN (SELECT seq FROM stock_move_outbox)",
    ),
    (
        "a stock move is missing that the journal knows",
        """SELECT count(*) FROM (SELECT seq FROM journal WHERE kind <> 'sale' AND kind = 'stock-move'
        EXCEPT SELECT seq FROM stock_move)""",
    ),
    (
        "a sale is not what the journal says",
        """SELECT count(*) FROM sale AS s JOIN journal AS j USING (seq)
        WHERE (s.sale_id, s.total_minor, s.series || '-' || format('%06d', s.number))
        IS NOT (j.body ->> '$.sale.id', j.body ->> '$.payment.total', j.body ->> '$.receipt')""",
    ),
    *(
        (
            f"the journal and the table {table} differ",
            f"""WITH told AS (SELECT seq FROM journal WHERE {kinds})
            SELECT (SELECT count(*) FROM (SELECT seq FROM told EXCEPT SELECT seq FROM {table}))
            + (SELECT count(*) FROM (SELECT seq FROM {table} EXCEPT SELECT seq FROM told))""",
        )
        for table, kinds in (
            ("sale", "kind = 'sale'"),
            ("refund", "kind <> 'sale' AND kind = 'refund'"),
            ("cash_move", "kind <> 'sale' AND kind IN ('float', 'paid-in', 'paid-out')"),
            ("z_report", "kind <> 'sale' AND kind = 'z-report'"),
        )
    ),
    (
        "a Z report does not add up",
        """SELECT count(*) FROM z_report AS z WHERE (z.sales, z.total_minor) IS NOT
        (SELECT count(*), coalesce(sum(total_minor), 0) FROM sale WHERE seq BETWEEN z.first_seq AND z.last_seq)
        OR (z.refunds, z.refunded_minor) IS NOT
        (SELECT count(*), coalesce(sum(total_minor), 0) FROM refund WHERE seq BETWEEN z.first_seq AND z.last_seq)
        OR z.grand_total_minor <>
        (SELECT sum(p.total_minor - p.refunded_minor) FROM z_report AS p WHERE p.seq <= z.seq)""",
    ),
)


def head_of(path: Path) -> Link:
    """The newest entry of a till's file that nobody writes to. The file is not touched.

    Raises:
        apsw.Error: it is no such file.
    """
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    connection = apsw.Connection(f"{path.absolute().as_uri()}?immutable=1", flags=flags)
    try:
        return head(connection)
    finally:
        connection.close()


def prove(copy: Path, live: Database, at_least: int) -> str:
    """Open the copy of a backup as a till and look for anything that is not as it should be.

    Args:
        copy: is written to.
        live: the file that it is a backup of.
        at_least: the number of an entry that must be in it.

    Returns:
        What is wrong, "" if it is a whole till.
    """
    try:
        with Database.open(copy, now=live.now) as restored:
            restored.check()
            return _compare(restored, live, at_least) or broken_rule(restored) or _chain(restored)
    except StorageError as error:
        return f"it cannot be restored: {error}"


def broken_rule(db: Database) -> str:
    """The first thing in a till's file that does not agree with the rest, "" if all does."""
    for words, sql in _RULES:
        if any(row[0] for row in db.rows(sql)):
            return words
    return ""


def _compare(restored: Database, live: Database, at_least: int) -> str:
    last = restored.one("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1") or (0, None)
    if last[0] < at_least:
        return f"it ends with entry {last[0]}, and {at_least} was there before"
    if last[0] and live.one("SELECT hash FROM journal WHERE seq = ?", last[:1]) != (last[1],):
        return f"its last entry, {last[0]}, is not the till's"
    return ""


def _chain(restored: Database) -> str:
    broken = Journal(restored, Identity(restored).get()).verify()
    return "" if broken is None else f"entry {broken} of the journal was changed"
