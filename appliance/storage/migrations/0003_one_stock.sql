-- One stock for two channels: what else than sales changes the shop's count, and how far the telling of it has come.

-- The outbox anew: a sale can be settled by hand (then no order needs to be known), and told again when the shop was
-- set back to an old copy and has lost it. Nothing else ever makes what was heard unheard.
CREATE TABLE outbox_new (
    seq           INTEGER PRIMARY KEY REFERENCES sale,
    state         TEXT    NOT NULL CHECK (state IN ('due', 'reserved', 'sent', 'parked')),
    posted_at     TEXT,                        -- a reservation may have reached the shop since then
    order_id      INTEGER CHECK (order_id > 0),  -- the order that is this sale, once it is known
    committing_at TEXT,                        -- a commit may have reached the shop since then
    sent_at       TEXT,
    checked_at    TEXT,                        -- the late look at stock and twins is done
    attempts      INTEGER NOT NULL DEFAULT 0,
    next_try_at   TEXT,
    reason        TEXT    NOT NULL DEFAULT '',  -- why it is parked, in a cashier's words
    inherited     INTEGER NOT NULL DEFAULT 0 CHECK (inherited IN (0, 1)),  -- another card may hold it: see sync.steps
    claim_id      INTEGER CHECK (claim_id > 0),
    settled_seq   INTEGER REFERENCES journal (seq),  -- the entry that says who settled it by hand, and why
    times_lost    INTEGER NOT NULL DEFAULT 0 CHECK (times_lost >= 0),  -- how often the shop lost it and it was told again
    CHECK (state IN ('due', 'parked') OR order_id IS NOT NULL OR settled_seq IS NOT NULL),
    CHECK (state <> 'due' OR order_id IS NULL),
    CHECK (state <> 'sent' OR sent_at IS NOT NULL), CHECK (state <> 'parked' OR reason <> '')
) STRICT;
INSERT INTO outbox_new SELECT seq, state, posted_at, order_id, committing_at, sent_at, checked_at, attempts, next_try_at,
    reason, inherited, claim_id, NULL, 0 FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
CREATE INDEX outbox_open      ON outbox (seq) WHERE state <> 'sent';
CREATE INDEX outbox_parked    ON outbox (seq) WHERE state = 'parked';
CREATE INDEX outbox_unchecked ON outbox (sent_at) WHERE state = 'sent' AND checked_at IS NULL;
CREATE INDEX outbox_problem   ON outbox (seq) WHERE state = 'sent' AND reason <> '';
CREATE INDEX outbox_claim     ON outbox (seq) WHERE claim_id IS NOT NULL;
CREATE UNIQUE INDEX outbox_order ON outbox (order_id) WHERE order_id IS NOT NULL;
CREATE TRIGGER outbox_stays      BEFORE DELETE ON outbox      BEGIN SELECT raise(ABORT, 'outbox: never emptied'); END;
CREATE TRIGGER outbox_remembers  BEFORE UPDATE ON outbox
WHEN OLD.state = 'sent' AND NEW.state <> 'sent' AND NEW.times_lost <= OLD.times_lost
BEGIN SELECT raise(ABORT, 'outbox: what was heard stays heard'); END;

-- Pieces that move without a sale: what a count found, goods back without an order, what is held back from the web.
-- The shop hears of them by an order over nothing (see sync), whose pieces it takes or gives in one atomic step.
CREATE TABLE stock_move (
    seq           INTEGER PRIMARY KEY REFERENCES journal (seq),
    move_id       TEXT    NOT NULL UNIQUE CHECK (length(move_id) = 32),
    kind          TEXT    NOT NULL CHECK (kind IN ('count', 'return', 'hold')),
    moved_at      TEXT    NOT NULL,
    person_id     INTEGER NOT NULL,
    person_name   TEXT    NOT NULL,
    approved_by   INTEGER,
    reason        TEXT    NOT NULL CHECK (reason <> '')
) STRICT;

