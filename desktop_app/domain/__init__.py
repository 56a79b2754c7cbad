"""Nouns of the program: messages, conversations, deltas, connections, errors.

Pure values on the standard library alone. Nothing here knows the wire, the database or the window.
"""
