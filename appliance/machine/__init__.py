"""What the till learns from and keeps on its computer, beside the database: clock, keys, and which hardware it is."""
