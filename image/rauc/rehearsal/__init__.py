"""Updates rehearsed on the card itself, in QEMU: its own kernel, initrd, RAUC 1.13, hook and programs.

The harness plays the Pi's firmware (``image.machine.firmware``: config.txt, slot.txt) and the power. systemd and the
kiosk are stood in for (``guest/``), since what is looked at here is what an update writes and what each cut leaves.
"""
