-- The first till. Every rule that can be a constraint is one: the screen may have a bug, the file may not.
-- Instants are UTC texts "2026-11-21T14:32:05.123456Z", of one length: they sort as text. Amounts are whole minor units.
-- What grows with each sale is keyed by the journal's sequence: a sale writes the last page of a table, not a random one.

CREATE TABLE identity (
    only_row      INTEGER PRIMARY KEY CHECK (only_row = 1),
    till_id       TEXT    NOT NULL CHECK (length(till_id) = 32),
    series        TEXT    NOT NULL CHECK (series GLOB '[A-Z]*' AND length(series) <= 8),
    currency      TEXT    NOT NULL CHECK (length(currency) = 3),
    made_at       TEXT    NOT NULL
) STRICT;

CREATE TABLE person (
    person_id     INTEGER PRIMARY KEY,
    name          TEXT    NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 40),
    role          TEXT    NOT NULL CHECK (role IN ('cashier', 'manager', 'technician')),
    pin_hash      TEXT    NOT NULL,
    active        INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    failures      INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
    locked_until  TEXT
) STRICT;

-- What the shop says -------------------------------------------------------------------------------------------

CREATE TABLE category (
    category_id   INTEGER PRIMARY KEY,
    name          TEXT    NOT NULL,
    position      INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE product (
    product_id            INTEGER PRIMARY KEY,
    parent_id             INTEGER,
    name                  TEXT    NOT NULL,
    tile_name             TEXT    NOT NULL DEFAULT '',
    sku                   TEXT    NOT NULL DEFAULT '',
    number                INTEGER CHECK (number > 0),  -- only where the SKU is a short number; see product_now
    gtin                  TEXT    CHECK (length(gtin) = 14),
    price_minor           INTEGER NOT NULL,
    regular_price_minor   INTEGER,
    sale_price_minor      INTEGER,
    sale_from             TEXT,
    sale_until            TEXT,
    tax_class             TEXT    NOT NULL DEFAULT 'standard',
    manages_stock         INTEGER NOT NULL CHECK (manages_stock IN (0, 1)),
    parent_manages_stock  INTEGER NOT NULL DEFAULT 0 CHECK (parent_manages_stock IN (0, 1)),
    backorders            INTEGER NOT NULL DEFAULT 0 CHECK (backorders IN (0, 1)),
    name_key              TEXT    NOT NULL,      -- the name in small letters without accents: order and search
    stock_id INTEGER GENERATED ALWAYS AS (iif(parent_manages_stock, coalesce(parent_id, product_id), product_id))
) STRICT;
CREATE INDEX product_by_name   ON product (name_key, product_id);
CREATE INDEX product_by_sku    ON product (sku COLLATE NOCASE) WHERE sku <> '';
CREATE INDEX product_by_gtin   ON product (gtin)   WHERE gtin IS NOT NULL;
CREATE INDEX product_by_number ON product (number) WHERE number IS NOT NULL;
CREATE INDEX product_by_parent ON product (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE product_category (
    category_id   INTEGER NOT NULL,
    name_key      TEXT    NOT NULL,
    product_id    INTEGER NOT NULL REFERENCES product ON DELETE CASCADE,
    PRIMARY KEY (category_id, name_key, product_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX category_of_product ON product_category (product_id);

-- The words by which a product is found: name, SKU, number, categories. Only the index, no second copy of the text.
CREATE VIRTUAL TABLE product_word USING fts5 (words, content = '', contentless_delete = 1, detail = 'none',
    prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2');

-- The shop's last count of a product, less what this till sold and the shop has been told since.
CREATE TABLE shop_stock (
    stock_id      INTEGER PRIMARY KEY,
    quantity      INTEGER NOT NULL,
    read_at       TEXT    NOT NULL
) STRICT;

CREATE TABLE tax_rate (
    tax_class     TEXT    PRIMARY KEY,
    rate_ppm      INTEGER NOT NULL CHECK (rate_ppm BETWEEN 0 AND 1000000),
    label         TEXT    NOT NULL
) STRICT;

-- Facts about the shop and the conversation with it, each a text under a name (storage.shop_facts lists them).
CREATE TABLE shop_fact (
    name          TEXT    PRIMARY KEY,
    value         TEXT    NOT NULL
) STRICT;

-- What the till did -------------------------------------------------------------------------------------------

-- The sale in progress, kept after each touch.
CREATE TABLE draft (
    only_row      INTEGER PRIMARY KEY CHECK (only_row = 1),
    sale_id       TEXT    NOT NULL CHECK (length(sale_id) = 32),
    body          TEXT    NOT NULL CHECK (json_valid(body))
) STRICT;

-- Written once, never changed: each entry holds the hash of the one before it.
CREATE TABLE journal (
    seq           INTEGER PRIMARY KEY CHECK (seq > 0),
    kind          TEXT    NOT NULL CHECK (length(kind) BETWEEN 2 AND 40),
    at            TEXT    NOT NULL,
    person_id     INTEGER NOT NULL,
    body          TEXT    NOT NULL CHECK (json_valid(body)),
    previous_hash BLOB    NOT NULL CHECK (length(previous_hash) = 32),
    hash          BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE sale (
    seq             INTEGER PRIMARY KEY REFERENCES journal (seq),
    sale_id         TEXT    NOT NULL UNIQUE CHECK (length(sale_id) = 32),
    series          TEXT    NOT NULL,
    number          INTEGER NOT NULL CHECK (number > 0),
    opened_at       TEXT    NOT NULL,
    completed_at    TEXT    NOT NULL,
    person_id       INTEGER NOT NULL,
    person_name     TEXT    NOT NULL,
    prices_include_tax INTEGER NOT NULL CHECK (prices_include_tax IN (0, 1)),
    total_minor     INTEGER NOT NULL CHECK (total_minor >= 0),
    tax_minor       INTEGER NOT NULL,
    rounding_minor  INTEGER NOT NULL DEFAULT 0,
    change_minor    INTEGER NOT NULL DEFAULT 0 CHECK (change_minor >= 0),
    voided_lines    INTEGER NOT NULL DEFAULT 0 CHECK (voided_lines >= 0),
    voided_minor    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (series, number)
) STRICT;

CREATE TABLE sale_line (
    seq              INTEGER NOT NULL REFERENCES sale,
    position         INTEGER NOT NULL CHECK (position > 0),
    product_id       INTEGER,
    parent_id        INTEGER,
    stock_id         INTEGER,
    name             TEXT    NOT NULL,
    number           INTEGER,
    sku              TEXT    NOT NULL DEFAULT '',
    barcode          TEXT    NOT NULL DEFAULT '',
    quantity         INTEGER NOT NULL CHECK (quantity > 0),
    unit_price_minor INTEGER NOT NULL,
    tax_class        TEXT    NOT NULL,
    rate_ppm         INTEGER NOT NULL CHECK (rate_ppm >= 0),
    tax_label        TEXT    NOT NULL DEFAULT '',
    tax_minor        INTEGER NOT NULL,
    weight_grams     INTEGER,
    note             TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (seq, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE sale_tender (
    seq           INTEGER NOT NULL REFERENCES sale,
    position      INTEGER NOT NULL CHECK (position > 0),
    kind          TEXT    NOT NULL CHECK (kind IN ('cash', 'card')),
    amount_minor  INTEGER NOT NULL CHECK (amount_minor >= 0),
    given_minor   INTEGER NOT NULL CHECK (given_minor >= amount_minor),
    reference     TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (seq, position),
    CHECK (kind = 'cash' OR given_minor = amount_minor)
) STRICT, WITHOUT ROWID;

-- Pieces sold here that the shop's count does not know of: appended by a sale, gone once the shop holds its order. On
-- hand = shop_stock.quantity less these. They repeat sale_line and outbox: a scan need not add up a week's backlog.
CREATE TABLE untold_stock (
    stock_id      INTEGER NOT NULL,
    seq           INTEGER NOT NULL,
    quantity      INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (stock_id, seq)
) STRICT, WITHOUT ROWID;

-- What the shop has yet to hear, and how far each telling has come (see sync.upload).
CREATE TABLE outbox (
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
    CHECK (state IN ('due', 'parked') OR order_id IS NOT NULL), CHECK (state <> 'due' OR order_id IS NULL),
    CHECK (state <> 'sent' OR sent_at IS NOT NULL), CHECK (state <> 'parked' OR reason <> '')
) STRICT;
CREATE INDEX outbox_open      ON outbox (seq) WHERE state <> 'sent';
CREATE INDEX outbox_unchecked ON outbox (sent_at) WHERE state = 'sent' AND checked_at IS NULL;
CREATE INDEX outbox_problem   ON outbox (seq) WHERE state = 'sent' AND reason <> '';
CREATE UNIQUE INDEX outbox_order ON outbox (order_id) WHERE order_id IS NOT NULL;

-- One row for each piece of paper that was wanted.
CREATE TABLE print_job (
    job_id        INTEGER PRIMARY KEY,
    seq           INTEGER REFERENCES sale,      -- NULL for a report
    body          TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(body)),
    copy          INTEGER NOT NULL DEFAULT 0 CHECK (copy IN (0, 1)),
    state         TEXT    NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'printed', 'unknown', 'failed')),
    wanted_at     TEXT    NOT NULL,
    reason        TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX print_job_open ON print_job (job_id) WHERE state NOT IN ('printed', 'sent');
CREATE INDEX print_job_of_sale ON print_job (seq) WHERE seq IS NOT NULL;

-- A unit that was sold on both sides, with both parties, until a person has seen to it.
CREATE TABLE oversold (
    oversold_id   INTEGER PRIMARY KEY,
    product_id    INTEGER NOT NULL,
    product_name  TEXT    NOT NULL,
    units         INTEGER NOT NULL CHECK (units > 0),
    seq           INTEGER NOT NULL REFERENCES sale,
    order_id      INTEGER,
    order_number  TEXT    NOT NULL DEFAULT '',
    customer      TEXT    NOT NULL DEFAULT '',
    ordered_at    TEXT,
    found_at      TEXT    NOT NULL,
    settled_at    TEXT,
    settled_by    INTEGER,
    UNIQUE (product_id, seq)
) STRICT;

CREATE TRIGGER journal_is_chained BEFORE INSERT ON journal
WHEN NOT coalesce(
    (SELECT seq + 1 = NEW.seq AND hash = NEW.previous_hash FROM journal ORDER BY seq DESC LIMIT 1),
    NEW.seq = 1 AND NEW.previous_hash = zeroblob(32))
BEGIN SELECT raise(ABORT, 'journal: a gap, or a broken chain'); END;
CREATE TRIGGER sale_is_gap_free BEFORE INSERT ON sale
WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM sale WHERE series = NEW.series)
BEGIN SELECT raise(ABORT, 'sale: the receipt number has a gap'); END;

CREATE TRIGGER journal_keeps     BEFORE UPDATE ON journal     BEGIN SELECT raise(ABORT, 'journal: written once'); END;
CREATE TRIGGER journal_stays     BEFORE DELETE ON journal     BEGIN SELECT raise(ABORT, 'journal: written once'); END;
CREATE TRIGGER sale_keeps        BEFORE UPDATE ON sale        BEGIN SELECT raise(ABORT, 'sale: written once'); END;
CREATE TRIGGER sale_stays        BEFORE DELETE ON sale        BEGIN SELECT raise(ABORT, 'sale: written once'); END;
CREATE TRIGGER sale_line_keeps   BEFORE UPDATE ON sale_line   BEGIN SELECT raise(ABORT, 'sale: written once'); END;
CREATE TRIGGER sale_line_stays   BEFORE DELETE ON sale_line   BEGIN SELECT raise(ABORT, 'sale: written once'); END;
CREATE TRIGGER sale_tender_keeps BEFORE UPDATE ON sale_tender BEGIN SELECT raise(ABORT, 'sale: written once'); END;
CREATE TRIGGER sale_tender_stays BEFORE DELETE ON sale_tender BEGIN SELECT raise(ABORT, 'sale: written once'); END;
CREATE TRIGGER outbox_stays      BEFORE DELETE ON outbox      BEGIN SELECT raise(ABORT, 'outbox: never emptied'); END;
CREATE TRIGGER outbox_remembers  BEFORE UPDATE ON outbox WHEN OLD.state = 'sent' AND NEW.state <> 'sent'
BEGIN SELECT raise(ABORT, 'outbox: what was heard stays heard'); END;

-- A product as the till shows it: its short number, its categories, and how many are left.
-- A product whose SKU is no short number goes by the shop's own id, unless another claims that number.
CREATE VIEW product_now AS
SELECT p.product_id, p.parent_id, p.name, p.tile_name, p.sku,
    coalesce(p.number, iif(EXISTS (SELECT 1 FROM product AS q WHERE q.number = p.product_id), NULL, p.product_id))
        AS number, p.gtin, p.price_minor, p.regular_price_minor, p.sale_price_minor, p.sale_from, p.sale_until, p.tax_class,
    (SELECT group_concat(c.category_id) FROM product_category AS c WHERE c.product_id = p.product_id) AS category_ids,
    p.manages_stock, p.parent_manages_stock, p.backorders, p.name_key,
    iif(p.manages_stock OR p.parent_manages_stock,
        (SELECT s.quantity FROM shop_stock AS s WHERE s.stock_id = p.stock_id)
        - coalesce((SELECT sum(u.quantity) FROM untold_stock AS u WHERE u.stock_id = p.stock_id), 0), NULL) AS on_hand
FROM product AS p;
