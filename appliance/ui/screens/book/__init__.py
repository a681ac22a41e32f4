"""Sales from paper.

- `book`: the screen; what each key does.
- `layout`: where its parts stand, on both panels.
- `sheet`: the list as it is typed.
- `showing`: what the parts say, from what the list comes to.
"""

from appliance.ui.screens.book.book import Book

__all__ = ["Book"]
