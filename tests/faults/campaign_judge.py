"""What shop and tills say at the end of the campaign, compared to the cent and to the piece."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from appliance.domain.money import Currency
from appliance.domain.refund import CompletedRefund
from appliance.domain.tender import CompletedSale
from appliance.shops.woocommerce_rest import Json
from tests.faults.campaign_shop import STOCK, Owner, meta_of

DONE = ("completed", "refunded")


@dataclass(slots=True)
class Books:
    """What the tills did, all together.

    Attributes:
        sales, refunds: of money. moves: stock moves, by name.
        units: pieces that left the shop for them, by product; those that came back to the shelf taken off.
    """

    sales: list[CompletedSale] = field(default_factory=list)
    refunds: list[CompletedRefund] = field(default_factory=list)
    moves: set[str] = field(default_factory=set)
    units: Counter[int] = field(default_factory=Counter)


@dataclass(slots=True)
class Differences:
    """Where shop and tills disagree, and what was swept away.

    Attributes:
        orders: sales and stock moves without exactly one completed order, and orders that are nobody's.
        refunds: refunds that are not in the shop exactly once, and those that are nobody's.
        cents: between the tills' totals and the shop's, refunds too.
        units: pieces, over all products.
        unfinished: orders left half-way.
        tills: products whose count a till shows otherwise than the shop, and what a till finds wrong.
        twins: cancelled orders: made by lost answers, swept later. No difference.
        doubled: refunds that were delivered twice on the way, that the shop made twice for it, and that the till found
            and gave to a person; and those of the same sale for which less was left by it. Nothing that a till can send
            makes a plain shop refuse the second.
        miscounted: twins' orders, by the receipt of the sale: a request to cancel one was delivered twice on the way,
            the shop gave its pieces back twice, and the till found that and gave it to a person.
        words: what each difference is.
    """

    orders: int = 0
    refunds: int = 0
    cents: int = 0
    units: int = 0
    unfinished: int = 0
    tills: int = 0
    twins: int = 0
    doubled: set[str] = field(default_factory=set)
    miscounted: dict[str, int] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    @property
    def is_none(self) -> bool:
        """All is where it should be."""
        return not (self.orders or self.refunds or self.cents or self.units or self.unfinished or self.tills)

    def note(self, words: str) -> None:
        """Say what a difference is."""
        self.words.append(words)


def compare(books: Books, owner: Owner, orders: list[Json], on_the_way: Sequence[bytes]) -> Differences:
    """Judge what the shop has against what the tills did; ``on_the_way``: requests that were delivered twice."""
    money, found = owner.currency(), Differences()
    completed = _by_name(orders, found)
    for sale in books.sales:
        had = completed.pop(sale.sale.sale_id, [])
        totals = [money.parse_rounded(each["total"]) for each in had]
        found.cents += abs(sum(totals) - sale.sale.total_minor)
        _expect_one(sale.receipt_number, had, found)
    for move_id in books.moves:
        _expect_one(f"move {move_id}", completed.pop(move_id, []), found)
    for each in completed.values():
        found.orders += len(each)
        found.note(f"orders of nobody: {[order['id'] for order in each]}")
    doubled = _compare_refunds(books.refunds, owner, money, orders, on_the_way, found)
    swept = _swept_twice(owner, orders, on_the_way, found)
    for product, left in owner.stock().items():
        known = doubled[product] + swept[product]
        wrong = STOCK - left - books.units[product] - owner.bought[product] + known
        found.units += abs(wrong)
        if wrong:
            found.note(f"product {product}: the shop took {wrong} pieces too many")
    return found


def _swept_twice(
    owner: Owner, orders: Sequence[Json], on_the_way: Sequence[bytes], found: Differences
) -> Counter[int]:
    """Return the pieces by which counts are off for twins whose cancel was doubled on the way, by their notes."""
    pieces: Counter[int] = Counter()
    asked = [request.partition(b"?")[0] for request in on_the_way]
    for order in orders:
        if order["status"] != "cancelled":
            continue
        if not any(each.startswith(b"POST") and each.endswith(b"/orders/%d" % order["id"]) for each in asked):
            continue
        moved = {product: by for product, by in owner.moved(int(order["id"])).items() if by}
        pieces.update(moved)
        if moved:
            receipt = meta_of(order, "till_receipt_number") or meta_of(order, "till_label")
            found.miscounted[receipt] = int(order["id"])
    return pieces


def _by_name(orders: list[Json], found: Differences) -> dict[str, list[Json]]:
    """Completed orders by the sale or move that they are."""
    completed: dict[str, list[Json]] = {}
    for order in orders:
        if order["status"] in DONE:
            completed.setdefault(meta_of(order, "till_sale_id"), []).append(order)
        elif order["status"] in ("cancelled", "trash"):
            found.twins += 1
        else:
            found.unfinished += 1
            found.note(f"order {order['id']} is left {order['status']}")
    return completed


def _expect_one(name: str, orders: Sequence[Json], found: Differences) -> None:
    found.orders += abs(len(orders) - 1)
    if len(orders) != 1:
        found.note(f"{name} has {len(orders)} completed orders")


def _compare_refunds(
    refunds: Sequence[CompletedRefund],
    owner: Owner,
    money: Currency,
    orders: Sequence[Json],
    on_the_way: Sequence[bytes],
    found: Differences,
) -> Counter[int]:
    """Return the pieces that came back once too often, for those that were doubled on the way."""
    told: dict[str, list[int]] = {}
    pieces: Counter[int] = Counter()
    for order in orders:
        for each in owner.refunds(int(order["id"])) if order["refunds"] else []:
            told.setdefault(meta_of(each, "till_refund_id"), []).append(money.parse_rounded(each["amount"]))
    twice = {
        each.refund.of_sale_id
        for each in refunds
        if len(told.get(each.refund.refund_id, [])) == 2
        and any(each.refund.refund_id.encode() in request for request in on_the_way)
    }
    for refund in refunds:
        amounts, whole = told.pop(refund.refund.refund_id, []), refund.refund.total_minor
        if refund.refund.of_sale_id in twice and (len(amounts) == 2 or amounts < [whole]):
            # Made twice; or less of its order was left for it, since another of that sale was.
            found.doubled.add(refund.receipt_number)
            extra = len(amounts) - 1
            pieces.update({line.stock_id or 0: line.quantity * extra for line in refund.refund.lines})
            continue
        found.refunds += abs(len(amounts) - 1)
        found.cents += abs(sum(amounts) - whole)
        if len(amounts) != 1:
            found.note(f"refund {refund.receipt_number} is there {len(amounts)} times")
    found.refunds += sum(len(each) for each in told.values())
    return pieces
