"""Holm & Ash's shelf, as the pictures of the design show it, for a till of `tests.screens.till`."""

from dataclasses import replace

from appliance.domain.catalogue import CatalogueChanges, Category, Product
from tests.screens.till import FRIDAY, Till

SEEN_AT = FRIDAY.replace(hour=13, minute=40)
TILES = """23 980 Beeswax candles|5 25 Paper/bag|612 450 Picture hooks|1209 1290 Enamel/mug|55 650 Kindling/net
507 1450 Linen/tea towel 2|340 1195 Tape measure|347 395 Masking tape|810 640 Garden/twine|902 1990 Furniture/oil
1044 695 LED bulb/E27 7 W|933 8900 Wool/blanket 1|815 1750 Hand/trowel|331 2490 Claw hammer|402 875 Wood/screws
415 520 Wall plugs/8 mm|733 2200 Cast-iron trivet|921 790 Paint brush|915 2750 Chalk paint|518 190 Cotton/rope, 1 m
1101 995 Door stop|1215 1550 Enamel plate|1188 1300 Leather key fob|33 300 Gift/wrap"""
"""Number, price, short name, and how many are left if few."""
NAMES = {
    331: "Claw hammer 450 g",
    402: "Wood screws 4 × 40 (200)",
    1209: "Enamel mug, forest green",
    902: "Furniture oil 500 ml",
    55: "Kindling, 3 kg net",
    1215: "Enamel plate 26 cm, white",
}
GTIN = {331: "04006381333931", 55: "05012345678900"}
KITCHEN, TOOLS = Category(1, "Kitchen"), Category(2, "Tools")


def tile_products() -> list[Product]:
    """The 24 products of the tiles; the newest has the first tile until something is sold."""
    entries = TILES.replace("\n", "|").split("|")
    return [_tile_product(20_000 - at, entry) for at, entry in enumerate(entries)]


def _tile_product(product_id: int, entry: str) -> Product:
    number, price, *words = entry.split(" ")
    left = int(words.pop()) if words[-1] in ("1", "2") else 40
    short = " ".join(words).replace("/", "\n")
    name = NAMES.get(int(number), short.replace("\n", " "))
    return product(product_id, int(number), name, int(price), left, short)


def product(product_id: int, number: int, name: str, price_minor: int, left: int, short: str = "") -> Product:
    """A product that is counted."""
    category = KITCHEN if "Enamel" in name else TOOLS
    return Product(
        product_id=product_id,
        name=name,
        tile_name=short,
        price_minor=price_minor,
        sku=str(number),
        number=number,
        gtin=GTIN.get(number),
        category_ids=(category.category_id,),
        manages_stock=True,
        on_hand=left,
    )


def other_products() -> list[Product]:
    """What is not on a tile."""
    return [
        product(10_707, 707, "Oak hook rail, 5 hooks", 4600, 5),
        product(10_217, 1217, "Enamel jug 1 l, blue rim", 3400, 1),
        product(10_210, 1210, "Enamel mug, oat", 1290, 9),
    ]


def fill_shelf(till: Till) -> Till:
    """Put the shelf's products into the till, in place of those that it has."""
    till.catalogue.remove(till.catalogue.product_ids())
    till.catalogue.set_categories([KITCHEN, TOOLS])
    till.catalogue.apply(CatalogueChanges((*tile_products(), *other_products()), read_at=SEEN_AT))
    till.sign_in()
    return till


def numbered(till: Till, number: int) -> Product:
    """The product with this number."""
    found = till.counter.finding.number(number)
    assert found is not None
    return found


def set_left(till: Till, number: int, left: int) -> None:
    """The shop's count changes."""
    till.catalogue.set_stock({numbered(till, number).product_id: left}, SEEN_AT)


def sell(till: Till, *numbers: int) -> None:
    """Add products one after the other; the same again raises the quantity."""
    for number in numbers:
        till.counter.selling.add_number(number)


def sell_the_picture(till: Till) -> None:
    """The six lines of the pictures; the furniture oil was cheaper when it was scanned."""
    oil = numbered(till, 902)
    till.catalogue.apply(CatalogueChanges((replace(oil, price_minor=1790),)))
    sell(till, 331, 402, 402, 707, 1209, 1209, 1209, 902, 55)
    till.catalogue.apply(CatalogueChanges((oil,)))
