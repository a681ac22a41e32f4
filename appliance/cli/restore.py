"""A till made anew from its stick, and from what the shop knows, on a new card."""

from __future__ import annotations

import argparse
import sys
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from appliance.cli import now
from appliance.cli._agreeing import Agreement, agree
from appliance.machine.keyring import Keyring
from appliance.machine.signatures import is_signed_by
from appliance.settings import Settings, load, load_secrets
from appliance.shops.errors import ShopError
from appliance.shops.http import HttpClient
from appliance.shops.woocommerce_rest import Rest
from appliance.shops.woocommerce_sales import sales
from appliance.storage.database import Database
from appliance.storage.instants import to_instant
from appliance.storage.restoring import Restore, RestoreError, Source, sources_in


def options(parser: argparse.ArgumentParser) -> None:
    """What may be given."""
    parser.add_argument(
        "--stick", type=Path, required=True, help="where the stick is, or the till's folder on it"
    )
    parser.add_argument("--no-shop", action="store_true", help="do not ask the shop which sales it holds")
    parser.add_argument("--till", default="", metavar="ID", help="which till, if the stick holds several")


def run(arguments: argparse.Namespace) -> int:
    """Rebuild the till's journal from the stick; 1 where sales could be lost or the shop could not be asked."""
    settings = load(arguments.settings)
    settings.till.data.mkdir(parents=True, exist_ok=True)
    source = _chosen(sources_in(arguments.stick), arguments.till)
    print(f"{source.owner.name}, receipts {source.owner.series}, from {source.folder}")
    with Restore(settings.database, now) as restore:
        replayed = restore.build(source, is_signed_by, _progress("entries read and checked"))
        is_signed = " and signed" if source.emergency is None else ""
        print(f"Every entry up to {replayed.head.seq:,} is whole, in its place{is_signed}.")
        try:
            found = _asked(settings, restore.db) if not arguments.no_shop else None
        except ShopError as error:
            print(f"till: {error}", file=sys.stderr)
            print("Nothing was restored. Try again when the shop answers, or restore with --no-shop.")
            return 1
        restore.finish()
    if not settings.till.keys_file.exists():
        Keyring.make(settings.till.keys_file)
    _tell(replayed.sales, found)
    return 1 if found is not None and found.nowhere else 0


def _chosen(found: list[Source], till: str) -> Source:
    """The till that was named, or the only one; of one till's folders, made under several ids, the longest."""
    wanted = [source for source in found if source.owner.till_id.startswith(till)]
    if not wanted:
        raise RestoreError(f"The stick holds no till {till}.")
    if len({source.first_hash for source in wanted}) > 1:
        names = ", ".join(f"{each.owner.till_id[:8]} ({each.owner.name})" for each in wanted)
        raise RestoreError(f"The stick holds several tills: {names}. Say which one: --till ID")
    return wanted[0]


def _asked(settings: Settings, db: Database) -> Agreement:
    secrets = load_secrets(settings.shop.secrets_file)
    http = HttpClient(
        settings.shop.url,
        deadline_seconds=settings.shop.deadline_seconds,
        ca_file=settings.shop.ca_file or None,
    )
    rest = Rest(http, secrets.key, secrets.secret, now=now, new_id=lambda: uuid.uuid4().hex)
    since = _first_sale(db)
    pages = iter(()) if since is None else sales(rest, settings.money.of, since)
    return agree(db, pages, now(), _progress("sales of the shop compared"))


def _first_sale(db: Database) -> datetime | None:
    row = db.one("SELECT min(completed_at) FROM sale")
    return None if row is None or row[0] is None else to_instant(row[0])


def _tell(count: int, found: Agreement | None) -> None:
    if found is None:
        print(f"{count:,} sales rebuilt. The shop was not asked: the till looks for each before it sends it.")
    else:
        print("\n".join(found.sentences()))
    print("People are not on the stick. Let them sign in again: till staff --add NAME")
    print("At its first start the till asks for one confirmation, and goes on under a new receipt series.")


def _progress(words: str) -> Callable[[int], None]:
    """Says how far it is, on one line of a terminal; nothing where nobody watches."""

    def say(count: int) -> None:
        if sys.stdout.isatty():
            print(f"\r{count:,} {words} ", end="", flush=True)

    return say
