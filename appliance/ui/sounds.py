"""The till's tones: sines made by the standard library, played by `aplay` where there is one.

Told apart by rhythm first; nothing above 2.2 kHz and nothing longer than half a second.
"""

import io
import logging
import math
import queue
import shutil
import struct
import subprocess
import threading
import wave
from collections.abc import Mapping, Sequence
from functools import cache

log = logging.getLogger(__name__)

RATE = 22_050
FADE_MS = 4
LOUDEST = 6
FULL_SCALE = 26_000
PATIENCE_SECONDS = 3
MOST_WAITING = 3
"""Tones that may wait for the one that plays; more would only lag behind the hand."""

TONES: Mapping[str, Sequence[tuple[int, int]]] = {
    "scanned": ((2093, 45),),
    "scanned-look": ((2093, 45), (0, 30), (1047, 60)),
    "unknown": ((392, 110), (0, 70), (392, 110)),
    "refused": ((330, 260),),
    "needs-you": ((523, 110), (415, 110), (330, 110)),
    "done": ((1047, 70), (1568, 110)),
    "taken-off": ((784, 50), (587, 60)),
}
"""Frequency in hertz (0 is silence) and milliseconds."""
ALWAYS_HEARD = {"unknown": 2, "refused": 2}
"""Tones that a low volume does not make quieter than this; off is off."""


def samples(tone: str, volume: int) -> list[int]:
    """A tone as 16 bit samples. Volume 0 is silence, 6 the loudest."""
    level = 0 if volume == 0 else max(volume, ALWAYS_HEARD.get(tone, 0))
    scale = FULL_SCALE * (level / LOUDEST) ** 2
    made: list[int] = []
    for hertz, milliseconds in TONES[tone]:
        count = RATE * milliseconds // 1000
        fade = RATE * FADE_MS // 1000
        for at in range(count):
            swell = min(1.0, at / fade, (count - at) / fade)
            made.append(round(scale * swell * math.sin(2 * math.pi * hertz * at / RATE)))
    return made


@cache
def wave_file(tone: str, volume: int) -> bytes:
    """A tone as a WAV file."""
    made = samples(tone, volume)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(struct.pack(f"<{len(made)}h", *made))
    return out.getvalue()


class Sounds:
    """Plays tones in a thread of its own, so that no key waits for one.

    Args:
        volume: 0 (off) to 6.
        player: a program that plays a WAV from its standard input, "" for none.
    """

    def __init__(self, volume: int, player: Sequence[str] = ("aplay", "-q", "-")) -> None:
        self._volume = volume
        self._player = list(player) if player and shutil.which(player[0]) else []
        self._waiting: queue.Queue[str] = queue.Queue(MOST_WAITING)
        self._is_lost = False
        if self._player and volume:
            threading.Thread(target=self._play_all, name="tones", daemon=True).start()

    def __call__(self, tone: str) -> None:
        """Play a tone by its name; returns at once. Too many at once are dropped."""
        if tone not in TONES:
            raise KeyError(tone)
        if self._player and self._volume and not self._waiting.full():
            self._waiting.put_nowait(tone)

    def _play_all(self) -> None:
        while True:
            self._play(wave_file(self._waiting.get(), self._volume))

    def _play(self, sound: bytes) -> None:
        try:
            done = subprocess.run(
                self._player, input=sound, capture_output=True, timeout=PATIENCE_SECONDS, check=False
            )
            problem = done.stderr.decode(errors="replace").strip() if done.returncode else ""
        except (OSError, subprocess.TimeoutExpired) as error:
            problem = str(error)
        if bool(problem) != self._is_lost:
            self._is_lost = bool(problem)
            log.warning("No sound: %s", problem) if problem else log.info("Sound is back.")
