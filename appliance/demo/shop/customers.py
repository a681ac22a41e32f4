"""Customers, as far as a till mirrors them (recorded: customer, customers_list)."""

from __future__ import annotations

import json
from typing import Final

from appliance.demo.shop.asking import Ask, Reply, Where, listed
from appliance.demo.shop.database import Row
from appliance.demo.shop.errors import Json, RestError, bad_parameter

ORDERS: Final = {"id": "id", "include": "id", "registered_date": "created", "name": "id"}
_PLACES: Final = (
    "first_name", "last_name", "company", "address_1", "address_2", "city", "postcode", "country", "state", "phone",
)  # fmt: skip


def list_customers(ask: Ask) -> Reply:
    """GET /customers; the trap: ``modified_after`` is ignored, and nothing says when one changed."""
    where = Where()
    if ask.text("include"):
        where.one_of("id", (int(each) for each in ask.text("include").split(",") if each.strip().isdigit()))
    return listed(ask, "customer", where, ORDERS, _show, "name")


def new_customer(ask: Ask) -> Reply:
    """POST /customers."""
    if "@" not in ask.text("email"):
        raise bad_parameter("email", "Invalid email address.", "rest_invalid_email")
    customer_id = ask.database.insert(
        "customer", body=json.dumps(_written({}, ask.body)), created=ask.database.stamp()
    )
    return Reply(_show(_kept(ask, customer_id)), 201)


def one_customer(ask: Ask, customer_id: int) -> Reply:
    """GET, POST, PUT or DELETE /customers/ID; there is no trash for people."""
    row = _kept(ask, customer_id)
    if ask.method == "DELETE":
        if not ask.flag("force"):
            text = "Customers do not support trashing."
            raise RestError(501, "woocommerce_rest_trash_not_supported", text)
        ask.database.write("DELETE FROM customer WHERE id = ?", (customer_id,))
        return Reply(_show(row))
    if ask.method != "GET":
        body = json.dumps(_written(json.loads(row["body"]), ask.body))
        ask.database.update("customer", customer_id, body=body)
    return Reply(_show(_kept(ask, customer_id)))


def _kept(ask: Ask, customer_id: int) -> Row:
    row = ask.database.row("SELECT * FROM customer WHERE id = ?", (customer_id,))
    if row is None:
        raise RestError(404, "woocommerce_rest_invalid_id", "Invalid resource ID.")
    return row


def _written(kept: Json, given: Json) -> Json:
    for name in ("email", "first_name", "last_name"):
        kept[name] = str(given.get(name, kept.get(name, "")))
    kept["username"] = str(given.get("username", kept.get("username") or kept["email"].partition("@")[0]))
    for kind in ("billing", "shipping"):
        before = kept.get(kind) or dict.fromkeys((*_PLACES, *(("email",) if kind == "billing" else ())), "")
        kept[kind] = before | {
            key: str(value) for key, value in (given.get(kind) or {}).items() if key in before
        }
    return kept


def _show(row: Row) -> Json:
    dates = {"date_created": row["created"], "date_created_gmt": row["created"]}
    changed = {"date_modified": None, "date_modified_gmt": None}
    return {
        "id": row["id"],
        **dates,
        **changed,
        **json.loads(row["body"]),
        "role": "customer",
        "meta_data": [],
    }
