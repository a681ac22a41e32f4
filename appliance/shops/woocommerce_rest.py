"""One question to WooCommerce and the judgement of its answer.

Only 200 or 201, declared as JSON, parsed, and of the expected shape is an answer. Everything else becomes the
error that says what may have happened; the rules were measured on 9.9.5 and are beside each.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from appliance.shops import woocommerce_auth as auth
from appliance.shops.contract import (
    BusyError,
    NotOurShopError,
    RefusedError,
    ShopClock,
    ShopError,
    ShopFailedError,
    UnauthorisedError,
    UnknownOutcomeError,
    UnreachableError,
)
from appliance.shops.http import HttpAnswer, HttpClient

PER_PAGE: Final = 100
"""What the shop allows; 101 is refused."""

MAX_PAGES: Final = 2_000
MOST_READS: Final = 3
MOST_DIGITS: Final = 9
"""A header's number that is longer is none."""

Json = dict[str, Any]
"""An object as the shop wrote it."""


class NoRouteError(NotOurShopError):
    """WordPress answers, and nothing of it at this path: the plugin, or that part of it, is switched off."""


class TakenError(RefusedError):
    """A name that must be the only one is taken.

    Attributes:
        resource_id: the number of what has it.
    """

    def __init__(self, code: str, text: str, resource_id: int) -> None:
        super().__init__(code, text)
        self.resource_id = resource_id


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list.

    Attributes:
        items: its objects.
        total: how many the shop counts over all pages, None if it did not say.
        is_last: no page comes after it.
        server_at: the shop's clock when it answered.
    """

    items: list[Json]
    total: int | None
    is_last: bool
    server_at: datetime | None


class Rest:
    """Asks one WooCommerce. For one thread.

    Args:
        http: with the shop's base URL.
        key: consumer key. secret: consumer secret.
        now: the till's clock; corrected by the shop's where the shop refuses it.
        new_id: makes a new text at each call, for OAuth's nonce and against caches.
    """

    def __init__(
        self,
        http: HttpClient,
        key: str,
        secret: str,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._http = http
        self._key = key
        self._secret = secret
        self._now = now
        self._new_id = new_id
        self._clock_offset = timedelta(0)
        self._is_encrypted = http.base_url.startswith("https://")

    @property
    def clock(self) -> ShopClock | None:
        """The shop's clock as of the last answer."""
        return self._http.clock

    def read(self, path: str, parameters: Mapping[str, str] | None = None) -> Json:
        """GET one object.

        Raises:
            RefusedError: there is none (HTTP 404) or the question is wrong.
        """
        body = _judged(self._asked("GET", path, dict(parameters or {}), None))
        return _object(body)

    def page(self, path: str, parameters: Mapping[str, str], number: int = 1) -> Page:
        """GET one page of a list, 100 at a time unless the parameters say otherwise."""
        full = {**parameters, "page": str(number), "per_page": parameters.get("per_page", str(PER_PAGE))}
        answer = self._asked("GET", path, full, None)
        body = _judged(answer)
        if not isinstance(body, list) or not all(isinstance(item, dict) for item in body):
            raise NotOurShopError("The shop answered with something that is not a list.")
        pages = _number(answer.headers.get("x-wp-totalpages"))
        is_last = len(body) < PER_PAGE or (pages is not None and number >= pages)
        return Page(body, _number(answer.headers.get("x-wp-total")), is_last, answer.server_at)

    def pages(self, path: str, parameters: Mapping[str, str], at_most: int = MAX_PAGES) -> Iterator[Page]:
        """GET a list page by page.

        A page whose answer was lost is asked for again, once the first has come: at two lost answers in a hundred a
        list of a hundred pages would hardly ever be read to its end.
        """
        page = self.page(path, parameters)
        yield page
        for number in range(2, at_most + 1):
            if page.is_last:
                return
            page = self.page_again(path, parameters, number)
            yield page

    def page_again(self, path: str, parameters: Mapping[str, str], number: int) -> Page:
        """GET one page of a list, and again where its answer was lost."""
        for _ in range(MOST_READS - 1):
            try:
                return self.page(path, parameters, number)
            except BusyError:
                raise
            except (UnknownOutcomeError, UnreachableError):
                continue
        return self.page(path, parameters, number)

    def write(self, path: str, body: Json, parameters: Mapping[str, str] | None = None) -> Json:
        """POST one object. POST for changes too: proxies send a PUT again on their own, a POST never."""
        content = json.dumps(body, separators=(",", ":")).encode()
        return _object(_judged(self._asked("POST", path, dict(parameters or {}), content)))

    def remove(self, path: str) -> None:
        """Delete for ever. Done twice it is refused with what the shop says of things that are not there."""
        _object(_judged(self._asked("DELETE", path, {"force": "true", "_fields": "id"}, None)))

    def _asked(self, method: str, path: str, parameters: dict[str, str], content: bytes | None) -> HttpAnswer:
        answer = self._sent(method, path, parameters, content)
        if answer.status == 401 and b"Invalid timestamp" in answer.body and answer.server_at is not None:
            # A till without a clock of its own: believe the shop's, and sign again. Nothing was done.
            self._clock_offset = answer.server_at - self._now()
            answer = self._sent(method, path, parameters, content)
        return answer

    def _sent(self, method: str, path: str, parameters: dict[str, str], content: bytes | None) -> HttpAnswer:
        headers = {"Content-Type": "application/json"} if content is not None else {}
        target = f"/wp-json{path}"
        if self._is_encrypted:
            headers["Authorization"] = auth.basic(self._key, self._secret)
            if method == "GET":
                parameters = {**parameters, "_": self._new_id()}  # past every cache
        else:
            parameters = auth.signed(
                method,
                self._http.base_url + target,
                parameters,
                key=self._key,
                secret=self._secret,
                seconds=int((self._now() + self._clock_offset).timestamp()),
                nonce=self._new_id(),
            )
        query = auth.query(parameters)
        return self._http.request(method, f"{target}?{query}" if query else target, headers, content)


