"""Settings, taxes, categories and the status page, as far as a till asks for them."""

from __future__ import annotations

from appliance.demo.shop.asking import Ask, Reply, Where, listed
from appliance.demo.shop.database import Row
from appliance.demo.shop.errors import Json, RestError


def list_settings(ask: Ask, section: str) -> Reply:
    """GET /settings/SECTION: all at once, whatever the page size."""
    rows = ask.database.rows("SELECT * FROM setting WHERE section = ? ORDER BY rowid", (section,))
    if not rows:
        raise RestError(404, "rest_setting_setting_group_invalid", "Invalid setting group.")
    return Reply([_show_setting(row) for row in rows])


def one_tax(ask: Ask, tax_id: int) -> Reply:
    """POST, PUT or DELETE /taxes/ID."""
    row = ask.database.row("SELECT * FROM tax_rate WHERE id = ?", (tax_id,))
    if row is None:
        raise RestError(404, "woocommerce_rest_invalid_id", "Invalid resource ID.")
    if ask.method == "DELETE":
        ask.database.write("DELETE FROM tax_rate WHERE id = ?", (tax_id,))
        return Reply(_show_tax(row))
    if "rate" in ask.body:
        ask.database.update("tax_rate", tax_id, rate=f"{float(ask.text('rate')):.4f}")
    return Reply(_show_tax(ask.database.rows("SELECT * FROM tax_rate WHERE id = ?", (tax_id,))[0]))


def one_category(ask: Ask, category_id: int) -> Reply:
    """POST or PUT /products/categories/ID: a new name; the trap: no product counts as changed by it."""
    row = ask.database.row("SELECT * FROM category WHERE id = ?", (category_id,))
    if row is None:
        raise RestError(404, "woocommerce_rest_term_invalid", "Resource does not exist.")
    if ask.text("name"):
        ask.database.update("category", category_id, name=ask.text("name"))
    kept = ask.database.rows("SELECT id, name, slug, menu_order FROM category WHERE id = ?", (category_id,))
    return Reply(dict(kept[0]))


def one_setting(ask: Ask, section: str, name: str) -> Reply:
    """GET, POST or PUT /settings/SECTION/ID."""
    row = ask.database.row("SELECT * FROM setting WHERE section = ? AND id = ?", (section, name))
    if row is None:
        raise RestError(404, "rest_setting_setting_invalid", "Invalid setting.")
    if ask.method != "GET":
        ask.database.write("UPDATE setting SET value = ? WHERE id = ?", (ask.text("value"), name))
    found = ask.database.rows("SELECT * FROM setting WHERE id = ?", (name,))
    return Reply(_show_setting(found[0]))


def list_taxes(ask: Ask) -> Reply:
    """GET /taxes."""
    where = Where()
    if ask.text("class"):
        where.add("class = ?", ask.text("class"))
    orders = {"id": "id", "order": "id", "priority": "priority"}
    return listed(ask, "tax_rate", where, orders, _show_tax, "order")


def new_tax(ask: Ask) -> Reply:
    """POST /taxes."""
    tax_id = ask.database.insert(
        "tax_rate",
        country=ask.text("country"),
        state=ask.text("state"),
        rate=f"{float(ask.text('rate', '0')):.4f}",
        name=ask.text("name", "Tax"),
        **{"class": ask.text("class", "standard")},
    )
    return Reply(_show_tax(ask.database.rows("SELECT * FROM tax_rate WHERE id = ?", (tax_id,))[0]), 201)


def list_tax_classes(ask: Ask) -> Reply:
    """GET /taxes/classes; the standard one is no row anywhere."""
    rows = ask.database.rows("SELECT slug, name FROM tax_class ORDER BY name")
    classes = [{"slug": "standard", "name": "Standard rate"}, *(dict(row) for row in rows)]
    return Reply(classes, 200, {"X-WP-Total": str(len(classes)), "X-WP-TotalPages": "1"})


def list_categories(ask: Ask) -> Reply:
    """GET /products/categories."""
    where = Where()
    if ask.flag("hide_empty"):
        where.add("id IN (SELECT category_id FROM product_category)")
    orders = {"name": "name", "id": "id", "slug": "slug", "include": "id"}

    def shown(row: Row) -> Json:
        sql = "SELECT count(*) FROM product_category WHERE category_id = ?"
        count = ask.database.value(sql, (row["id"],))
        kept = {"id": row["id"], "name": row["name"], "slug": row["slug"], "parent": 0, "description": ""}
        return {**kept, "display": "default", "image": None, "menu_order": row["menu_order"], "count": count}

    # names are ordered upwards unless asked otherwise, alone among the lists
    ascending = (
        ask if ask.text("order") else Ask("GET", {**ask.query, "order": "asc"}, {}, ask.database, ask.url)
    )
    return listed(ascending, "category", where, orders, shown, "name")


def new_category(ask: Ask) -> Reply:
    """POST /products/categories."""
    name = ask.text("name")
    slug = "-".join(name.lower().replace("&", "").split())
    other = ask.database.value("SELECT id FROM category WHERE slug = ?", (slug,))
    if other is not None:
        message = "A term with the name provided already exists with this parent."
        raise RestError(400, "term_exists", message, resource_id=other)
    order = ask.number("menu_order", 0, 0, None)
    category_id = ask.database.insert("category", name=name, slug=slug, menu_order=order)
    return Reply({"id": category_id, "name": name, "slug": slug, "menu_order": order}, 201)


def system_status(ask: Ask) -> Reply:
    """GET /system_status: what a technician asks for."""
    environment = {"home_url": ask.url, "version": "9.9.5", "wp_version": "6.9", "default_timezone": "UTC"}
    settings = {
        "currency": ask.database.setting("woocommerce_currency"),
        "number_of_decimals": int(ask.database.setting("woocommerce_price_num_decimals")),
        "HPOS_enabled": True,
    }
    return Reply({"environment": environment, "settings": settings})


def _show_setting(row: Row) -> Json:
    return {
        "id": row["id"],
        "label": "",
        "description": "",
        "type": "text",
        "default": "",
        "value": row["value"],
    }


def _show_tax(row: Row) -> Json:
    kept = {name: row[name] for name in ("id", "country", "state", "rate", "name", "priority", "class")}
    flags = {"compound": bool(row["compound"]), "shipping": bool(row["shipping"]), "order": 0}
    return {**kept, **flags, "postcode": "", "city": "", "postcodes": [], "cities": []}
