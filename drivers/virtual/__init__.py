"""The virtual bench: emulated hardware that the real evdev and libusb talk to, for tests and for the demo.

Nothing here runs on a shop's till. ``client.VirtualBench`` starts it; ``testbed`` is its own process, because
a handler of emulated ioctls in the same process as python-evdev would deadlock on the interpreter's lock.
"""
