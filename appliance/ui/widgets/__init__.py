"""What screens are made of: keys, tiles, lines, bands, fields. Plain Python; none knows Kivy or an activity.

A part has an area that it draws and a target that takes the finger (the area and half of each seam). It says
what it looks like by `marks()`, and is asked again only after `change()` altered it.
"""
