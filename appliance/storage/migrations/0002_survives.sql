-- What makes the journal a proof: who signed each entry, and what is known of its moment beside the wall clock. Entries
-- of the first version stay as they are, unsigned: '' and NULL; after the first signed entry all are signed.
ALTER TABLE journal ADD COLUMN boot_id   TEXT    NOT NULL DEFAULT '' CHECK (boot_id = '' OR length(boot_id) = 32);
ALTER TABLE journal ADD COLUMN uptime_ms INTEGER NOT NULL DEFAULT 0  CHECK (uptime_ms >= 0);
ALTER TABLE journal ADD COLUMN clock     TEXT    NOT NULL DEFAULT '' CHECK (clock IN ('', 'synced', 'restored', 'unset'));
ALTER TABLE journal ADD COLUMN signature BLOB    CHECK (length(signature) = 64);

-- Everything but sales by its kind; a question has to say "kind <> 'sale'" too, or the index is not seen.
CREATE INDEX journal_by_kind ON journal (kind, seq) WHERE kind <> 'sale';

DROP TRIGGER journal_is_chained;
CREATE TRIGGER journal_is_chained BEFORE INSERT ON journal
WHEN NOT coalesce(
    (SELECT seq + 1 = NEW.seq AND hash = NEW.previous_hash AND (signature IS NULL OR NEW.signature IS NOT NULL)
     FROM journal ORDER BY seq DESC LIMIT 1),
    NEW.seq = 1 AND NEW.previous_hash = zeroblob(32))
BEGIN SELECT raise(ABORT, 'journal: a gap, a broken chain, or no signature'); END;

-- Which hardware each receipt series belongs to. The last row is now; identity is the first, and stays.
CREATE TABLE binding (
    seq           INTEGER PRIMARY KEY REFERENCES journal (seq),
    till_id       TEXT    NOT NULL UNIQUE CHECK (length(till_id) = 32),
    series        TEXT    NOT NULL UNIQUE CHECK (series GLOB '[A-Z]*' AND length(series) <= 8),
    hardware_id   TEXT    NOT NULL CHECK (length(hardware_id) = 64),
    bound_at      TEXT    NOT NULL
) STRICT;

-- Sales that were set aside, to be recalled by name or time.
CREATE TABLE held_sale (
    sale_id       TEXT    PRIMARY KEY CHECK (length(sale_id) = 32),
    body          TEXT    NOT NULL CHECK (json_valid(body)),
    held_at       TEXT    NOT NULL,
    person_id     INTEGER NOT NULL,
    note          TEXT    NOT NULL DEFAULT ''
) STRICT;

-- Money back, with the sale that it belongs to, or without one. Numbers come from the same row as those of sales: see
-- receipt_is_gap_free.
CREATE TABLE refund (
    seq             INTEGER PRIMARY KEY REFERENCES journal (seq),
    refund_id       TEXT    NOT NULL UNIQUE CHECK (length(refund_id) = 32),
    of_seq          INTEGER REFERENCES sale (seq),
    series          TEXT    NOT NULL,
    number          INTEGER NOT NULL CHECK (number > 0),
    completed_at    TEXT    NOT NULL,
    person_id       INTEGER NOT NULL,
    approved_by     INTEGER,
    total_minor     INTEGER NOT NULL CHECK (total_minor >= 0),
    tax_minor       INTEGER NOT NULL,
    rounding_minor  INTEGER NOT NULL DEFAULT 0,   -- what cash rounding added to what left the drawer
    tender          TEXT    NOT NULL CHECK (tender IN ('cash', 'card')),
    reason          TEXT    NOT NULL CHECK (reason <> ''),
    UNIQUE (series, number),
    CHECK (of_seq IS NOT NULL OR approved_by IS NOT NULL)
) STRICT;
CREATE INDEX refund_of_sale ON refund (of_seq) WHERE of_seq IS NOT NULL;

CREATE TABLE refund_line (
    seq              INTEGER NOT NULL REFERENCES refund,
    position         INTEGER NOT NULL CHECK (position > 0),
    of_position      INTEGER,
    product_id       INTEGER,
    stock_id         INTEGER,
    name             TEXT    NOT NULL,
    quantity         INTEGER NOT NULL CHECK (quantity > 0),
    amount_minor     INTEGER NOT NULL CHECK (amount_minor >= 0),
    rate_ppm         INTEGER NOT NULL CHECK (rate_ppm >= 0),
    tax_label        TEXT    NOT NULL DEFAULT '',
    tax_minor        INTEGER NOT NULL,
    PRIMARY KEY (seq, position)
) STRICT, WITHOUT ROWID;

-- What the shop has yet to hear of refunds.
CREATE TABLE refund_outbox (
    seq           INTEGER PRIMARY KEY REFERENCES refund,
    state         TEXT    NOT NULL CHECK (state IN ('due', 'sent', 'parked')),
    reason        TEXT    NOT NULL DEFAULT ''
) STRICT;

-- Money into or out of the drawer without a sale.
CREATE TABLE cash_move (
    seq           INTEGER PRIMARY KEY REFERENCES journal (seq),
    kind          TEXT    NOT NULL CHECK (kind IN ('float', 'paid-in', 'paid-out')),
    amount_minor  INTEGER NOT NULL CHECK (amount_minor > 0),
    reason        TEXT    NOT NULL DEFAULT '',
    person_id     INTEGER NOT NULL
) STRICT;

