"""What the shop in miniature sells: Holm & Ash, hardware and home."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Good:
    """One product as the demo's shop starts with it.

    Attributes:
        sku: also the product number that is typed by hand.
        name: full name; tile: what fits on a tile.
        price: decimal text, tax included.
        tax_class: "standard" (23 %), "reduced-rate" (13.5 %) or "zero-rate".
        category: its category's name.
        stock: pieces at the start of the day.
    """

    sku: str
    name: str
    tile: str
    price: str
    category: str
    stock: int
    tax_class: str = "standard"

    @property
    def gtin(self) -> str:
        """An EAN-13 in the range for use inside one shop, with its check digit."""
        digits = f"290{int(self.sku):09d}"
        total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
        return f"{digits}{-total % 10}"


CATEGORIES: Final = ("Kitchen", "Tools", "Garden", "Paint", "Light and fire", "Home", "Wrapping")

TAX_RATES: Final = (
    ("standard", "23.0000", "VAT 23%"),
    ("reduced-rate", "13.5000", "VAT 13.5%"),
    ("zero-rate", "0.0000", "VAT 0%"),
)

GOODS: Final = (
    Good("23", "Beeswax candles, pair", "Beeswax candles", "9.80", "Light and fire", 40),
    Good("5", "Paper bag", "Paper bag", "0.25", "Wrapping", 500),
    Good("612", "Picture hooks (10)", "Picture hooks", "4.50", "Home", 60),
    Good("1209", "Enamel mug, forest green", "Enamel mug", "12.90", "Kitchen", 48),
    Good("55", "Kindling, 3 kg net", "Kindling net", "6.50", "Light and fire", 35, "reduced-rate"),
    Good("620", "Linen tea towel", "Linen tea towel", "14.50", "Kitchen", 2),
    Good("340", "Tape measure 5 m", "Tape measure", "11.95", "Tools", 22),
    Good("347", "Masking tape 30 mm", "Masking tape", "3.95", "Paint", 80),
    Good("810", "Garden twine 100 m", "Garden twine", "6.40", "Garden", 55),
    Good("902", "Furniture oil 500 ml", "Furniture oil", "19.90", "Paint", 18),
    Good("1044", "LED bulb E27 7 W", "LED bulb E27 7 W", "6.95", "Light and fire", 70),
    Good("640", "Wool blanket, moss", "Wool blanket", "89.00", "Home", 1),
    Good("815", "Hand trowel", "Hand trowel", "17.50", "Garden", 14),
    Good("331", "Claw hammer 450 g", "Claw hammer", "24.90", "Tools", 16),
    Good("402", "Wood screws 4 × 40 (200)", "Wood screws", "8.75", "Tools", 90),
    Good("415", "Wall plugs 8 mm (50)", "Wall plugs 8 mm", "5.20", "Tools", 75),
    Good("733", "Cast-iron trivet", "Cast-iron trivet", "22.00", "Kitchen", 9),
    Good("921", "Paint brush 50 mm", "Paint brush", "7.90", "Paint", 44),
    Good("915", "Chalk paint, oat 750 ml", "Chalk paint", "27.50", "Paint", 12),
    Good("518", "Cotton rope, 1 m", "Cotton rope, 1 m", "1.90", "Home", 200),
    Good("1101", "Door stop, oak", "Door stop", "9.95", "Home", 25),
    Good("1215", "Enamel plate 26 cm, white", "Enamel plate", "15.50", "Kitchen", 30),
    Good("1188", "Leather key fob", "Leather key fob", "13.00", "Home", 20),
    Good("33", "Gift wrap, sheet", "Gift wrap", "3.00", "Wrapping", 120),
    Good("707", "Oak hook rail, 5 hooks", "Oak hook rail", "46.00", "Home", 6),
    Good("1217", "Enamel jug 1 l, blue rim", "Enamel jug", "34.00", "Kitchen", 3),
    Good("1210", "Enamel mug, oat", "Enamel mug, oat", "12.90", "Kitchen", 36),
    Good("933", "Enamel paint, black 125 ml", "Enamel paint", "8.40", "Paint", 24),
    Good("340001", "Seed packet, wild flowers", "Seed packet", "2.80", "Garden", 150, "zero-rate"),
    Good("56", "Firelighters (24)", "Firelighters", "3.45", "Light and fire", 65, "reduced-rate"),
    Good("820", "Watering can 5 l", "Watering can", "29.90", "Garden", 8),
    Good("825", "Plant labels (20)", "Plant labels", "4.20", "Garden", 50),
    Good("350", "Spirit level 60 cm", "Spirit level", "21.40", "Tools", 11),
    Good("352", "Carpenter's pencil", "Carpenter's pencil", "1.35", "Tools", 140),
    Good("925", "Sandpaper, set of 5", "Sandpaper set", "5.60", "Paint", 60),
    Good("1050", "Torch, aluminium", "Torch", "16.80", "Light and fire", 13),
)

STAFF: Final = (("Marta", "cashier", "2580"), ("Ciarán", "manager", "1470"), ("Aoife", "cashier", "3690"))
