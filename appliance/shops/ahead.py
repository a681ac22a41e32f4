"""Asking for the next thing while the last one is still being written."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Ahead(Generic[Item]):
    """Does one thing at a time on a thread of its own; for what this thread does not touch meanwhile."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "ahead")
        self._begun: Future[Item] | None = None

    def __enter__(self) -> Ahead[Item]:
        """Enter a block at whose end nothing is under way any more."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Wait for what is under way; its answer is dropped."""
        self._thread.shutdown()

    def begin(self, do: Callable[[], Item]) -> None:
        """Begin something."""
        self._begun = self._thread.submit(do)

    def result(self) -> Item:
        """Wait for what was begun, and raise what it raised."""
        assert self._begun is not None
        begun, self._begun = self._begun, None
        return begun.result()
