"""The tables of the quiet parts, for peewee to write their SQL; ``migrations/`` says what they are.

The classes are bound to no database: a query is written here and run by ``Database.ask`` and
``Database.write``, so that two threads with two connections never share one.
"""

from __future__ import annotations

from peewee import AutoField, BlobField, IntegerField, Model, TextField


class IdentityRow(Model):
    """Which till this is."""

    only_row = IntegerField(primary_key=True)
    till_id = TextField()
    series = TextField()
    currency = TextField()
    made_at = TextField()

    class Meta:
        table_name = "identity"


class PersonRow(Model):
    """Who can sign in."""

    person_id = AutoField()
    name = TextField()
    role = TextField()
    pin_hash = TextField()
    active = IntegerField()
    failures = IntegerField()
    locked_until = TextField(null=True)

    class Meta:
        table_name = "person"


class JournalRow(Model):
    """What happened, in order."""

    seq = IntegerField(primary_key=True)
    kind = TextField()
    at = TextField()
    person_id = IntegerField()
    body = TextField()
    previous_hash = BlobField()
    hash = BlobField()

    class Meta:
        table_name = "journal"


class SaleRow(Model):
    """A completed sale."""

    seq = IntegerField(primary_key=True)
    sale_id = TextField()
    series = TextField()
    number = IntegerField()
    completed_at = TextField()
    person_name = TextField()
    total_minor = IntegerField()

    class Meta:
        table_name = "sale"


class SaleLineRow(Model):
    """A line of a completed sale."""

    seq = IntegerField()
    position = IntegerField()
    quantity = IntegerField()

    class Meta:
        table_name = "sale_line"
        primary_key = False


class OutboxRow(Model):
    """How far the telling of a sale has come."""

    seq = IntegerField(primary_key=True)
    state = TextField()
    posted_at = TextField(null=True)
    order_id = IntegerField(null=True)
    committing_at = TextField(null=True)
    sent_at = TextField(null=True)
    checked_at = TextField(null=True)
    attempts = IntegerField()
    next_try_at = TextField(null=True)
    reason = TextField()

    class Meta:
        table_name = "outbox"


class PrintJobRow(Model):
    """A piece of paper that was wanted."""

    job_id = AutoField()
    seq = IntegerField(null=True)
    body = TextField()
    copy = IntegerField()
    state = TextField()
    wanted_at = TextField()
    reason = TextField()

    class Meta:
        table_name = "print_job"
