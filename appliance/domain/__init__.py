"""What is sold, for how much, and what was paid: pure rules, no input or output, no clock.

Amounts are integers in the currency's minor unit (cents, fils, yen) and their names end in ``_minor``.
Sales are immutable: every step returns a new :class:`~appliance.domain.sale.Sale`, so a half-done step cannot
be stored. Only the standard library is used, but for GS1's tables in :mod:`~appliance.domain.barcodes`, which
says why.
"""
