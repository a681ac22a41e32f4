"""A small online shop that answers the same REST as WooCommerce, traps included, and has a page to buy from.

It is another program with its own file, there to be sold against: on one machine in the demo, and in tests,
where the same contract is run against it and against a real WooCommerce. What it answers was measured on
9.9.5; the recorded answers in tests/shops/recorded hold it to that.
"""
