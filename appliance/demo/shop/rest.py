"""Which question goes where."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from appliance.demo.shop import coupons, customers, orders, products, refunds, settings
from appliance.demo.shop.asking import Ask, Reply, chosen
from appliance.demo.shop.errors import BROKEN, Json, PhpFatalError, RestError, no_route

Answer = Callable[..., Reply]
ONE: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")

ROUTES: Final[tuple[tuple[str, dict[str, Answer]], ...]] = (
    (
        r"wc/v3/orders",
        {"GET": orders.list_orders, "POST": orders.new_order, "OPTIONS": lambda ask: describe_orders()},
    ),
    (r"wc/v3/orders/(\d+)", dict.fromkeys(ONE, orders.one_order)),
    (r"wc/v3/orders/(\d+)/notes", dict.fromkeys(("GET", "POST"), orders.notes)),
    (r"wc/v3/orders/(\d+)/refunds", {"GET": refunds.list_refunds, "POST": refunds.new_refund}),
    (r"wc/v3/products", {"GET": products.list_products, "POST": products.new_product}),
    (r"wc/v3/products/(\d+)", dict.fromkeys(ONE, products.one_product)),
    (r"wc/v3/products/(\d+)/variations", {"GET": products.list_variations, "POST": products.new_variation}),
    (r"wc/v3/products/(\d+)/variations/(\d+)", dict.fromkeys(ONE, products.one_variation)),
    (r"wc/v3/products/categories", {"GET": settings.list_categories, "POST": settings.new_category}),
    (r"wc/v3/products/categories/(\d+)", dict.fromkeys(("POST", "PUT"), settings.one_category)),
    (r"wc/v3/coupons", {"GET": coupons.list_coupons, "POST": coupons.new_coupon}),
    (r"wc/v3/coupons/(\d+)", dict.fromkeys(ONE, coupons.one_coupon)),
    (r"wc/v3/customers", {"GET": customers.list_customers, "POST": customers.new_customer}),
    (r"wc/v3/customers/(\d+)", dict.fromkeys(ONE, customers.one_customer)),
    (r"wc/v3/taxes", {"GET": settings.list_taxes, "POST": settings.new_tax}),
    (r"wc/v3/taxes/(\d+)", dict.fromkeys(("POST", "PUT", "DELETE"), settings.one_tax)),
    (r"wc/v3/taxes/classes", {"GET": settings.list_tax_classes}),
    (r"wc/v3/settings/(\w+)", {"GET": settings.list_settings}),
    (r"wc/v3/settings/(\w+)/(\w+)", dict.fromkeys(("GET", "POST", "PUT"), settings.one_setting)),
    (r"wc/v3/system_status", {"GET": settings.system_status}),
    (r"wc-analytics/reports/stock", {"GET": products.list_stock}),
)


def answer(ask: Ask, path: str) -> Reply:
    """Answer one question that has been let in.

    Args:
        ask: the question.
        path: below /wp-json/.
    """
    try:
        reply, methods = _find(ask, path)
    except RestError as error:
        return Reply(error.body, error.status)
    except PhpFatalError:
        return Reply(BROKEN, 500)
    fields = ask.query.get("_fields", "")
    return Reply(chosen(reply.body, fields), reply.status, {"Allow": ", ".join(methods), **reply.headers})


def _find(ask: Ask, path: str) -> tuple[Reply, list[str]]:
    for pattern, by_method in ROUTES:
        found = re.fullmatch(pattern, path)
        if found is not None and ask.method in by_method:
            numbers = [int(each) if each.isdigit() else each for each in found.groups()]
            return by_method[ask.method](ask, *numbers), list(by_method)
    raise no_route()


def describe_orders() -> Reply:
    """OPTIONS /orders: a till can see here that ``created_via`` is a filter (from 9.9 on)."""
    names = ("page", "per_page", "search", "after", "before", "modified_after", "modified_before", "dates_are_gmt",
             "order", "orderby", "status", "product", "created_via")  # fmt: skip
    arguments: Json = {name: {"required": False} for name in names}
    return Reply(
        {
            "namespace": "wc/v3",
            "methods": ["GET", "POST"],
            "endpoints": [{"methods": ["GET"], "args": arguments}],
        }
    )
