"""What runs on the card itself, as root and beside the till: the first boot and each later one, updates, help.

``python -m appliance.card setup`` comes first at every boot. It reads the technician's ``till.toml`` from the card's
FAT partition, takes the secrets off it, and writes what the other programs read. It must never keep a till from
selling: whatever is wrong becomes a sentence that the kiosk shows, and the settings of the last good start stay in
force. The power may go at any step, and often goes at the first boot: every step can be done again, and nothing is
taken away before what replaces it is on the disk (see :mod:`appliance.card.disk`).

All folders come in by :class:`appliance.card.places.Places`, so that a test runs the whole of it in a folder.
"""
