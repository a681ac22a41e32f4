"""A new till on a real file for each test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from appliance.domain.catalogue import CatalogueChanges, Product
from appliance.domain.staff import Person
from appliance.storage.catalogue import Catalogue
from appliance.storage.database import Database
from appliance.storage.drafts import Drafts
from appliance.storage.identity import TillIdentity
from appliance.storage.journal import Journal, Recorded
from appliance.storage.outbox import Outbox
from appliance.storage.oversold import OversoldUnits
from appliance.storage.sealed import Sealer
from tests.storage.samples import NOON, Clock, fresh_till, paid, sale, seal, ticking


@dataclass
class Till:
    """A till's parts on one connection."""

    db: Database
    identity: TillIdentity
    person: Person
    now: Clock

    def __post_init__(self) -> None:
        self.journal = Journal(self.db, self.identity, "Till at the door", seal())
        self.drafts = Drafts(self.db)
        self.catalogue = Catalogue(self.db, self.now)
        self.outbox = Outbox(self.db)

    def sell(self, number: int, lines: int = 5) -> Recorded:
        """Complete the made-up sale with this number."""
        made = sale(number, lines)
        return self.journal.record(made, paid(made, 55), self.person, NOON)

    def oversold(self, sealer: Sealer) -> OversoldUnits:
        """The units sold twice, as who has this key reads them."""
        return OversoldUnits(self.db, sealer)

    def learn(self, *products: Product) -> None:
        """Apply products, as the sync service does."""
        self.catalogue.apply(CatalogueChanges(products, read_at=NOON))


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    now = ticking()
    db, identity, person = fresh_till(tmp_path / "till.db", now)
    yield Till(db, identity, person, now)
    db.close()
