"""The till's screens: the only package that knows Kivy.

Decisions, and where they stand:

- Kivy is a pane of glass and nothing more. `painter`, `glass`, `window` and `touch` import it; parts and
  screens are plain Python that say what to draw as *marks* (rectangles, frames, words, icons at whole
  pixels). The painter compares the marks with those of the last frame and touches only what differs. Refused:
  Kivy's own widgets and kv files (a tree of property bindings is 3 to 10 times the work per scan, and its
  layouts hide where a thing stands).
- No TextInput, ScrollView, RecycleView, Animation or ScreenManager: measured, they cost 160 ms at start,
  leak, or keep the processor awake.
- Coordinates are those of the design: pixels from the top left of the panel.
- A screen keeps no truth. It asks an activity of `appliance.till`, and draws what comes back.
"""
