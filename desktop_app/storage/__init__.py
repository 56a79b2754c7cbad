"""Keeps conversations in SQLite. The only room that imports apsw; it knows no wire and no window."""
