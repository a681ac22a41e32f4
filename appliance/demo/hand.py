"""A hand and an eye at the till's screen: taps keys by their words, reads what is shown, takes pictures."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

ANSWER_SECONDS: Final = 20.0


class HandError(Exception):
    """What was to be tapped or seen is not on the screen. The text names it and what is there."""


class Hand:
    """Talks to the kiosk's remote socket. Every tap goes through the screen's own touch path."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._socket: socket.socket | None = None
        self._answers: Any = None

    def connect(self, seconds: float, check: Callable[[], None]) -> None:
        """Wait for the kiosk's first frame.

        Raises:
            HandError: it did not come in time; ``check`` may say more.
        """
        end = time.monotonic() + seconds
        while True:
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                line.connect(str(self._path))
            except OSError:
                line.close()
                check()
                if time.monotonic() > end:
                    raise HandError("The till did not draw its first screen.") from None
                time.sleep(0.02)
                continue
            line.settimeout(ANSWER_SECONDS)
            self._socket, self._answers = line, line.makefile("r", encoding="utf-8")
            return

    def close(self) -> None:
        """Let go; the kiosk may have gone already."""
        if self._socket is not None:
            self._answers.close()
            self._socket.close()
            self._socket = None

    def ask(self, op: str, **arguments: Any) -> dict[str, Any]:
        """Send one request and wait for its answer.

        Raises:
            HandError: the kiosk refused it or is gone.
        """
        if self._socket is None:
            raise HandError("The till is not running.")
        try:
            self._socket.sendall(json.dumps({"op": op} | arguments).encode() + b"\n")
            line = self._answers.readline()
        except OSError as error:
            raise HandError(f"The till did not answer: {error}") from None
        if not line:
            raise HandError("The till went away.")
        answer: dict[str, Any] = json.loads(line)
        if not answer.get("ok", False):
            raise HandError(str(answer.get("error", answer)))
        return answer

    def tap(self, label: str) -> None:
        """Tap the key with this word on it."""
        self.ask("tap", label=label)

    def place(self, label: str) -> tuple[float, float]:
        """Middle of the key with this word on it, in pixels from the top left."""
        found = self.ask("place", label=label)
        return float(found["x"]), float(found["y"])

    def screen(self) -> str:
        """Name of the screen that is shown."""
        return str(self.ask("screen")["screen"])

    def texts(self) -> list[str]:
        """Every text on the screen, from top to bottom."""
        return [str(text) for text in self.ask("texts")["texts"]]

    def sees(self, words: str) -> bool:
        """Whether these words stand anywhere on the screen."""
        return any(words in text for text in self.texts())

    def screenshot(self, path: Path) -> None:
        """Save what is on the glass as a PNG."""
        self.ask("screenshot", path=str(path))
