"""The terminal that the screen stands on. That keys stay away from a real one is seen on the card (scene "locked")."""

from __future__ import annotations

import logging
import os
import pty

import pytest

from appliance.machine.terminal import deafen


def test_where_there_is_no_virtual_terminal_nothing_is_done_and_nothing_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    near, far = pty.openpty()
    read, write = os.pipe()
    with caplog.at_level(logging.INFO):
        deafen(far)
        deafen(read)
        for descriptor in (near, far, read, write):
            os.close(descriptor)
        deafen(read)  # closed
    assert caplog.records == []
