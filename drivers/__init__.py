"""Drivers for the devices at the counter; they know nothing of a sale and never import the appliance.

The contracts are in ``devices``. Each has a real implementation and a fake one (``fakes``), and one contract
test that both pass. ``virtual`` is the bench: emulated hardware below the real libraries, for tests and for
the demo.
"""
