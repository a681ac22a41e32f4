"""The shop's ways to say no, shaped as WordPress shapes them (recorded on WooCommerce 9.9.5)."""

from __future__ import annotations

from typing import Any, Final

Json = dict[str, Any]


class RestError(Exception):
    """A refusal with its HTTP status.

    Attributes:
        status: HTTP status.
        body: what is answered.
    """

    def __init__(self, status: int, code: str, message: str, **data: object) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"code": code, "message": message, "data": {"status": status, **data}}


def bad_parameter(name: str, message: str, code: str = "rest_invalid_type", data: object = None) -> RestError:
    """A parameter of the wrong type or value."""
    return RestError(
        400,
        "rest_invalid_param",
        f"Invalid parameter(s): {name}",
        params={name: message},
        details={name: {"code": code, "message": message, "data": data}},
    )


def no_route() -> RestError:
    """Nothing answers at this path."""
    return RestError(404, "rest_no_route", "No route was found matching the URL and request method.")


def no_order(status: int = 404) -> RestError:
    """No such order; a write to one that is not there is answered with 400, a read with 404."""
    return RestError(status, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.")


def no_product(status: int = 404) -> RestError:
    """No such product."""
    return RestError(status, "woocommerce_rest_product_invalid_id", "Invalid ID.")


def no_variation() -> RestError:
    """No such variation."""
    return RestError(404, "woocommerce_rest_product_variation_invalid_id", "Invalid ID.")


def no_refund(
    message: str, code: str = "woocommerce_rest_cannot_create_order_refund", data: int = 500
) -> RestError:
    """A refund that cannot be made: 500, though no repeat of it can help. Its data are a bare number."""
    error = RestError(500, code, message)
    error.body["data"] = data
    return error


def not_ours(message: str) -> RestError:
    """The key, the signature, the clock or the nonce is refused."""
    return RestError(401, "woocommerce_rest_authentication_error", message)


def cannot_view() -> RestError:
    """No key at all, or Basic over http."""
    return RestError(401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")


BROKEN: Final[Json] = {
    "code": "internal_server_error",
    "message": "<p>There has been a critical error on this website.</p><p>"
    '<a href="https://wordpress.org/documentation/article/faq-troubleshooting/">'
    "Learn more about troubleshooting WordPress.</a></p>",
    "data": {"status": 500},
    "additional_errors": [],
}
"""What a fatal error in PHP is answered with: HTTP 500."""


class PhpFatalError(Exception):
    """PHP died over the request: HTTP 500, and what was saved before stays."""
