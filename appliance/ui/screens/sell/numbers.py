"""What is typed on the pad: a product's number, how many, a price, or a barcode that will not scan."""

from dataclasses import dataclass, replace

from appliance.ui.widgets.pad import BACKSPACE

LONGEST_NUMBER = 6
SHORTEST_BARCODE = 8
LONGEST = 14
LONGEST_QUANTITY = 4
LONGEST_PRICE = 8


@dataclass(frozen=True, slots=True)
class Typed:
    """Digits, and what they are for.

    Attributes:
        digits: as typed.
        times: how many of the next thing; 1 unless "3, Times" was typed before.
        is_quantity: the digits are the quantity of the chosen line; is_price: its new price, in minor units.
    """

    digits: str = ""
    times: int = 1
    is_quantity: bool = False
    is_price: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was begun."""
        return self == Typed()

    @property
    def value(self) -> int:
        """The digits as a number, 0 for none."""
        return int(self.digits or "0")

    @property
    def is_barcode(self) -> bool:
        """Whether it is too long for a product number: a barcode, read off the packet."""
        return len(self.digits) >= SHORTEST_BARCODE

    def press(self, key: str) -> "Typed":
        """One key of the pad. Backspace on nothing takes back what was begun before."""
        if key == BACKSPACE:
            return replace(self, digits=self.digits[:-1]) if self.digits else Typed()
        digits = self.digits + key
        if len(digits) < SHORTEST_BARCODE or self.is_price:
            digits = digits.lstrip("0")
        longest = LONGEST_QUANTITY if self.is_quantity else LONGEST_PRICE if self.is_price else LONGEST
        return self if len(digits) > longest else replace(self, digits=digits)

    def multiply(self) -> "Typed":
        """Times: the digits are how many of the next thing."""
        if not self.value or self.is_price or len(self.digits) > LONGEST_QUANTITY:
            return self
        return Typed(times=self.value)
