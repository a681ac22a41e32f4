"""What waits: for the network, for paper, for a person.

- `waiting`: the screen; what each key does.
- `cards`: what needs a person, each with its two ways out; other ways are on the pages `stuck` and `oversold`.
- `chip`: what to do about the header's chip, which led here.
- `summary`: how many wait, why, and since when.
- `pages`: cards and rows on pages of a fixed number of rows.
"""

from appliance.ui.screens.waiting.waiting import WaitingSales

__all__ = ["WaitingSales"]
