"""Verbs of the program: a turn, a session, the tasks that carry them. No Qt, no SDK, no SQL."""
