"""A scanner that nobody set: each scan is read as every keyboard layout types it, and one that makes sense is taken.

A scanner types keys, not letters. One that is set to a French keyboard types other keys for the same code, and a till
that takes it for an American one reads "co?à" for "ck_0". A code of a known form says which layout it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from drivers.devices import Scan, ScanRejected
from drivers.layouts import LAYOUTS
from drivers.scan_decoding import ScanDecoder
from drivers.scanner_evdev import ScannerSettings

Answers = list[Scan | ScanRejected]


Judge = Callable[[Mapping[str, str]], str]
"""Told on the scanner's thread what was read, by the layout's name; says which is meant, "" for the till's own."""


class EveryLayout(ScanDecoder):
    """A decoder that is one for each layout; its own layout answers unless the judge names another."""

    __slots__ = ("_all", "_judge", "_own")

    def __init__(self, own: str, decoders: Mapping[str, ScanDecoder], judge: Judge) -> None:
        """Build it.

        Args:
            own: the layout that the till is set to, one of the decoders'.
            decoders: alike but for their layouts.
            judge: says which of them is meant.
        """
        super().__init__(decoders[own].layout)
        self._own, self._all, self._judge = own, decoders, judge

    @property
    def deadline(self) -> float | None:
        """Of all of them: they get the same keys."""
        return self._all[self._own].deadline

    def feed(self, code: int, value: int, at: float) -> Answers:
        """One key for each."""
        return self._judged({name: each.feed(code, value, at) for name, each in self._all.items()})

    def lose(self, at: float, held: Iterable[int] = ()) -> None:
        """Lost for all."""
        keys = tuple(held)
        for each in self._all.values():
            each.lose(at, keys)

    def expire(self, at: float) -> Answers:
        """Given up by all, or by none."""
        return self._judged({name: each.expire(at) for name, each in self._all.items()})

    def give_up(self, at: float) -> Answers:
        """Given up by all."""
        return self._judged({name: each.give_up(at) for name, each in self._all.items()})

    def _judged(self, answers: Mapping[str, Answers]) -> Answers:
        texts = {
            name: answer.text
            for name, given in answers.items()
            for answer in given
            if isinstance(answer, Scan)
        }
        meant = self._judge(texts) if texts else ""
        return answers[meant or self._own]


@dataclass(frozen=True, slots=True)
class UnsetScanner(ScannerSettings):
    """A scanner whose layout is found out by what it reads."""

    judge: Judge = lambda _texts: ""

    def decoder(self) -> ScanDecoder:
        """One for all layouts."""
        decoders = {name: self._for(name) for name in LAYOUTS}
        return EveryLayout(self.layout, decoders, self.judge)

    def _for(self, layout: str) -> ScanDecoder:
        return ScannerSettings(self.pairing, layout, self.suffixes, self.silence_seconds).decoder()