CREATE TABLE stock_move_line (
    seq           INTEGER NOT NULL REFERENCES stock_move,
    position      INTEGER NOT NULL CHECK (position > 0),
    product_id    INTEGER NOT NULL,
    parent_id     INTEGER,
    stock_id      INTEGER NOT NULL,
    name          TEXT    NOT NULL,
    sku           TEXT    NOT NULL DEFAULT '',
    quantity      INTEGER NOT NULL CHECK (quantity <> 0),  -- added to the shop's count
    expected      INTEGER,                                 -- of a count: what should have been there at that moment
    counted       INTEGER CHECK (counted >= 0),            -- of a count: what was
    PRIMARY KEY (seq, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_move_of ON stock_move_line (stock_id, seq);

-- As outbox, for stock moves.
CREATE TABLE stock_move_outbox (
    seq           INTEGER PRIMARY KEY REFERENCES stock_move,
    state         TEXT    NOT NULL CHECK (state IN ('due', 'reserved', 'sent', 'parked')),
    posted_at     TEXT,
    order_id      INTEGER CHECK (order_id > 0),
    committing_at TEXT,
    sent_at       TEXT,
    checked_at    TEXT,
    attempts      INTEGER NOT NULL DEFAULT 0,
    next_try_at   TEXT,
    reason        TEXT    NOT NULL DEFAULT '',
    inherited     INTEGER NOT NULL DEFAULT 0 CHECK (inherited IN (0, 1)),
    claim_id      INTEGER CHECK (claim_id > 0),
    settled_seq   INTEGER REFERENCES journal (seq),
    times_lost    INTEGER NOT NULL DEFAULT 0 CHECK (times_lost >= 0),
    CHECK (state IN ('due', 'parked') OR order_id IS NOT NULL OR settled_seq IS NOT NULL),
    CHECK (state <> 'due' OR order_id IS NULL),
    CHECK (state <> 'sent' OR sent_at IS NOT NULL), CHECK (state <> 'parked' OR reason <> '')
) STRICT;
CREATE INDEX stock_move_outbox_open      ON stock_move_outbox (seq) WHERE state <> 'sent';
CREATE INDEX stock_move_outbox_unchecked ON stock_move_outbox (sent_at) WHERE state = 'sent' AND checked_at IS NULL;
CREATE INDEX stock_move_outbox_problem   ON stock_move_outbox (seq) WHERE state = 'sent' AND reason <> '';
CREATE INDEX stock_move_outbox_claim     ON stock_move_outbox (seq) WHERE claim_id IS NOT NULL;
CREATE UNIQUE INDEX stock_move_outbox_order ON stock_move_outbox (order_id) WHERE order_id IS NOT NULL;

-- Refunds anew: money that goes back has no order on hold that would make a repeat harmless, so each step is kept.
CREATE TABLE refund_outbox_new (
    seq            INTEGER PRIMARY KEY REFERENCES refund,
    state          TEXT    NOT NULL CHECK (state IN ('due', 'sent', 'parked')),
    reason         TEXT    NOT NULL DEFAULT '',
    posted_at      TEXT,                       -- it may have reached the shop, last since then
    shop_refund_id INTEGER CHECK (shop_refund_id > 0),
    sent_at        TEXT,
    checked_at     TEXT,
    attempts       INTEGER NOT NULL DEFAULT 0,
    next_try_at    TEXT,
    inherited      INTEGER NOT NULL DEFAULT 0 CHECK (inherited IN (0, 1)),
    claim_id       INTEGER CHECK (claim_id > 0),
    is_ours        INTEGER CHECK (is_ours IN (0, 1)),  -- of an inherited one: whether this till won the claim to tell it
    settled_seq    INTEGER REFERENCES journal (seq),
    CHECK (state <> 'sent' OR sent_at IS NOT NULL), CHECK (state <> 'parked' OR reason <> '')
) STRICT;
INSERT INTO refund_outbox_new (seq, state, reason, inherited, sent_at, checked_at)
SELECT o.seq, iif(r.of_seq IS NULL, 'sent', 'due'), '', r.of_seq IS NOT NULL,
    iif(r.of_seq IS NULL, r.completed_at, NULL), iif(r.of_seq IS NULL, r.completed_at, NULL)
FROM refund_outbox AS o JOIN refund AS r USING (seq);
DROP TABLE refund_outbox;
ALTER TABLE refund_outbox_new RENAME TO refund_outbox;
CREATE INDEX refund_outbox_open      ON refund_outbox (seq) WHERE state <> 'sent';
CREATE INDEX refund_outbox_unchecked ON refund_outbox (sent_at) WHERE state = 'sent' AND checked_at IS NULL;
CREATE INDEX refund_outbox_problem   ON refund_outbox (seq) WHERE state = 'sent' AND reason <> '';
CREATE INDEX refund_outbox_claim     ON refund_outbox (seq) WHERE claim_id IS NOT NULL;
-- A refund that has no order to be told to is a stock move of the same entry, for the pieces that came back.
INSERT INTO stock_move (seq, move_id, kind, moved_at, person_id, person_name, approved_by, reason)
SELECT r.seq, r.refund_id, 'return', r.completed_at, r.person_id, j.body ->> '$.cashier.name', r.approved_by, r.reason
FROM refund AS r JOIN journal AS j USING (seq)
WHERE r.of_seq IS NULL AND EXISTS (SELECT 1 FROM refund_line AS l WHERE l.seq = r.seq AND l.stock_id IS NOT NULL);
INSERT INTO stock_move_line (seq, position, product_id, parent_id, stock_id, name, quantity)
SELECT l.seq, l.position, coalesce(l.product_id, l.stock_id),
    iif(l.stock_id <> l.product_id, l.stock_id, NULL), l.stock_id, l.name, l.quantity
FROM refund_line AS l JOIN stock_move AS m USING (seq) WHERE l.stock_id IS NOT NULL;
INSERT INTO stock_move_outbox (seq, state, inherited) SELECT seq, 'due', 1 FROM stock_move;
CREATE TRIGGER refund_outbox_stays BEFORE DELETE ON refund_outbox
BEGIN SELECT raise(ABORT, 'outbox: never emptied'); END;
CREATE TRIGGER stock_move_outbox_stays BEFORE DELETE ON stock_move_outbox
BEGIN SELECT raise(ABORT, 'outbox: never emptied'); END;
CREATE TRIGGER stock_move_keeps      BEFORE UPDATE ON stock_move
BEGIN SELECT raise(ABORT, 'stock move: written once'); END;
CREATE TRIGGER stock_move_stays      BEFORE DELETE ON stock_move
BEGIN SELECT raise(ABORT, 'stock move: written once'); END;
CREATE TRIGGER stock_move_line_keeps BEFORE UPDATE ON stock_move_line
BEGIN SELECT raise(ABORT, 'stock move: written once'); END;
CREATE TRIGGER stock_move_line_stays BEFORE DELETE ON stock_move_line
BEGIN SELECT raise(ABORT, 'stock move: written once'); END;
-- Goods that came back damaged do not go to the shelf.
ALTER TABLE refund_line ADD COLUMN restock INTEGER NOT NULL DEFAULT 1 CHECK (restock IN (0, 1));

-- The sum of untold_stock for each count: after weeks without a network a scan must not add up thousands of rows.
CREATE TABLE untold_total (
    stock_id      INTEGER PRIMARY KEY,
    quantity      INTEGER NOT NULL
) STRICT;
INSERT INTO untold_total (stock_id, quantity) SELECT stock_id, sum(quantity) FROM untold_stock GROUP BY stock_id;
CREATE TRIGGER untold_comes AFTER INSERT ON untold_stock
BEGIN INSERT INTO untold_total (stock_id, quantity) VALUES (NEW.stock_id, NEW.quantity)
      ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity; END;
CREATE TRIGGER untold_shrinks AFTER UPDATE OF quantity ON untold_stock
BEGIN UPDATE untold_total SET quantity = quantity + NEW.quantity - OLD.quantity WHERE stock_id = NEW.stock_id; END;
CREATE TRIGGER untold_goes AFTER DELETE ON untold_stock
BEGIN UPDATE untold_total SET quantity = quantity - OLD.quantity WHERE stock_id = OLD.stock_id;
      DELETE FROM untold_total WHERE stock_id = OLD.stock_id AND quantity = 0; END;

-- Pieces that came or went here, beside sales, and that the shop's count does not know of: + for what came back. By the
-- entry of the refund or of the stock move; gone once the shop has heard.
CREATE TABLE untold_move (
    stock_id      INTEGER NOT NULL,
    seq           INTEGER NOT NULL,
    quantity      INTEGER NOT NULL CHECK (quantity <> 0),
    PRIMARY KEY (stock_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX untold_move_of ON untold_move (seq);
INSERT INTO untold_move (stock_id, seq, quantity)
SELECT stock_id, seq, sum(quantity) FROM refund_line WHERE stock_id IS NOT NULL GROUP BY stock_id, seq;

-- Pieces that the shop's count lacks because they are held back from the web: they are on the shelf all the same.
CREATE TABLE held_back (
    stock_id      INTEGER PRIMARY KEY,
    quantity      INTEGER NOT NULL
) STRICT;

-- Pieces on sales that were set aside: reserved, until they are recalled or given up.
CREATE TABLE held_stock (
    sale_id       TEXT    NOT NULL REFERENCES held_sale ON DELETE CASCADE,
    stock_id      INTEGER NOT NULL,
    quantity      INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (sale_id, stock_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_stock_of ON held_stock (stock_id);
INSERT INTO held_stock (sale_id, stock_id, quantity)
SELECT h.sale_id, l.value ->> '$.stock_id', sum(l.value ->> '$.quantity')
FROM held_sale AS h, json_each(h.body, '$.sale.lines') AS l
WHERE l.value ->> '$.stock_id' IS NOT NULL GROUP BY 1, 2;

-- A count in progress: what was found of a product, against what should have been there at that very moment. One line
-- for each count that the shop keeps: choices that share one are counted together.
CREATE TABLE count_line (
    stock_id      INTEGER PRIMARY KEY,
    product_id    INTEGER NOT NULL,
    parent_id     INTEGER,
    name          TEXT    NOT NULL,
    sku           TEXT    NOT NULL DEFAULT '',
    counted       INTEGER NOT NULL CHECK (counted >= 0),
    expected      INTEGER NOT NULL,
    moved         INTEGER NOT NULL DEFAULT 0,  -- pieces that came (+) or went while it was counted piece by piece
    counted_at    TEXT    NOT NULL,
    touched       INTEGER NOT NULL UNIQUE,     -- 1, 2, 3 ...: which line was touched last
    person_id     INTEGER NOT NULL
) STRICT;
