"""A Raspberry Pi's counter in QEMU: boots the card as it is flashed, and plays the devices around it.

``firmware`` finds kernel and kernel line on the card as the Pi's own firmware does, ``machine`` is one computer,
``usb_link`` with ``printer`` and ``panel`` are devices on its USB sockets, ``screen`` reads its picture, ``shop`` is
the demo's online shop on this side of the network, ``power`` builds what a power cut can leave. ``image/scenes`` plays
on them;
``image/verify`` is the command. Nothing here changes the card that is verified: the computer writes to an overlay.
"""
