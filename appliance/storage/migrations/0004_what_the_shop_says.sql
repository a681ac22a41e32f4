-- What the shop says: of its counts, its orders and its people; and what a person decided when both sides had sold.

-- Every change of the shop's count that this till did not make itself: the timeline of a product needs it.
CREATE TABLE stock_change (
    change_id     INTEGER PRIMARY KEY,
    stock_id      INTEGER NOT NULL,
    read_at       TEXT    NOT NULL,
    was           INTEGER,                     -- NULL: it was not counted, or not known
    became        INTEGER                      -- NULL: it is not counted any more
) STRICT;
CREATE INDEX stock_change_of ON stock_change (stock_id, change_id);
INSERT INTO stock_change (stock_id, read_at, was, became)
SELECT stock_id, strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z', NULL, quantity FROM shop_stock;
CREATE TRIGGER stock_is_known AFTER INSERT ON shop_stock
BEGIN INSERT INTO stock_change (stock_id, read_at, was, became) VALUES (NEW.stock_id, NEW.read_at, NULL, NEW.quantity); END;
-- What we tell lowers the count without a new reading, so that it is no change of the shop's.
CREATE TRIGGER stock_is_read AFTER UPDATE OF quantity, read_at ON shop_stock
WHEN OLD.quantity <> NEW.quantity AND OLD.read_at <> NEW.read_at
BEGIN INSERT INTO stock_change (stock_id, read_at, was, became)
      VALUES (NEW.stock_id, NEW.read_at, OLD.quantity, NEW.quantity); END;
CREATE TRIGGER stock_is_unknown AFTER DELETE ON shop_stock
BEGIN INSERT INTO stock_change (stock_id, read_at, was, became) VALUES (OLD.stock_id, OLD.read_at, OLD.quantity, NULL); END;

-- What the shop says of its orders, of whatever origin, as far as the till needs it.
CREATE TABLE web_order (
    order_id      INTEGER PRIMARY KEY,
    number        TEXT    NOT NULL,
    status        TEXT    NOT NULL,
    sale_id       TEXT    NOT NULL DEFAULT '',  -- of an order that a till made
    customer      TEXT    NOT NULL DEFAULT '',  -- sealed
    total_minor   INTEGER NOT NULL,
    created_at    TEXT    NOT NULL,
    modified_at   TEXT    NOT NULL,
    is_pickup     INTEGER NOT NULL DEFAULT 0 CHECK (is_pickup IN (0, 1)),
    is_gone       INTEGER NOT NULL DEFAULT 0 CHECK (is_gone IN (0, 1))  -- the shop has it no more
) STRICT;
CREATE INDEX web_order_by_sale ON web_order (sale_id) WHERE sale_id <> '';
CREATE TABLE web_order_line (
    order_id      INTEGER NOT NULL REFERENCES web_order ON DELETE CASCADE,
    position      INTEGER NOT NULL,
    product_id    INTEGER,
    parent_id     INTEGER,
    name          TEXT    NOT NULL,
    quantity      INTEGER NOT NULL,
    reduced       INTEGER,                     -- pieces that it took from the shop's count
    PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX web_order_line_of ON web_order_line (product_id, order_id) WHERE product_id IS NOT NULL;

CREATE TABLE coupon (
    coupon_id     INTEGER PRIMARY KEY,
    code          TEXT    NOT NULL,
    body          TEXT    NOT NULL CHECK (json_valid(body))
) STRICT;
CREATE TABLE customer (
    customer_id   INTEGER PRIMARY KEY,
    digest        TEXT    NOT NULL,            -- of what was sealed: says whether it changed
    sealed        TEXT    NOT NULL
) STRICT;

-- A note that the shop's owner shall find on an order.
CREATE TABLE order_note (
    note_id       INTEGER PRIMARY KEY,
    order_id      INTEGER NOT NULL,
    body          TEXT    NOT NULL CHECK (body <> ''),
    state         TEXT    NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'sent', 'parked')),
    posted_at     TEXT,
    attempts      INTEGER NOT NULL DEFAULT 0,
    next_try_at   TEXT
) STRICT;
CREATE INDEX order_note_open ON order_note (note_id) WHERE state = 'due';

-- Which way out of an oversell was taken, and why.
ALTER TABLE oversold ADD COLUMN way TEXT NOT NULL DEFAULT ''
    CHECK (way IN ('', 'back-order', 'swap', 'refund', 'other-branch', 'found'));
ALTER TABLE oversold ADD COLUMN way_note TEXT NOT NULL DEFAULT '';

ALTER TABLE product ADD COLUMN image_url TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN low_stock_amount INTEGER;
ALTER TABLE product ADD COLUMN barcode TEXT NOT NULL DEFAULT '';  -- as the owner typed it, wrong ones too

-- on_hand = the shop's count, less what was sold here and it has not heard, plus what came back here and it has not
-- heard, plus what is held back from the web. Available is that less what is reserved on sales set aside.
DROP VIEW product_now;
CREATE VIEW product_now AS
SELECT p.product_id, p.parent_id, p.name, p.tile_name, p.sku,
    coalesce(p.number, iif(EXISTS (SELECT 1 FROM product AS q WHERE q.number = p.product_id), NULL, p.product_id))
        AS number, p.gtin, p.price_minor, p.regular_price_minor, p.sale_price_minor, p.sale_from, p.sale_until, p.tax_class,
    (SELECT group_concat(c.category_id) FROM product_category AS c WHERE c.product_id = p.product_id) AS category_ids,
    p.manages_stock, p.parent_manages_stock, p.backorders, p.name_key, p.image_url, p.low_stock_amount, p.barcode,
    iif(p.manages_stock OR p.parent_manages_stock,
        (SELECT s.quantity FROM shop_stock AS s WHERE s.stock_id = p.stock_id)
        - coalesce((SELECT u.quantity FROM untold_total AS u WHERE u.stock_id = p.stock_id), 0)
        + coalesce((SELECT sum(m.quantity) FROM untold_move AS m WHERE m.stock_id = p.stock_id), 0)
        + coalesce((SELECT b.quantity FROM held_back AS b WHERE b.stock_id = p.stock_id), 0), NULL) AS on_hand,
    coalesce((SELECT sum(h.quantity) FROM held_stock AS h WHERE h.stock_id = p.stock_id), 0) AS reserved
FROM product AS p;
