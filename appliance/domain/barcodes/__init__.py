"""What a scanned text means.

``read`` is the one door. Behind it stand the retail numbers with their check digits (``numbers``), GS1
element strings and Digital Links (``gs1``) and the shop's own price and weight labels (``in_store``).

``domain`` uses the standard library only, with one exception, which is made here: GS1's tables of application
identifiers and its check digit of weights come from ``biip`` (pure Python, no input or output, no
dependencies). Only this package imports it, and never ``biip.parse``, which guesses between formats, and
guessing sells the wrong thing: 4006381333930, a mistyped EAN-13, is a valid GS1 message to it; 04252614, a
misread EAN-8, is a UPC-E.
"""

from appliance.domain.barcodes.codes import (
    Barcode,
    BarcodeRules,
    GtinCode,
    InStoreCode,
    PlainCode,
    ReceiptCode,
)
from appliance.domain.barcodes.in_store import InStoreRule
from appliance.domain.barcodes.numbers import check_digit, has_check_digit
from appliance.domain.barcodes.reading import read

__all__ = [
    "Barcode",
    "BarcodeRules",
    "GtinCode",
    "InStoreCode",
    "InStoreRule",
    "PlainCode",
    "ReceiptCode",
    "check_digit",
    "has_check_digit",
    "read",
]
