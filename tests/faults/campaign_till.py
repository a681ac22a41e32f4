"""A till of the campaign: its file, and the real sync service in a process that is killed."""

from __future__ import annotations

import logging
import random
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from appliance.domain.money import currency
from appliance.shops.http import HttpAnswer, HttpClient
from appliance.shops.woocommerce import WooCommerce
from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.sync.backoff import Backoff
from appliance.sync.service import Service
from tests.sync.conftest import Clock, Machine, build_service

DEADLINE_SECONDS = 0.6
LATE = timedelta(seconds=6)
"""Longer than any request of the campaign is under way."""

POLL = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a till is, and how it reaches the shop; goes to another process.

    Attributes:
        file: the till's.
        series: of its receipts.
        cable_url: where it connects to; shop_url: the address that it signs.
        late: see :class:`~appliance.sync.sweep.Sweep`.
        deadline_seconds: of each request.
        poll: between two looks; the bad network shall meet the download too.
        first_wait_seconds, longest_wait_seconds: of a shop that is lost.
    """

    file: Path
    series: str
    cable_url: str
    shop_url: str
    key: str
    secret: str
    currency: str = "EUR"
    late: timedelta = LATE
    deadline_seconds: float = DEADLINE_SECONDS
    poll: timedelta = POLL
    first_wait_seconds: float = 0.05
    longest_wait_seconds: float = 0.2


class Detour(HttpClient):
    """Reaches the shop through a cable, and signs what the shop sees: a real one knows itself by one name only."""

    def __init__(self, cable_url: str, shop_url: str, deadline_seconds: float) -> None:
        super().__init__(shop_url, deadline_seconds=deadline_seconds)
        self._cable_url = cable_url
        self._host = urlsplit(shop_url).netloc

    def _exchange(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
        through = url.replace(self.base_url, self._cable_url, 1)
        return super()._exchange(method, through, {**headers, "Host": self._host}, body)


def open_till(place: Place) -> Database:
    """The till's file; it is made at the first time."""
    database = Database.open(place.file, now=Clock())
    if not Identity(database).exists():
        Identity(database).create(uuid.uuid4().hex, place.series, place.currency)
    return database


@contextmanager
def serving(place: Place, database: Database, clock: Clock, boot_id: str) -> Iterator[Service]:
    """The real service, which is soon patient again and looks early for what came late."""
    http = Detour(place.cable_url, place.shop_url, place.deadline_seconds)
    shop = WooCommerce(
        http, place.key, place.secret, currency(place.currency), now=clock, new_id=lambda: uuid.uuid4().hex
    )
    built = build_service(shop, database, clock, Machine(boot_id))
    service = replace(
        built,
        sweep=replace(built.sweep, late=place.late),
        download=replace(built.download, currency=place.currency),
        poll=place.poll,
        backoff=Backoff(random.random, place.first_wait_seconds, place.longest_wait_seconds),
    )
    errands = service.errands
    assert errands is not None
    errands.sweep = replace(errands.sweep, late=place.late, chance=lambda: 0.0)
    errands.refund_telling = replace(errands.refund_telling, late=place.late)
    service.poll = POLL
    service.backoff = Backoff(random.random, first_seconds=0.05, ceiling_seconds=0.2)
    try:
        yield service
    finally:
        http.close()


def bring(place: Place, boot_id: str, seed: int) -> None:
    """Go round without end, until killed: every other round by somebody who taps "Try now"."""
    logging.disable(logging.WARNING)  # each lost answer has a line of its own
    chance = random.Random(seed)
    with open_till(place) as database, serving(place, database, Clock(), boot_id) as service:
        while True:
            service.round(force=chance.random() < 0.5)
            time.sleep(0.02)
