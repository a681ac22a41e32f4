"""The one service on the file in use: it ends when that cannot be told any more."""

from __future__ import annotations

import pytest

from appliance.syncd.alone import ended_when


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_card_that_fails_while_it_is_asked_ends_the_work_on_it() -> None:
    """Before, the question died unheard: the service went on for ever, deaf to a stop as well."""

    def is_over() -> bool:
        raise OSError(5, "Input/output error")

    with ended_when(is_over) as ended:
        assert ended.wait(5)
