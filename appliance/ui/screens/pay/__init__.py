"""Paying.

- `pay`: the screen; what each key does.
- `layout`: where its parts stand, on both panels.
- `showing`: what they say, from what is due, what was taken and what is being typed.
- `words`: the lit key, tenders and change as words.
"""

from appliance.ui.screens.pay.pay import Pay

__all__ = ["Pay"]
