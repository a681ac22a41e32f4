"""The demo's shop answers as a real WooCommerce was recorded to answer: the same fields of the same types, the same
refusals word for word. The records are of 9.9.5, without hosts and links."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from appliance.demo.shop.auth import check
from appliance.demo.shop.errors import RestError
from appliance.demo.shop.server import KEY, DemoShop
from appliance.shops import woocommerce_auth as auth
from appliance.shops.http import HttpAnswer
from tests.shops.counter import Counter, Owner, recorded


def shape(value: Any) -> Any:
    """Names and kinds without the values; a list is the shape of its first."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in sorted(value.items()) if key != "_links"}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return (
        "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
    )


def assert_same_shape(ours: Any, theirs: Any, path: str = "") -> None:
    """The same fields; where one side has nothing (null, an empty list) the other may have something."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        assert set(ours) == set(theirs), f"{path}: {set(ours) ^ set(theirs)}"
        for key in ours:
            assert_same_shape(ours[key], theirs[key], f"{path}.{key}")
    elif isinstance(ours, list) and isinstance(theirs, list):
        if ours and theirs:
            assert_same_shape(ours[0], theirs[0], f"{path}[0]")
    elif "NoneType" not in (ours, theirs) and not path.endswith(("image.id", "manage_stock")):
        assert ours == theirs, f"{path}: {ours} is not {theirs}"


@pytest.fixture
def counter(demo_shop: DemoShop, connect: Callable[..., Counter]) -> Counter:
    opened = connect(demo_shop.url)
    for tax_class, rate in (("standard", "20"), ("reduced-rate", "5")):
        opened.owner.write("/wc/v3/taxes", {"country": "IE", "rate": rate, "name": "VAT", "class": tax_class})
    return opened


def ask(owner: Owner, method: str, path: str, body: bytes | None = None, **query: str) -> HttpAnswer:
    return owner._asked(method, path, query, body)


def test_a_product_looks_as_recorded(counter: Counter) -> None:
    product = counter.product(global_unique_id="5000000000012", categories=[{"id": 1}])
    assert_same_shape(shape(counter.read(product["id"])), shape(recorded("product_simple")["body"]))


def test_a_product_of_several_choices_looks_as_recorded(counter: Counter) -> None:
    parent, (small, _) = counter.variable(["S", "M"])
    assert_same_shape(shape(counter.read(parent["id"])), shape(recorded("product_variable")["body"]))
    assert_same_shape(shape(small), shape(recorded("variation_own_stock")["body"]))


def test_a_shared_count_looks_as_recorded(counter: Counter) -> None:
    _, (small, _) = counter.variable(["S", "M"], manage_stock=True, stock_quantity=17)
    theirs = recorded("variation_parent_managed")["body"]
    assert (small["manage_stock"], small["stock_quantity"]) == (
        theirs["manage_stock"],
        theirs["stock_quantity"],
    )
    assert_same_shape(shape(small), shape(theirs))


def test_a_count_below_zero_looks_as_recorded(counter: Counter) -> None:
    product = counter.product(stock_quantity=3)
    counter.shop.reserve(counter.sale(counter.line(product, 5)))
    ours, theirs = counter.read(product["id"]), recorded("product_negative_stock")["body"]
    assert ours["stock_quantity"] < 0 > theirs["stock_quantity"]
    assert ours["stock_status"] == theirs["stock_status"] == "outofstock"


def test_the_stock_report_looks_as_recorded(counter: Counter) -> None:
    counter.variable(["S"], manage_stock=True, stock_quantity=17)
    ours = counter.owner.page("/wc-analytics/reports/stock", {"orderby": "id", "order": "asc"}).items
    assert_same_shape(shape(ours), shape(recorded("wc_analytics_reports_stock")["body"]))
    assert {each["manage_stock"] for each in ours} == {True, "parent"}


def test_an_order_and_its_completion_look_as_recorded(counter: Counter) -> None:
    product = counter.product(tax_class="reduced-rate")
    _, (small,) = counter.variable(["S"])
    made = counter.shop.reserve(counter.sale(counter.line(product, 2), counter.line(small)))
    for record in ("order_recommended_1_post_pending", "order_recommended_2_put_completed"):
        ours = counter.owner.read(f"/wc/v3/orders/{made.order_id}")
        assert_same_shape(shape(ours), shape(recorded(record)["body"]))
        counter.shop.commit(made.order_id)


def test_notes_look_as_recorded(counter: Counter) -> None:
    made = counter.shop.commit(counter.shop.reserve(counter.sale(counter.line(counter.product()))).order_id)
    ours = counter.owner.page(f"/wc/v3/orders/{made.order_id}/notes", {}).items
    theirs = recorded("order_recommended_3_notes")["body"]
    assert_same_shape(shape(ours), shape(theirs))
    assert "&rarr;" in ours[0]["note"]
    assert ours[0]["note"].startswith("Stock levels reduced: ")
    assert ours[-1]["note"] == "Order status changed from On hold to Completed."


@pytest.mark.parametrize(
    ("path", "record"), [("/wc/v3/taxes", "taxes"), ("/wc/v3/taxes/classes", "tax_classes")]
)
def test_taxes_look_as_recorded(counter: Counter, path: str, record: str) -> None:
    assert_same_shape(shape(counter.owner.page(path, {}).items), shape(recorded(record)["body"]))


REFUSALS = [
    ("GET", "/wc/v3/orders/999999", None, {}, "error_order_404"),
    ("PUT", "/wc/v3/orders/999999", b'{"status":"completed"}', {}, "error_put_order_404"),
    ("GET", "/wc/v3/products/999999", None, {}, "error_product_404"),
    ("GET", "/wc/v3/products/1/variations/999999", None, {}, "error_variation_404"),
    ("GET", "/wc/v3/nonsense", None, {}, "error_no_route"),
    ("GET", "/wc/v3/products", None, {"per_page": "101"}, "error_per_page_101"),
    ("POST", "/wc/v3/orders", b"{nonsense", {}, "error_invalid_json"),
    ("POST", "/wc/v3/orders", b'{"status":"nope"}', {}, "error_bad_status"),
    ("POST", "/wc/v3/orders", b'{"billing":{"email":"x"}}', {}, "error_bad_email"),
    (
        "POST",
        "/wc/v3/orders",
        b'{"line_items":[{"product_id":1,"quantity":1.5}]}',
        {},
        "error_bad_quantity_type",
    ),
    ("POST", "/wc/v3/orders", b'{"line_items":[{"product_id":1,"quantity":0}]}', {}, "error_500_zero_qty"),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "query", "record"), REFUSALS, ids=[each[-1] for each in REFUSALS]
)
def test_a_refusal_is_worded_as_recorded(
    counter: Counter, method: str, path: str, body: bytes | None, query: dict[str, str], record: str
) -> None:
    ours, theirs = ask(counter.owner, method, path, body, **query), recorded(record)
    assert ours.status == theirs["status"]
    assert json.loads(ours.body) == theirs["body"]
    assert ours.is_json


def test_a_page_beyond_the_end_is_empty_and_an_empty_body_makes_an_empty_order(counter: Counter) -> None:
    counter.product()
    ours = ask(counter.owner, "GET", "/wc/v3/products", page="9")
    assert (ours.status, ours.body, ours.headers["x-wp-total"]) == (200, b"[]", "1")
    empty = ask(counter.owner, "POST", "/wc/v3/orders", b"")
    assert empty.status == recorded("error_empty_body")["status"] == 201
    assert json.loads(empty.body)["line_items"] == []


def test_the_same_sku_twice_is_refused_as_recorded(counter: Counter) -> None:
    first = counter.product()
    ours = ask(counter.owner, "POST", "/wc/v3/products", json.dumps({"sku": first["sku"]}).encode())
    theirs = recorded("error_unique_product_sku")
    assert (ours.status, json.loads(ours.body)["code"]) == (theirs["status"], theirs["body"]["code"])
    assert json.loads(ours.body)["data"]["resource_id"] == first["id"]


@pytest.mark.parametrize(
    ("method", "key", "changed", "record"),
    [
        ("GET", "ck_nobody", {}, "error_401_unknown_key"),
        ("GET", KEY, {"oauth_signature": "bm9uc2Vuc2U="}, "error_401_bad_signature"),
        ("POST", f"{KEY}_read", {}, "error_401_readonly_key_write"),
    ],
)
def test_a_key_is_refused_as_recorded(
    demo_shop: DemoShop, method: str, key: str, changed: dict[str, str], record: str
) -> None:
    url, seconds = f"{demo_shop.url}/wp-json/wc/v3/orders", int(demo_shop.database.now())
    secret = demo_shop.keys.get(key, ("cs_nobody", ""))[0]
    query = (
        auth.signed(method, url, {"a b": "~é&"}, key=key, secret=secret, seconds=seconds, nonce="n") | changed
    )
    with pytest.raises(RestError) as raised:
        check(demo_shop.database, method, url, query, demo_shop.keys)
    assert raised.value.body == recorded(record)["body"]


def test_a_clock_that_is_off_is_refused_as_recorded(demo_shop: DemoShop) -> None:
    url = f"{demo_shop.url}/wp-json/wc/v3/orders"
    for seconds, is_refused in ((14 * 60, False), (16 * 60, True), (-16 * 60, True)):
        at = int(demo_shop.database.now()) + seconds
        query = auth.signed("GET", url, {}, key=KEY, secret="cs_demo", seconds=at, nonce=f"n{seconds}")
        try:
            check(demo_shop.database, "GET", url, query, demo_shop.keys)
        except RestError as error:
            assert is_refused
            assert error.body == recorded("error_oauth_clock_skew")["body"]
        else:
            assert not is_refused


def test_without_a_key_nothing_is_shown(demo_shop: DemoShop) -> None:
    for record in ("error_no_auth", "error_basic_auth_over_plain_http"):
        with pytest.raises(RestError) as raised:
            check(demo_shop.database, "GET", demo_shop.url, {}, demo_shop.keys)
        assert raised.value.body == recorded(record)["body"]
