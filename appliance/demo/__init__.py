"""A shop in miniature on one machine: the till, its sync service, an online shop, the network and the devices.

Nothing is pretended inside the till: the two programs are the real ones, with the real file, devices behind the real
device libraries, and real HTTP. What stands at the other end (a scanner, a printer, a shop, a cable) is ours.
"""
