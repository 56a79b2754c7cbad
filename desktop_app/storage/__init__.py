"""Conversations in SQLite, behind one worker thread. Only here is SQLite imported."""