def _judged(answer: HttpAnswer) -> Any:
    body = _parsed(answer)
    if answer.status in (200, 201) and body is not None:
        return body
    if answer.status in (429, 503):
        raise BusyError("The shop asks for patience.", _number(answer.headers.get("retry-after")))
    if not isinstance(body, dict) or not isinstance(body.get("code"), str):
        raise NotOurShopError(f"Something answered that is not the shop (HTTP {answer.status}).")
    raise _refusal(answer.status, body["code"], str(body.get("message", "")), body.get("data"))


def _parsed(answer: HttpAnswer) -> Any:
    """The body, None if it does not claim to be JSON."""
    if not answer.is_json:
        return None
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise UnknownOutcomeError("The shop's answer is garbled.") from None


def _refusal(status: int, code: str, message: str, data: object) -> ShopError:
    if status >= 500:
        return ShopFailedError(f"The shop broke over this request ({code}).")
    if status in (401, 403):
        if "nonce" in message.lower():  # a proxy delivered it twice; the first one was heard
            return UnknownOutcomeError("The request reached the shop twice.")
        return UnauthorisedError(f"The shop does not accept the till's key: {message}")
    if code == "rest_no_route":
        return NoRouteError("WooCommerce does not answer there: is it switched off?")
    taken_by = data.get("resource_id") if isinstance(data, dict) else None
    if isinstance(taken_by, int) and taken_by > 0:
        return TakenError(code, message or code, taken_by)
    return RefusedError(code, message or code)


def _object(body: Any) -> Json:
    if not isinstance(body, dict):
        raise NotOurShopError("The shop answered with something that is not one object.")
    return body


def _number(text: str | None) -> int | None:
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS else None


def utc(text: str) -> datetime:
    """Read one of the shop's ``..._gmt`` instants, which carry no zone."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
