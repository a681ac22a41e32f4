"""The till's one file: the only package that knows SQL, apsw and peewee.

Decisions, and where they stand:

- One SQLite file, WAL, synchronous FULL, through apsw, which brings its own SQLite: below 3.51.3 two
  programs that write one file can corrupt it, and Debian 12 ships 3.40. ``database`` refuses an older one.
  Nothing else may open the live file: not the sqlite3 module, not the command line of the system.
- The two programs meet only in this file. Each part of a program opens its own
  :class:`~appliance.storage.database. Database`, in the thread that uses it.
- What is waited for by a finger (a scan, a search, a sale) is SQL on the connection with the statement cache
  on: a sale through peewee's ``create()`` costs eight times as much. Peewee writes the SQL of the quiet
  parts (``tables``), and its apsw_ext opens the connection.
- A sale is one transaction and one sync to the disk. What it writes grows at the end of each table.
- The schema's rules are in ``migrations/``: a screen may have a bug, the file may not.
"""
