"""The till: what a cashier, a technician and an owner work with. See README.md for the map of the tree."""
