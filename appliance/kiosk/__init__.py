"""The kiosk: builds its parts and runs. It has no network; it and the sync service meet only in the journal's file.

Three threads beside the screen's own: the scanner and the touch panel are read so that no scan is lost while the
screen draws, and the printer prints. Each has what it needs for itself; only the screen's thread sells.
"""
