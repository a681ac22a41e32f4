"""How a card is built: one module for each thing that is made, and `plan.py` for their order.

The root file system is Debian's (mmdebstrap), read-only, in squashfs; the partitions are made as files and laid one
after the other. No loop device, no mount of the card and no vfat driver is needed, so it builds in any container.
"""
