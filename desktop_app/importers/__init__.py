"""Formats to import from: one file that declares ``FORMAT`` is one format. Free of Qt.

What they share stands in modules whose names begin with an underscore. Everything in a file is
hostile until it has been looked at; nothing in it is ever run, opened, or used as a path.
"""
