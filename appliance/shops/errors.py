"""The ways in which a shop can fail to answer: what each leaves behind is all that the sync service decides by."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from appliance.shops.orders import ShopOrder


class ShopError(Exception):
    """Base of every failure of a call to the shop; the text is a sentence for a person."""


class UnreachableError(ShopError):
    """The request was certainly not sent: no name, no connection, no trusted encryption. Try later."""


class UnknownOutcomeError(ShopError):
    """The request may have been done: no answer, half an answer, or one that cannot be believed. Look before retry."""


class NotOurShopError(UnknownOutcomeError):
    """Something answered that is not the shop: a log-in page of a network, a proxy, a redirect, a shop switched off."""


class OddAnswerError(UnknownOutcomeError):
    """The shop answered in full, and not what it was asked: asking again brings the same. It may have done it."""


class ShopFailedError(UnknownOutcomeError):
    """The shop itself broke over this request (HTTP 5xx in its own shape): the same request may break it every time.

    One such sale must not hold up the others: park it after a few attempts.
    """


class BusyError(UnknownOutcomeError):
    """The shop asks for patience (429, or 503 while it is being maintained).

    Attributes:
        retry_after_seconds: what it asked for, None if it did not say.
    """

    def __init__(self, text: str, retry_after_seconds: int | None = None) -> None:
        super().__init__(text)
        self.retry_after_seconds = retry_after_seconds


class UnauthorisedError(ShopError):
    """The shop refuses our key; nothing was done. A person must give a new one: retrying cannot help."""


class RefusedError(ShopError):
    """The shop understood the request and said no.

    Not always the same as "nothing was made": WooCommerce can refuse a coupon and keep the order.

    Attributes:
        code: the shop's own name of the reason.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class WrongTotalError(RefusedError):
    """The shop made the order and comes to other lines, or to another total beyond rounding, than the till did.

    Attributes:
        order: the order as it stands in the shop, its stock reserved.
    """

    def __init__(self, order: ShopOrder, text: str) -> None:
        super().__init__("total_differs", text)
        self.order = order