-- The closing of a day. It covers the journal's entries first_seq to last_seq, and no entry is in two of them.
CREATE TABLE z_report (
    seq               INTEGER PRIMARY KEY REFERENCES journal (seq),
    number            INTEGER NOT NULL UNIQUE CHECK (number > 0),
    first_seq         INTEGER NOT NULL,
    last_seq          INTEGER NOT NULL CHECK (last_seq >= first_seq - 1),
    sales             INTEGER NOT NULL CHECK (sales >= 0),
    total_minor       INTEGER NOT NULL,
    refunds           INTEGER NOT NULL CHECK (refunds >= 0),
    refunded_minor    INTEGER NOT NULL CHECK (refunded_minor >= 0),
    grand_total_minor INTEGER NOT NULL,           -- of all sales less all refunds since the till was set up
    head_hash         BLOB    NOT NULL CHECK (length(head_hash) = 32)  -- of entry last_seq: what the paper proves
) STRICT;

-- A sale that was made on other hardware is told by the claiming protocol (sync.steps says why).
ALTER TABLE outbox ADD COLUMN inherited INTEGER NOT NULL DEFAULT 0 CHECK (inherited IN (0, 1));
ALTER TABLE outbox ADD COLUMN claim_id  INTEGER CHECK (claim_id > 0);
CREATE INDEX outbox_claim ON outbox (seq) WHERE claim_id IS NOT NULL;

-- Sales and refunds share one row of numbers: a receipt number is never used twice, whatever it is for.
DROP TRIGGER sale_is_gap_free;
CREATE TRIGGER sale_is_gap_free BEFORE INSERT ON sale
WHEN NEW.number <> 1 + max(coalesce((SELECT max(number) FROM sale   WHERE series = NEW.series), 0),
                           coalesce((SELECT max(number) FROM refund WHERE series = NEW.series), 0))
BEGIN SELECT raise(ABORT, 'sale: the receipt number has a gap'); END;
CREATE TRIGGER refund_is_gap_free BEFORE INSERT ON refund
WHEN NEW.number <> 1 + max(coalesce((SELECT max(number) FROM sale   WHERE series = NEW.series), 0),
                           coalesce((SELECT max(number) FROM refund WHERE series = NEW.series), 0))
BEGIN SELECT raise(ABORT, 'refund: the receipt number has a gap'); END;
-- Nobody gets back more of a line than was sold, in however many refunds.
CREATE TRIGGER refund_line_is_covered BEFORE INSERT ON refund_line
WHEN NEW.of_position IS NOT NULL AND NEW.quantity + coalesce((
        SELECT sum(l.quantity) FROM refund_line AS l JOIN refund AS r USING (seq)
        WHERE r.of_seq = (SELECT of_seq FROM refund WHERE seq = NEW.seq) AND l.of_position = NEW.of_position), 0)
    > coalesce((SELECT quantity FROM sale_line
        WHERE seq = (SELECT of_seq FROM refund WHERE seq = NEW.seq) AND position = NEW.of_position), 0)
BEGIN SELECT raise(ABORT, 'refund: more than was sold'); END;
CREATE TRIGGER z_report_is_next BEFORE INSERT ON z_report
WHEN NOT coalesce(
    (SELECT number + 1 = NEW.number AND seq + 1 = NEW.first_seq FROM z_report ORDER BY number DESC LIMIT 1),
    NEW.number = 1 AND NEW.first_seq = 1) OR NEW.last_seq <> NEW.seq - 1
BEGIN SELECT raise(ABORT, 'z report: a gap'); END;

CREATE TRIGGER binding_keeps     BEFORE UPDATE ON binding     BEGIN SELECT raise(ABORT, 'binding: written once'); END;
CREATE TRIGGER binding_stays     BEFORE DELETE ON binding     BEGIN SELECT raise(ABORT, 'binding: written once'); END;
CREATE TRIGGER refund_keeps      BEFORE UPDATE ON refund      BEGIN SELECT raise(ABORT, 'refund: written once'); END;
CREATE TRIGGER refund_stays      BEFORE DELETE ON refund      BEGIN SELECT raise(ABORT, 'refund: written once'); END;
CREATE TRIGGER refund_line_keeps BEFORE UPDATE ON refund_line BEGIN SELECT raise(ABORT, 'refund: written once'); END;
CREATE TRIGGER refund_line_stays BEFORE DELETE ON refund_line BEGIN SELECT raise(ABORT, 'refund: written once'); END;
CREATE TRIGGER cash_move_keeps   BEFORE UPDATE ON cash_move   BEGIN SELECT raise(ABORT, 'cash: written once'); END;
CREATE TRIGGER cash_move_stays   BEFORE DELETE ON cash_move   BEGIN SELECT raise(ABORT, 'cash: written once'); END;
CREATE TRIGGER z_report_keeps    BEFORE UPDATE ON z_report    BEGIN SELECT raise(ABORT, 'z report: written once'); END;
CREATE TRIGGER z_report_stays    BEFORE DELETE ON z_report    BEGIN SELECT raise(ABORT, 'z report: written once'); END;
CREATE TRIGGER refund_outbox_stays BEFORE DELETE ON refund_outbox
BEGIN SELECT raise(ABORT, 'outbox: never emptied'); END;
