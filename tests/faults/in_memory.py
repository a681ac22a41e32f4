"""Where tests keep files that last a moment."""

from __future__ import annotations

import os
from pathlib import Path


def memory() -> Path | None:
    """A folder that is in memory, None if there is none to use.

    The library of virtual devices, which the tests run behind, opens a socket for each file that is opened below /dev.
    """
    shm = Path("/dev/shm")
    return shm if shm.is_dir() and "umockdev" not in os.environ.get("LD_PRELOAD", "") else None
