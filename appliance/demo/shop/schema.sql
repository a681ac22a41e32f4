-- The demo's shop. Products and orders share their numbers, as WordPress's posts do; instants are UTC to the second.

CREATE TABLE post (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    kind            TEXT    NOT NULL
);

CREATE TABLE setting (
    section         TEXT    NOT NULL,
    id              TEXT    PRIMARY KEY,
    value           TEXT    NOT NULL
);

CREATE TABLE tax_class (
    slug            TEXT    PRIMARY KEY,
    name            TEXT    NOT NULL
);

CREATE TABLE tax_rate (
    id              INTEGER PRIMARY KEY,
    country         TEXT    NOT NULL DEFAULT '',
    state           TEXT    NOT NULL DEFAULT '',
    rate            TEXT    NOT NULL,
    name            TEXT    NOT NULL DEFAULT 'Tax',
    priority        INTEGER NOT NULL DEFAULT 1,
    compound        INTEGER NOT NULL DEFAULT 0,
    shipping        INTEGER NOT NULL DEFAULT 1,
    class           TEXT    NOT NULL DEFAULT 'standard'
);

CREATE TABLE category (
    id              INTEGER PRIMARY KEY,
    name            TEXT    NOT NULL,
    slug            TEXT    NOT NULL UNIQUE,
    menu_order      INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE product (
    id              INTEGER PRIMARY KEY,
    parent_id       INTEGER NOT NULL DEFAULT 0,
    type            TEXT    NOT NULL,
    status          TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    sku             TEXT    NOT NULL,
    gtin            TEXT    NOT NULL,
    price           TEXT    NOT NULL,
    regular_price   TEXT    NOT NULL,
    sale_price      TEXT    NOT NULL,
    sale_from       TEXT,
    sale_to         TEXT,
    tax_status      TEXT    NOT NULL,
    tax_class       TEXT    NOT NULL,
    manage_stock    INTEGER NOT NULL,
    stock           INTEGER,
    stock_status    TEXT    NOT NULL,
    backorders      TEXT    NOT NULL,
    attributes      TEXT    NOT NULL,
    image           TEXT    NOT NULL DEFAULT '',
    low_stock       INTEGER,
    total_sales     INTEGER NOT NULL DEFAULT 0,
    created         TEXT    NOT NULL,
    modified        TEXT    NOT NULL
);
CREATE INDEX product_by_parent ON product (parent_id);

CREATE TABLE product_category (
    product_id      INTEGER NOT NULL,
    category_id     INTEGER NOT NULL,
    PRIMARY KEY (product_id, category_id)
) WITHOUT ROWID;

CREATE TABLE shop_order (
    id              INTEGER PRIMARY KEY,
    status          TEXT    NOT NULL,
    created_via     TEXT    NOT NULL,
    transaction_id  TEXT    NOT NULL,
    payment_method  TEXT    NOT NULL,
    payment_title   TEXT    NOT NULL,
    customer_note   TEXT    NOT NULL,
    order_key       TEXT    NOT NULL,
    billing         TEXT    NOT NULL,
    totals          TEXT    NOT NULL,
    stock_reduced   INTEGER NOT NULL DEFAULT 0,
    recorded_sales  INTEGER NOT NULL DEFAULT 0,
    created         TEXT    NOT NULL,
    modified        TEXT    NOT NULL,
    paid            TEXT,
    completed       TEXT
);
CREATE INDEX shop_order_by_origin ON shop_order (created_via);

CREATE TABLE order_item (
    id              INTEGER PRIMARY KEY,
    order_id        INTEGER NOT NULL,
    kind            TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    product_id      INTEGER NOT NULL DEFAULT 0,
    variation_id    INTEGER NOT NULL DEFAULT 0,
    quantity        INTEGER NOT NULL DEFAULT 1,
    tax_class       TEXT    NOT NULL DEFAULT '',
    tax_status      TEXT    NOT NULL DEFAULT 'taxable',
    subtotal        TEXT    NOT NULL DEFAULT '0',
    total           TEXT    NOT NULL DEFAULT '0',
    method_id       TEXT    NOT NULL DEFAULT '',
    meta            TEXT    NOT NULL DEFAULT '[]',
    reduced         INTEGER,
    restocked       INTEGER
);
CREATE INDEX order_item_by_order ON order_item (order_id);
CREATE INDEX order_item_by_product ON order_item (product_id);

CREATE TABLE order_meta (
    id              INTEGER PRIMARY KEY,
    order_id        INTEGER NOT NULL,
    key             TEXT    NOT NULL,
    value           TEXT    NOT NULL
);
CREATE INDEX order_meta_by_order ON order_meta (order_id);

CREATE TABLE order_note (
    id              INTEGER PRIMARY KEY,
    order_id        INTEGER NOT NULL,
    note            TEXT    NOT NULL,
    author          TEXT    NOT NULL,
    created         TEXT    NOT NULL
);

CREATE TABLE order_refund (
    id              INTEGER PRIMARY KEY,
    order_id        INTEGER NOT NULL,
    amount          TEXT    NOT NULL,
    reason          TEXT    NOT NULL,
    lines           TEXT    NOT NULL,
    meta            TEXT    NOT NULL DEFAULT '[]',
    created         TEXT    NOT NULL
);
CREATE INDEX order_refund_by_order ON order_refund (order_id);

CREATE TABLE coupon (
    id              INTEGER PRIMARY KEY,
    status          TEXT    NOT NULL,
    body            TEXT    NOT NULL,
    created         TEXT    NOT NULL,
    modified        TEXT    NOT NULL
);

CREATE TABLE customer (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    body            TEXT    NOT NULL,
    created         TEXT    NOT NULL
);

CREATE TABLE nonce (
    nonce           TEXT    PRIMARY KEY,
    seconds         INTEGER NOT NULL
);
