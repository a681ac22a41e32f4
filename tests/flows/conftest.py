"""The whole miniature: shop, cable, devices and the two programs, as the demo runs them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from appliance.demo.stage import Stage, staged


@pytest.fixture
def stage() -> Iterator[Stage]:
    with staged((800, 480), "dark", headless=True, deadline_seconds=4, late_minutes=0.1) as running:
        yield running
