"""A question as WordPress takes it apart: parameters and their types, paging, chosen fields, answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Final

from appliance.demo.shop.database import Row, ShopDatabase
from appliance.demo.shop.errors import Json, bad_parameter

MAX_PER_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Ask:
    """One question.

    Attributes:
        method: GET, POST, PUT, PATCH, DELETE or OPTIONS.
        query: the parameters of the URL.
        body: of a write; {} without one.
        database: the shop's file.
        url: of the shop, for links.
        work_seconds: how long PHP takes between looking and acting.
    """

    method: str
    query: Mapping[str, str]
    body: Json
    database: ShopDatabase
    url: str
    work_seconds: float = 0.0

    def text(self, name: str, default: str = "") -> str:
        """A parameter, of the body before the URL's."""
        value = self.body.get(name, self.query.get(name, default))
        return str(value) if value is not None else default

    def flag(self, name: str) -> bool:
        """A parameter that is true or not."""
        return self.text(name).lower() in ("1", "true", "yes")

    def choices(self, name: str, allowed: Sequence[str]) -> list[str]:
        """A list with commas of allowed words, [] if it was not given."""
        found = [each.strip() for each in self.text(name).split(",") if each.strip()]
        for place, each in enumerate(found):
            if each not in allowed:
                message = f"{name}[{place}] is not one of {', '.join(allowed[:-1])}, and {allowed[-1]}."
                raise bad_parameter(name, message, "rest_not_in_enum")
        return found

    def number(self, name: str, default: int, low: int, high: int | None) -> int:
        """A whole number within bounds."""
        text = self.text(name, str(default))
        if not text.lstrip("-").isdigit():
            raise bad_parameter(name, f"{name} is not of type integer.", data={"param": name})
        value = int(text)
        if high is not None and not low <= value <= high:
            message = f"{name} must be between {low} (inclusive) and {high} (inclusive)"
            raise bad_parameter(name, message, "rest_out_of_bounds")
        if value < low:
            raise bad_parameter(name, f"{name} must be greater than or equal to {low}", "rest_out_of_bounds")
        return value

    def instant(self, name: str) -> str | None:
        """An instant as the file keeps them, None if it was not given.

        The trap: a "Z" or an offset is dropped, not heeded, where ``dates_are_gmt`` is set; both are one here, in a
        shop whose zone is UTC.
        """
        text = self.text(name)
        if not text:
            return None
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            raise bad_parameter(name, "Invalid date.", "rest_invalid_date") from None
        offset = at.utcoffset() or timedelta(0)
        return (at.replace(tzinfo=None) - offset).isoformat(timespec="seconds")


@dataclass(slots=True)
class Where:
    """Conditions of a list, gathered one by one."""

    conditions: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)

    def add(self, condition: str, *values: object) -> None:
        """One more, with its values."""
        self.conditions.append(condition)
        self.values.extend(values)

    def one_of(self, column: str, values: Iterable[object]) -> None:
        """The column is one of these."""
        kept = list(values)
        self.add(f"{column} IN ({', '.join('?' * len(kept))})", *kept)

    @property
    def sql(self) -> str:
        """Ready for SQL."""
        return " AND ".join(self.conditions) or "1"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def listed(
    ask: Ask, table: str, where: Where, orders: Mapping[str, str], shown: Callable[[Row], Json], default: str
) -> Reply:
    """One page of a table, with the counts in its headers; past the end it is empty, not an error."""
    per_page = ask.number("per_page", 10, 1, MAX_PER_PAGE)
    page = ask.number("page", 1, 1, None)
    by = ask.text("orderby", default)
    if by not in orders:
        raise bad_parameter("orderby", f"orderby is not one of {', '.join(orders)}.", "rest_not_in_enum")
    direction = ask.text("order", "desc").lower()
    if direction not in ("asc", "desc"):
        raise bad_parameter("order", "order is not one of asc and desc.", "rest_not_in_enum")
    total = int(ask.database.value(f"SELECT count(*) FROM {table} WHERE {where.sql}", where.values))
    rows = ask.database.rows(
        f"SELECT * FROM {table} WHERE {where.sql} ORDER BY {orders[by]} {direction}, id {direction} LIMIT ? OFFSET ?",
        [*where.values, per_page, (page - 1) * per_page],
    )
    headers = {"X-WP-Total": str(total), "X-WP-TotalPages": str(ceil(total / per_page))}
    return Reply([shown(row) for row in rows], 200, headers)


def chosen(body: Any, fields: str) -> Any:
    """Keep the fields that were asked for; "a.b" keeps b of a."""
    names = [each.strip() for each in fields.split(",") if each.strip()]
    if not names:
        return body
    if isinstance(body, list):
        return [chosen(each, fields) for each in body]
    if not isinstance(body, dict):
        return body
    kept: Json = {}
    for key, value in body.items():
        inner = [each.split(".", 1)[1] for each in names if each.startswith(f"{key}.")]
        if key in names:
            kept[key] = value
        elif inner:
            kept[key] = chosen(value, ",".join(inner))
    return kept
