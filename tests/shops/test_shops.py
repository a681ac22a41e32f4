"""Every shop that there is keeps the contract: the demo's, and a real WooCommerce where one is given.

    TILL_SHOP_URL=https://... TILL_SHOP_KEY=ck_... TILL_SHOP_SECRET=cs_... [TILL_SHOP_CA=FILE] pytest tests/shops

The real one must be a shop to play with: tests make products and orders in it and leave them there.
"""

from __future__ import annotations

from tests.shops.contract import OrdersContract
from tests.shops.contract_catalogue import CatalogueContract
from tests.shops.contract_changes import ChangesContract
from tests.shops.contract_claims import ClaimsContract
from tests.shops.contract_mirrored import PeopleContract, WebOrdersContract
from tests.shops.contract_moves import MovesContract
from tests.shops.contract_refunds import RefundsContract


class TestOrders(OrdersContract):
    """Sales."""


class TestCatalogue(CatalogueContract):
    """Products."""


class TestChanges(ChangesContract):
    """What changed."""


class TestWebOrders(WebOrdersContract):
    """Orders of any origin."""


class TestPeople(PeopleContract):
    """Coupons and customers."""


class TestClaims(ClaimsContract):
    """Which order a sale is, and the journal's anchor."""


class TestMoves(MovesContract):
    """Stock that moves without a sale."""


class TestRefunds(RefundsContract):
    """Money that goes back."""
