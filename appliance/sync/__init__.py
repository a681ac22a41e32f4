"""The other program: brings sales to the online shop exactly once, and its products, prices and stock back.

The protocol is "reserve, remember, commit, sweep". A plain shop has no idempotency key, an answer can be lost
after the work was done, and a lost request can run much later, so no step may harm when it happens twice:

1. *reserve*: the order is made on hold, which takes the stock. That a reservation may have left is on disk
   before it does; after that the till looks for it first, and a twin made in doubt only holds stock back for
   a while.
2. *remember*: the order's number is on disk before the next call. From then on this one order is the sale.
3. *commit*: that order is completed. Completing an order on hold again, or three times at once, changes
   nothing (measured on WooCommerce 9.9.5, 15 of 15 trials; completing a *pending* one twice takes the stock
   twice).
4. *sweep*: when no request can still be under way, other orders with the same sale are cancelled, one at a
   time, and the sale's own order is looked at once more: status, total, and each line's stock taken once.

A card can be copied, and a backup put into another machine: then two tills hold the same unsent sale, and no reading
and writing alone can make them agree which of their orders it is. Such a sale is *inherited*, and between "remember"
and "commit" the till *claims* it: the shop's one atomic lock names the order that is the sale, and no other is ever
committed (:mod:`appliance.shops.woocommerce_claims`). The loser adopts the order that the claim names, its own becomes
a twin. All copies must claim, the one in the old machine too: a claim that only the copy makes was found wrong by
tests/faults/explore_clones. As nobody can know whether a card was copied while the machine was off, all that was unsent
at a start of the machine is inherited, and what is unsent when a backup is made. A sale that is told in the start in
which it was made needs two requests, an inherited one five.

What moves without a sale (a count's variance, goods back without an order, pieces held back from the web) goes the same
way: as an order over nothing, whose lines give or take pieces in the shop's one atomic step
(:mod:`appliance.shops.woocommerce_moves`). Money that went back is told under its sale's order, which no order on hold
makes harmless to repeat: :mod:`~appliance.sync.refund_steps` says how that is done once. Sales go before refunds,
refunds before moves: one whose order is gone becomes a move. A shop that was set back to an old copy is found
(:mod:`~appliance.sync.set_back`) and told again when a person says so; until then nothing that was heard is unheard.

What to do next is decided in :mod:`~appliance.sync.steps`, from what is on disk and the last answer, without
any input or output; the doing is in :mod:`~appliance.sync.upload`, for one sale after the other in
:mod:`~appliance.sync.queue`, where trouble over one puts that one off and never holds up the next.
Model-checked, and run against every schedule of three faults (see tests/faults). Uploads go before
downloads, in one thread, so that the stock read is never older than the sales that were told.
"""
