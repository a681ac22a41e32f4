"""Somebody at home who buys one thing on the shop's web page, as a browser does: by its links and its form."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import Request, urlopen

TIMEOUT_SECONDS: Final = 10.0
LONGEST_PAGE_BYTES: Final = 2_000_000


class ShopperError(Exception):
    """Nothing was bought. The text says why, in the shop's words where it gave any."""


def buy_online(shop_url: str, sku: str, name: str) -> str:
    """Buy one piece on the shop's page.

    Args:
        shop_url: the shop's address; its root lists what there is.
        sku: the product's number.
        name: who buys.

    Returns:
        What the shop says of the order.

    Raises:
        ShopperError: the shop does not answer, does not have it, or refuses.
    """
    goods_url = shop_url.rstrip("/") + "/"
    goods = _read(goods_url)
    if sku not in goods.links:
        raise ShopperError(f"The shop's page has no product {sku}.")
    if not goods.links[sku]:
        raise ShopperError("It is sold out in the shop.")
    form_url = urljoin(goods_url, goods.links[sku])
    form = _read(form_url)
    if not form.action:
        raise ShopperError(form.notice or "The shop's page has no form to buy it with.")
    fields = form.fields | {"name": name, "quantity": "1"}
    return _read(urljoin(form_url, form.action), urlencode(fields).encode()).notice


class Page(HTMLParser):
    """What a shopper finds on a page.

    Attributes:
        links: product number -> where to buy it, "" where that is not possible now.
        action, fields: the form, where it goes and what it holds.
        notice: what the shop wants to be read first.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: dict[str, str] = {}
        self.action, self.notice = "", ""
        self.fields: dict[str, str] = {}
        self._sku = ""
        self._is_notice = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note products, their links, the form and the notice."""
        values = {name: value or "" for name, value in attrs}
        if tag == "article":
            self._sku = values.get("data-sku", "")
            self.links[self._sku] = ""
        elif tag == "a" and self._sku:
            self.links[self._sku] = values.get("href", "")
        elif tag == "form":
            self.action = values.get("action", "")
        elif tag == "input" and values.get("name"):
            self.fields[values["name"]] = values.get("value", "")
        self._is_notice = tag == "p" and "notice" in values.get("class", "").split()

    def handle_endtag(self, tag: str) -> None:
        """A product or a notice is over."""
        if tag == "article":
            self._sku = ""
        self._is_notice = False

    def handle_data(self, data: str) -> None:
        """The words of the notice."""
        if self._is_notice:
            self.notice = (self.notice + " " + data.strip()).strip()


def _read(url: str, content: bytes | None = None) -> Page:
    if not url.startswith("http"):
        raise ShopperError(f"{url} is no web page.")
    try:
        with urlopen(Request(url, data=content), timeout=TIMEOUT_SECONDS) as reply:
            return _to_page(reply.read(LONGEST_PAGE_BYTES))
    except HTTPError as error:
        with error:
            said = _to_page(error.read(LONGEST_PAGE_BYTES)).notice
        raise ShopperError(said or f"The shop's page refuses it ({error.code}).") from None
    except OSError as error:
        reason = getattr(error, "reason", error)
        raise ShopperError(f"The shop's page does not answer ({reason}).") from None


def _to_page(content: bytes) -> Page:
    return Page(content.decode("utf-8", "replace"))
