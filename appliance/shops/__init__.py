"""The online shop as the till needs it: one contract, one file per platform behind it.

The only package that knows HTTP. What each call may leave behind when it fails is in the error's class
(:mod:`appliance.shops.contract`); that is all that the sync service decides by.
"""
