"""Starting again with a sale in progress, whatever the file holds."""

from __future__ import annotations

import json
from typing import Any

import pytest


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body | {"v": 2},
        lambda body: body | {"sale": None},
        lambda body: {"v": 1},
        lambda body: body | {"sale": body["sale"] | {"lines": [{"colour": "red"}]}},
    ],
)
def test_a_draft_that_this_version_cannot_read_is_set_aside_and_the_till_sells(
    bench: Any, spoil: Any
) -> None:
    bench.selling.add_product(331)
    ((text,),) = bench.database.rows("SELECT body FROM draft")
    spoilt = json.dumps(spoil(json.loads(text)))
    with bench.database.transaction() as connection:
        connection.execute("UPDATE draft SET body = ?", (spoilt,))
    bench.restart()
    assert not bench.selling.resume()
    assert bench.kinds()[-1] == "draft-set-aside"
    (row,) = bench.database.rows("SELECT body FROM journal WHERE kind = 'draft-set-aside'")
    assert json.loads(row[0])["draft"] == spoilt, "nothing is thrown away"
    bench.sell(402)
    assert bench.kinds()[-1] == "sale"
    assert not bench.selling.resume()
