"""Virtual time, and values as if another moment were now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from tests.faults.model_orders import ShopState

START: Final = datetime(2026, 11, 21, 9, tzinfo=UTC)


@dataclass(slots=True)
class Clock:
    """Time that passes only when it is told to."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, time_span: timedelta) -> None:
        self.now += time_span


def at(instant: datetime | None, back: timedelta) -> datetime | None:
    return None if instant is None else instant + back


def shop_moved(shop: ShopState, back: timedelta) -> ShopState:
    return shop._replace(
        orders=tuple(each._replace(created_at=each.created_at + back) for each in shop.orders),
        last_list=tuple(each._replace(created_at=each.created_at + back) for each in shop.last_list),
        flights=tuple(each._replace(latest=each.latest + back) for each in shop.flights),
    )
