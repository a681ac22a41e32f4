"""A hand from outside: taps keys, reads the screen and takes pictures, over a Unix socket.

Only for demonstrations and tests: there is no remote hand unless the program is given a path. One JSON object
a line, {"op": "tap", "label": "Pay"}, and one back, {"ok": true}. Taps are fingers like any other: they go
through Kivy's dispatch and wait out a key's guard, as a person would.
"""

import json
import logging
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from appliance.ui.desk import Desk
from appliance.ui.picture import save_picture
from appliance.ui.screen import Screen
from appliance.ui.touch import Fingers

log = logging.getLogger(__name__)

Answer = dict[str, Any]
PATIENCE_SECONDS = 15.0
HELD_SECONDS = 0.03
REMOTE_SLOT = 99
"""A slot that no panel uses."""


class Remote:
    """Listens in a thread; every request is done on the UI thread."""

    def __init__(
        self,
        path: Path,
        desk: Desk,
        fingers: Fingers,
        window: Any,
        share_of: Callable[[float, float], tuple[float, float]],
    ) -> None:
        self._desk, self._fingers, self._window = desk, fingers, window
        self._share_of = share_of
        self._ops: dict[str, Callable[[Answer, Callable[[Answer], None]], None]] = {
            "tap": self._tap,
            "screen": lambda _ask, reply: reply({"screen": self._screen().name}),
            "texts": lambda _ask, reply: reply({"texts": self._screen().words()}),
            "place": self._tell_place,
            "screenshot": self._screenshot,
        }
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            self._listener.bind(str(path))
        finally:
            os.umask(before)
        self._listener.listen()
        threading.Thread(target=self._accept, name="remote hand", daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return  # closed
            threading.Thread(target=self._serve, args=(line,), name="remote hand", daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with line, line.makefile("r", encoding="utf-8") as requests:
            for request in requests:
                try:
                    answer = self._ask(json.loads(request))
                    line.sendall(json.dumps(answer).encode() + b"\n")
                except (OSError, ValueError) as error:
                    log.info("The remote hand let go: %s", error)
                    return

    def _ask(self, request: Answer) -> Answer:
        """Have a request done on the UI thread, and wait for its answer."""
        answers: Queue[Answer] = Queue()
        op = self._ops.get(str(request.get("op")))
        if op is None:
            return {"ok": False, "error": f"There is no op {request.get('op')!r}."}

        def do() -> None:
            try:
                op(request, lambda answer: answers.put({"ok": True} | answer))
            except (LookupError, OSError) as error:
                answers.put({"ok": False, "error": str(error)})

        self._desk.post(do)
        try:
            return answers.get(timeout=PATIENCE_SECONDS)
        except Empty:
            return {"ok": False, "error": "The screen did not answer."}

    def _screen(self) -> Screen:
        if self._desk.screen is None:
            raise LookupError("No screen is shown yet.")
        return self._desk.screen

    def _tap(self, request: Answer, reply: Callable[[Answer], None]) -> None:
        """Put a finger down on a key or a place, and lift it a little later."""
        screen = self._screen()
        x, y = self._place(request, screen)
        part = screen.part_at(x, y)
        guarded = 0.0 if part is None else screen.guarded_for(part, x, y)
        if guarded:
            self._desk.after(guarded, lambda: self._tap(request, reply))
            return
        across, down = self._share_of(x, y)
        self._fingers.down(REMOTE_SLOT, across, down)

        def lift() -> None:
            self._fingers.up(REMOTE_SLOT, across, down)
            self._desk.after(HELD_SECONDS, lambda: reply({}))

        self._desk.after(HELD_SECONDS, lift)

    def _place(self, request: Answer, screen: Screen) -> tuple[float, float]:
        if "label" not in request:
            return float(request["x"]), float(request["y"])
        label = str(request["label"])
        part = screen.find(label)
        if part is None:
            raise LookupError(f"No key reads {label!r} on {screen.name!r}; there are {screen.words()}.")
        return part.middle()

    def _tell_place(self, request: Answer, reply: Callable[[Answer], None]) -> None:
        x, y = self._place(request, self._screen())
        reply({"x": x, "y": y})

    def _screenshot(self, request: Answer, reply: Callable[[Answer], None]) -> None:
        """Save the next frame, before it is swapped onto the glass."""
        path = Path(str(request["path"]))

        def flipping(*_args: object) -> None:
            self._window.unbind(on_flip=flipping)
            try:
                save_picture(self._window, path)
            except OSError as error:
                reply({"ok": False, "error": str(error)})
                return
            reply({"path": str(path)})

        self._window.bind(on_flip=flipping)
        self._window.canvas.ask_update()
