"""Coupons, as far as a till mirrors them (recorded: coupon, coupons_list)."""

from __future__ import annotations

import json
from typing import Final

from appliance.demo.shop.asking import Ask, Reply, Where, listed
from appliance.demo.shop.database import Row
from appliance.demo.shop.errors import Json, RestError

ORDERS: Final = {"date": "created", "id": "id", "include": "id", "modified": "modified"}
_USUAL: Final[Json] = {
    "code": "", "amount": "0.00", "discount_type": "fixed_cart", "description": "", "date_expires": None,
    "date_expires_gmt": None, "usage_count": 0, "individual_use": False, "product_ids": [],
    "excluded_product_ids": [], "usage_limit": None, "usage_limit_per_user": None, "limit_usage_to_x_items": None,
    "free_shipping": False, "product_categories": [], "excluded_product_categories": [], "exclude_sale_items": False,
    "minimum_amount": "0.00", "maximum_amount": "0.00", "email_restrictions": [],
}  # fmt: skip


def list_coupons(ask: Ask) -> Reply:
    """GET /coupons."""
    where = Where()
    statuses = ask.choices("status", ("any", "future", "trash", "draft", "pending", "private", "publish"))
    if "trash" not in statuses:
        where.add("status <> 'trash'")
    if ask.text("include"):
        where.one_of("id", (int(each) for each in ask.text("include").split(",") if each.strip().isdigit()))
    if after := ask.instant("modified_after"):
        where.add("modified > ?", after)
    return listed(ask, "coupon", where, ORDERS, _show, "date")


def new_coupon(ask: Ask) -> Reply:
    """POST /coupons. A code is made lower case only when it is looked for."""
    code = ask.text("code")
    if not code:
        raise RestError(400, "rest_missing_callback_param", "Missing parameter(s): code", params=["code"])
    if any(json.loads(row["body"])["code"].lower() == code.lower() for row in _all(ask)):
        text = "The coupon code already exists"
        raise RestError(400, "woocommerce_rest_coupon_code_already_exists", text)
    now = ask.database.stamp()
    body = _written(dict(_USUAL), ask.body)
    with ask.database.transaction():
        coupon_id = ask.database.new_post("coupon")
        ask.database.insert("coupon", id=coupon_id, status="publish", body=body, created=now, modified=now)
    return Reply(_show(_kept(ask, coupon_id)), 201)


def one_coupon(ask: Ask, coupon_id: int) -> Reply:
    """GET, POST, PUT or DELETE /coupons/ID."""
    row = _kept(ask, coupon_id)
    now = ask.database.stamp()
    if ask.method == "DELETE":
        if ask.flag("force"):
            ask.database.write("DELETE FROM coupon WHERE id = ?", (coupon_id,))
        else:
            ask.database.update("coupon", coupon_id, status="trash", modified=now)
        return Reply(_show(row))
    if ask.method != "GET":
        body = _written(json.loads(row["body"]), ask.body)
        ask.database.update("coupon", coupon_id, body=body, modified=now)
    return Reply(_show(_kept(ask, coupon_id)))


def _all(ask: Ask) -> list[Row]:
    return ask.database.rows("SELECT * FROM coupon WHERE status <> 'trash'")


def _kept(ask: Ask, coupon_id: int) -> Row:
    row = ask.database.row("SELECT * FROM coupon WHERE id = ?", (coupon_id,))
    if row is None:
        raise RestError(404, "woocommerce_rest_shop_coupon_invalid_id", "Invalid ID.")
    return row


def _written(kept: Json, given: Json) -> str:
    kept |= {key: value for key, value in given.items() if key in _USUAL}
    kept["amount"] = f"{float(kept['amount']):.2f}"
    return json.dumps(kept)


def _show(row: Row) -> Json:
    dates = {f"date_{name}{zone}": row[name] for name in ("created", "modified") for zone in ("", "_gmt")}
    return {
        "id": row["id"],
        "status": row["status"],
        **dates,
        **json.loads(row["body"]),
        "used_by": [],
        "meta_data": [],
    }
