"""The sell screen: the sale on the right, ways to add to it on the left, the lit key in the corner.

- `sell`: the screen: its parts in their places, filled from the sale.
- `deeds`: what each key does to a line; `whole`: to the sale as a whole; `telling`: what the band says of it.
- `column`: the sale's lines, the band over the lit key, the lit key.
- `left`: tabs, the page under them, + and - and More.
- `tiles`: products by tile, learned favourites or a category's.
- `keypad`, `numbers`: the pad, and what is typed on it.
- `more`: what can be done to a line or to the sale.
- `first`: in place of the lines until something was sold.
- `wording`: a product or a line as words.
"""

from appliance.ui.screens.sell.sell import Sell

__all__ = ["Sell"]
